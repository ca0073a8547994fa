package dev.podpath.core.net;

import java.util.Arrays;

/** Adds single addresses to a set and takes them out, in place. For use by one thread, again and again. */
public final class AddressSetEditor {
    private static final int WORDS = 4;

    private boolean v6;
    private long[] bounds = new long[16 * WORDS];
    private int length;

    /** An empty set of IPv4 addresses. */
    public AddressSetEditor() {}

    /** Begins with the addresses of a set. */
    public void start(AddressSet from) {
        v6 = from.isV6();
        length = 0;
        room(WORDS * from.rangeCount());
        length = WORDS * from.rangeCount();
        for (int i = 0; i < from.rangeCount(); i++) {
            put(WORDS * i, from.firstHigh(i), from.firstLow(i));
            put(WORDS * i + 2, from.lastHigh(i), from.lastLow(i));
        }
    }

    /** Adds an address that is not in the set, by its halves. */
    public void plus(long high, long low) {
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

    /** Takes an address out that is in the set. */
    public void without(long high, long low) {
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

    /** What is in the set now. */
    public AddressSet set() {
        return AddressSet.ofBounds(v6, Arrays.copyOf(bounds, length));
    }

    private void put(int at, long high, long low) {
        bounds[at] = high;
        bounds[at + 1] = low;
    }

    /** The range that holds an address, or would be the next after it. */
    private int place(long high, long low) {
        int at = 0;
        while (at < length && isBefore(bounds[at + 2], bounds[at + 3], high, low)) {
            at += WORDS;
        }
        return at;
    }

    private static boolean isBefore(long high, long low, long otherHigh, long otherLow) {
        return high == otherHigh ? Long.compareUnsigned(low, otherLow) < 0 : Long.compareUnsigned(high, otherHigh) < 0;
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
