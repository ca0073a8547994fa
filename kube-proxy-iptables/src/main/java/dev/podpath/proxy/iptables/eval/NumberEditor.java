package dev.podpath.proxy.iptables.eval;

import java.util.Arrays;

/** Adds single numbers to sets like {@link Ranges} and takes them out, in place. For use by one thread, again and again. */
final class NumberEditor {
    private static final int WORDS = 4;

    private long[] bounds = new long[16 * WORDS];
    private int length;

    /** Begins with the numbers of a set. */
    void start(Ranges from) {
        long[] first = from.bounds();
        length = first.length;
        room(0);
        System.arraycopy(first, 0, bounds, 0, length);
    }

    /** Adds a number that is not in the set. */
    void plus(long high, long low) {
        int at = place(high, low);
        boolean after = at > 0 && isNext(bounds[at - 2], bounds[at - 1], high, low);
        boolean before = at < length && isNext(high, low, bounds[at], bounds[at + 1]);
        if (after && before) {
            close(at - 2, WORDS);
        } else if (after) {
            put(at - 2, high, low);
        } else if (before) {
            put(at, high, low);
        } else {
            open(at);
            put(at, high, low);
            put(at + 2, high, low);
        }
    }

    /** Takes a number out that is in the set. */
    void without(long high, long low) {
        int at = place(high, low);
        boolean first = bounds[at] == high && bounds[at + 1] == low;
        boolean last = bounds[at + 2] == high && bounds[at + 3] == low;
        if (first && last) {
            close(at, WORDS);
        } else if (first) {
            put(at, low == -1L ? high + 1 : high, low + 1);
        } else if (last) {
            put(at + 2, low == 0 ? high - 1 : high, low - 1);
        } else {
            open(at);
            put(at, bounds[at + 4], bounds[at + 5]);
            put(at + 2, low == 0 ? high - 1 : high, low - 1);
            put(at + 4, low == -1L ? high + 1 : high, low + 1);
        }
    }

    /** The words of what is in the set now, as {@link Ranges#bounds()} has them. */
    long[] bounds() {
        return Arrays.copyOf(bounds, length);
    }

    private void put(int at, long high, long low) {
        bounds[at] = high;
        bounds[at + 1] = low;
    }

    /** The range that holds a number, or would be the next after it. */
    private int place(long high, long low) {
        int at = 0;
        while (at < length && Box.compare(bounds[at + 2], bounds[at + 3], high, low) < 0) {
            at += WORDS;
        }
        return at;
    }

    private static boolean isNext(long high, long low, long nextHigh, long nextLow) {
        return low + 1 == nextLow && (low == -1L ? high + 1 : high) == nextHigh;
    }

    private void open(int at) {
        room(WORDS);
        System.arraycopy(bounds, at, bounds, at + WORDS, length - at);
        length += WORDS;
    }

    private void close(int at, int words) {
        System.arraycopy(bounds, at + words, bounds, at, length - at - words);
        length -= words;
    }

    private void room(int more) {
        if (length + more > bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * (length + more));
        }
    }
}
