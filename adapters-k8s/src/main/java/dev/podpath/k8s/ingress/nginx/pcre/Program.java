package dev.podpath.k8s.ingress.nginx.pcre;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An expression as instructions of a backtracking machine. */
final class Program {
    static final int CHARS = 0;
    static final int SPLIT = 1;
    static final int JUMP = 2;
    static final int SAVE = 3;
    static final int ASSERT = 4;
    static final int LOOK = 5;
    static final int LOOK_NOT = 6;
    static final int ATOMIC = 7;
    static final int BACK = 8;
    static final int REFERENCE = 9;
    static final int UNLESS_MOVED = 10;
    static final int DONE = 11;

    private static final int MAX_SIZE = 30_000;
    private static final int MAX_EMITTED = 200_000;
    private static final int MAX_DEPTH = 250;

    private final List<ByteSet> sets = new ArrayList<>();
    private final List<Node.At> conditions = new ArrayList<>();
    private int[] code = new int[96];
    private int size;
    private int slots;
    private int depth;
    private int emitted;

    private Program(int groups) {
        this.slots = 2 * (groups + 1);
    }

    static Program of(Node node, int groups) throws Unsupported {
        Program program = new Program(groups);
        program.emit(node);
        program.add(DONE, 0, 0);
        return program;
    }

    int op(int pc) {
        return code[3 * pc];
    }

    int a(int pc) {
        return code[3 * pc + 1];
    }

    int b(int pc) {
        return code[3 * pc + 2];
    }

    ByteSet set(int index) {
        return sets.get(index);
    }

    Node.At condition(int index) {
        return conditions.get(index);
    }

    /** How many positions the machine keeps: two for each group, one for each loop. */
    int slots() {
        return slots;
    }

    private int add(int op, int a, int b) throws Unsupported {
        if (size >= MAX_SIZE) {
            throw new Unsupported("the expression is too large");
        }
        if (3 * size + 3 > code.length) {
            code = Arrays.copyOf(code, code.length * 2);
        }
        code[3 * size] = op;
        code[3 * size + 1] = a;
        code[3 * size + 2] = b;
        return size++;
    }

    private void emit(Node node) throws Unsupported {
        if (++depth > MAX_DEPTH) {
            throw new Unsupported("the expression is nested too deeply");
        }
        // Parts that make no instruction can be repeated as well.
        if (++emitted > MAX_EMITTED) {
            throw new Unsupported("the expression is too large");
        }
        if (node instanceof Node.Chars chars) {
            sets.add(chars.set());
            add(CHARS, sets.size() - 1, 0);
        } else if (node instanceof Node.Sequence sequence) {
            for (Node part : sequence.parts()) {
                emit(part);
            }
        } else if (node instanceof Node.Choice choice) {
            choice(choice.parts());
        } else if (node instanceof Node.Repeat repeat) {
            repeat(repeat);
        } else if (node instanceof Node.Group group) {
            add(SAVE, 2 * group.number(), 0);
            emit(group.part());
            add(SAVE, 2 * group.number() + 1, 0);
        } else if (node instanceof Node.Atomic atomic) {
            apart(ATOMIC, atomic.part());
        } else if (node instanceof Node.Look look) {
            apart(look.negative() ? LOOK_NOT : LOOK, look.part());
        } else if (node instanceof Node.Back back) {
            add(BACK, back.width(), 0);
        } else if (node instanceof Node.Reference reference) {
            add(REFERENCE, reference.number(), reference.caseless() ? 1 : 0);
        } else if (node instanceof Node.Assert condition) {
            conditions.add(condition.at());
            add(ASSERT, conditions.size() - 1, 0);
        }
        depth--;
    }

    /** A part that is run on its own; the instruction knows where to go on. */
    private void apart(int op, Node part) throws Unsupported {
        int start = add(op, 0, 0);
        emit(part);
        add(DONE, 0, 0);
        code[3 * start + 1] = size;
    }

    private void choice(List<Node> parts) throws Unsupported {
        List<Integer> jumps = new ArrayList<>();
        for (int i = 0; i < parts.size() - 1; i++) {
            int split = add(SPLIT, size + 1, 0);
            emit(parts.get(i));
            jumps.add(add(JUMP, 0, 0));
            code[3 * split + 2] = size;
        }
        emit(parts.get(parts.size() - 1));
        for (int jump : jumps) {
            code[3 * jump + 1] = size;
        }
    }

    private void repeat(Node.Repeat repeat) throws Unsupported {
        for (int i = 0; i < repeat.least(); i++) {
            emit(repeat.part());
        }
        if (repeat.most() < 0) {
            loop(repeat);
            return;
        }
        List<Integer> splits = new ArrayList<>();
        for (int i = repeat.least(); i < repeat.most(); i++) {
            splits.add(add(SPLIT, 0, 0));
            emit(repeat.part());
        }
        int after = size;
        for (int split : splits) {
            aim(split, split + 1, after, repeat.lazy());
        }
    }

    private void loop(Node.Repeat repeat) throws Unsupported {
        boolean guarded = Node.canBeEmpty(repeat.part());
        int slot = guarded ? slots++ : 0;
        int split = add(SPLIT, 0, 0);
        if (guarded) {
            add(SAVE, slot, 0);
        }
        emit(repeat.part());
        // A round that matched nothing ends the loop, or it would go on for ever.
        int check = guarded ? add(UNLESS_MOVED, slot, 0) : -1;
        add(JUMP, split, 0);
        if (check >= 0) {
            code[3 * check + 2] = size;
        }
        aim(split, split + 1, size, repeat.lazy());
    }

    private void aim(int split, int into, int past, boolean lazy) {
        code[3 * split + 1] = lazy ? past : into;
        code[3 * split + 2] = lazy ? into : past;
    }
}
