package dev.podpath.k8s.ingress.nginx.pcre;

import java.util.Arrays;

/** Runs a {@link Program} on a text. Recursion only for look-arounds and atomic groups, as deep as they are nested. */
final class Machine {
    /** The result of a run that used up its budget. */
    static final int EXHAUSTED = -2;

    private static final int FAILED = -1;

    private final Program program;
    private final String text;
    private final RegexBudget budget;
    private final int[] slots;
    /** Pairs: a program counter and a position to go back to; or a slot, negated, and the value to restore. */
    private int[] stack = new int[128];

    private int top;

    Machine(Program program, String text, RegexBudget budget) {
        this.program = program;
        this.text = text;
        this.budget = budget;
        this.slots = new int[program.slots()];
    }

    /** The first match at or after the beginning: its end, {@link #EXHAUSTED}, or -1 for none. */
    int find() {
        for (int start = 0; start <= text.length(); start++) {
            Arrays.fill(slots, -1);
            top = 0;
            int end = run(0, start);
            if (end != FAILED) {
                slots[0] = start;
                slots[1] = end;
                return end;
            }
        }
        return FAILED;
    }

    /** Beginning or end of a group; -1 where it took no part. */
    int slot(int number) {
        return slots[number];
    }

    private int run(int startPc, int startAt) {
        int base = top;
        int pc = startPc;
        int at = startAt;
        while (true) {
            if (!budget.step()) {
                return EXHAUSTED;
            }
            boolean ok = true;
            switch (program.op(pc)) {
                case Program.CHARS -> {
                    ok = at < text.length() && program.set(program.a(pc)).has(text.charAt(at));
                    at++;
                    pc++;
                }
                case Program.SPLIT -> {
                    push(program.b(pc), at);
                    pc = program.a(pc);
                }
                case Program.JUMP -> pc = program.a(pc);
                case Program.SAVE -> {
                    save(program.a(pc), at);
                    pc++;
                }
                case Program.ASSERT -> {
                    ok = holds(program.condition(program.a(pc)), at);
                    pc++;
                }
                case Program.BACK -> {
                    at -= program.a(pc);
                    ok = at >= 0;
                    pc++;
                }
                case Program.REFERENCE -> {
                    int end = repeated(program.a(pc), program.b(pc) == 1, at);
                    ok = end >= 0;
                    at = end;
                    pc++;
                }
                case Program.UNLESS_MOVED -> pc = slots[program.a(pc)] == at ? program.b(pc) : pc + 1;
                case Program.LOOK, Program.LOOK_NOT, Program.ATOMIC -> {
                    int before = top;
                    int end = run(pc + 1, at);
                    if (end == EXHAUSTED) {
                        return EXHAUSTED;
                    }
                    boolean negative = program.op(pc) == Program.LOOK_NOT;
                    if (negative) {
                        unwind(before);
                    } else {
                        commit(before);
                    }
                    ok = end >= 0 != negative;
                    at = program.op(pc) == Program.ATOMIC ? end : at;
                    pc = program.a(pc);
                }
                default -> {
                    return at;
                }
            }
            if (!ok) {
                while (top > base && stack[top - 2] < 0) {
                    top -= 2;
                    slots[-stack[top] - 1] = stack[top + 1];
                }
                if (top == base) {
                    return FAILED;
                }
                top -= 2;
                pc = stack[top];
                at = stack[top + 1];
            }
        }
    }

    private void push(int first, int second) {
        if (top + 2 > stack.length) {
            stack = Arrays.copyOf(stack, stack.length * 2);
        }
        stack[top++] = first;
        stack[top++] = second;
    }

    private void save(int slot, int at) {
        push(-slot - 1, slots[slot]);
        slots[slot] = at;
    }

    /** Forgets the ways back down to here, but not what to restore when going further back. */
    private void commit(int to) {
        int kept = to;
        for (int i = to; i < top; i += 2) {
            if (stack[i] < 0) {
                stack[kept] = stack[i];
                stack[kept + 1] = stack[i + 1];
                kept += 2;
            }
        }
        top = kept;
    }

    /** Goes back to here. */
    private void unwind(int to) {
        while (top > to) {
            top -= 2;
            if (stack[top] < 0) {
                slots[-stack[top] - 1] = stack[top + 1];
            }
        }
    }

    private int repeated(int group, boolean caseless, int at) {
        int from = slots[2 * group];
        int to = slots[2 * group + 1];
        if (from < 0 || to < 0) {
            return FAILED;
        }
        for (int i = from; i < to; i++) {
            int here = at + i - from;
            if (here >= text.length() || !budget.step()) {
                return FAILED;
            }
            char a = text.charAt(i);
            char b = text.charAt(here);
            boolean same = a == b || caseless && ByteSet.isLetter(a) && (a ^ 0x20) == b;
            if (!same) {
                return FAILED;
            }
        }
        return at + to - from;
    }

    private boolean holds(Node.At condition, int at) {
        int length = text.length();
        return switch (condition) {
            case START -> at == 0;
            case LINE_START -> at == 0 || at < length && text.charAt(at - 1) == '\n';
            case END -> at == length || at == length - 1 && text.charAt(at) == '\n';
            case LINE_END -> at == length || text.charAt(at) == '\n';
            case VERY_END -> at == length;
            case WORD_EDGE -> isWord(at - 1) != isWord(at);
            case NO_WORD_EDGE -> isWord(at - 1) == isWord(at);
        };
    }

    private boolean isWord(int index) {
        return index >= 0 && index < text.length() && ByteSet.isWord(text.charAt(index));
    }
}
