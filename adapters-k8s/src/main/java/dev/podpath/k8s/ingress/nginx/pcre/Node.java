package dev.podpath.k8s.ingress.nginx.pcre;

import java.util.List;

/** A part of an expression. */
sealed interface Node {
    /** One character of a set. */
    record Chars(ByteSet set) implements Node {}

    /** One part after the other; none is the empty expression. */
    record Sequence(List<Node> parts) implements Node {}

    /** One of several, the first that works. */
    record Choice(List<Node> parts) implements Node {}

    /** A part several times; {@code most} is -1 for any number. */
    record Repeat(Node part, int least, int most, boolean lazy) implements Node {}

    /** A capturing group. */
    record Group(int number, Node part) implements Node {}

    /** A part that is not tried again once it matched. */
    record Atomic(Node part) implements Node {}

    /** A look around: ahead, or behind where the part begins by going {@link Back}. */
    record Look(Node part, boolean negative) implements Node {}

    /** Goes back by so many characters, at the beginning of a look behind. */
    record Back(int width) implements Node {}

    /** What a group captured. */
    record Reference(int number, boolean caseless) implements Node {}

    /** A condition on the position. */
    record Assert(At at) implements Node {}

    /** Conditions on a position. */
    enum At {
        /** {@code ^} and {@code \A}. */
        START,
        /** {@code ^} in multi-line mode. */
        LINE_START,
        /** {@code $} and {@code \Z}: the end, or before a newline there. */
        END,
        /** {@code $} in multi-line mode. */
        LINE_END,
        /** {@code \z}. */
        VERY_END,
        /** {@code \b}. */
        WORD_EDGE,
        /** {@code \B}. */
        NO_WORD_EDGE
    }

    /** Whether the part can match without a character. */
    static boolean canBeEmpty(Node node) {
        if (node instanceof Chars) {
            return false;
        }
        if (node instanceof Sequence sequence) {
            return sequence.parts().stream().allMatch(Node::canBeEmpty);
        }
        if (node instanceof Choice choice) {
            return choice.parts().stream().anyMatch(Node::canBeEmpty);
        }
        if (node instanceof Repeat repeat) {
            return repeat.least() == 0 || canBeEmpty(repeat.part());
        }
        if (node instanceof Group group) {
            return canBeEmpty(group.part());
        }
        return !(node instanceof Atomic atomic) || canBeEmpty(atomic.part());
    }

    /** How many characters the part always matches; -1 where that varies. */
    static int width(Node node) {
        if (node instanceof Chars) {
            return 1;
        }
        if (node instanceof Sequence sequence) {
            int sum = 0;
            for (Node part : sequence.parts()) {
                int width = width(part);
                if (width < 0) {
                    return -1;
                }
                sum += width;
            }
            return sum;
        }
        if (node instanceof Choice choice) {
            int first = width(choice.parts().get(0));
            return choice.parts().stream().allMatch(part -> width(part) == first) ? first : -1;
        }
        if (node instanceof Repeat repeat) {
            int width = width(repeat.part());
            return width < 0 || repeat.least() != repeat.most() ? -1 : Math.min(width * repeat.least(), 1 << 20);
        }
        if (node instanceof Group group) {
            return width(group.part());
        }
        if (node instanceof Atomic atomic) {
            return width(atomic.part());
        }
        return node instanceof Reference ? -1 : 0;
    }
}
