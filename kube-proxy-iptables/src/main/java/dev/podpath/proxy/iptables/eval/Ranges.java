package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;
import java.util.Arrays;

/** A set of numbers of 128 bits without sign, as sorted ranges that neither overlap nor touch. Immutable. */
final class Ranges {
    private static final int WORDS = 4;
    private static final Ranges NONE = new Ranges(new long[0]);

    /** Upper and lower half of the first and of the last number of each range. */
    private final long[] bounds;

    private Ranges(long[] bounds) {
        this.bounds = bounds;
    }

    static Ranges of(long firstHigh, long firstLow, long lastHigh, long lastLow) {
        return new Ranges(new long[] {firstHigh, firstLow, lastHigh, lastLow});
    }

    /** One number. */
    static Ranges single(long high, long low) {
        return of(high, low, high, low);
    }

    /** No number. */
    static Ranges none() {
        return NONE;
    }

    /** From ranges that keep to the order. */
    static Ranges of(long[] bounds) {
        return bounds.length == 0 ? NONE : new Ranges(bounds);
    }

    /** The ranges as words; never to be changed. */
    long[] bounds() {
        return bounds;
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    boolean isSingle() {
        return bounds.length == WORDS && bounds[0] == bounds[2] && bounds[1] == bounds[3];
    }

    long firstHigh() {
        return bounds[0];
    }

    long firstLow() {
        return bounds[1];
    }

    private int compare(int at, long high, long low) {
        return bounds[at] == high ? Long.compareUnsigned(bounds[at + 1], low) : Long.compareUnsigned(bounds[at], high);
    }

    /** The range that holds a number, or would be the next after it, as the place of its words. */
    private int place(long high, long low) {
        if (bounds.length <= 4 * WORDS) {
            int at = 0;
            while (at < bounds.length && compare(at + 2, high, low) < 0) {
                at += WORDS;
            }
            return at;
        }
        int from = 0;
        int to = bounds.length / WORDS;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (compare(WORDS * middle + 2, high, low) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return WORDS * from;
    }

    boolean contains(long high, long low) {
        int at = place(high, low);
        return at < bounds.length && compare(at, high, low) <= 0;
    }

    /** What is in a range, or the same object where everything is. */
    Ranges within(long fromHigh, long fromLow, long toHigh, long toLow) {
        if (bounds.length == 0
                || compare(0, fromHigh, fromLow) >= 0 && compare(bounds.length - 2, toHigh, toLow) <= 0) {
            return this;
        }
        int begin = place(fromHigh, fromLow);
        int end = begin;
        while (end < bounds.length && compare(end, toHigh, toLow) <= 0) {
            end += WORDS;
        }
        if (begin == end) {
            return NONE;
        }
        long[] out = Arrays.copyOfRange(bounds, begin, end);
        Ranges cut = new Ranges(out);
        if (cut.compare(0, fromHigh, fromLow) < 0) {
            out[0] = fromHigh;
            out[1] = fromLow;
        }
        if (cut.compare(out.length - 2, toHigh, toLow) > 0) {
            out[out.length - 2] = toHigh;
            out[out.length - 1] = toLow;
        }
        return cut;
    }

    /** What is outside a range, or the same object where everything is. */
    Ranges without(long fromHigh, long fromLow, long toHigh, long toLow) {
        int begin = place(fromHigh, fromLow);
        int end = begin;
        while (end < bounds.length && compare(end, toHigh, toLow) <= 0) {
            end += WORDS;
        }
        if (begin == end) {
            return this;
        }
        boolean before = compare(begin, fromHigh, fromLow) < 0;
        boolean after = compare(end - 2, toHigh, toLow) > 0;
        int left = (before ? WORDS : 0) + (after ? WORDS : 0);
        long[] out = new long[bounds.length - (end - begin) + left];
        System.arraycopy(bounds, 0, out, 0, begin);
        int at = begin;
        if (before) {
            out[at] = bounds[begin];
            out[at + 1] = bounds[begin + 1];
            out[at + 2] = fromLow == 0 ? fromHigh - 1 : fromHigh;
            out[at + 3] = fromLow - 1;
            at += WORDS;
        }
        if (after) {
            out[at] = toLow == -1L ? toHigh + 1 : toHigh;
            out[at + 1] = toLow + 1;
            out[at + 2] = bounds[end - 2];
            out[at + 3] = bounds[end - 1];
            at += WORDS;
        }
        System.arraycopy(bounds, end, out, at, bounds.length - end);
        return of(out);
    }

    /** With one more number, or the same object where it is there. */
    Ranges plus(long high, long low) {
        if (bounds.length == 0) {
            return single(high, low);
        }
        int begin = place(high, low);
        if (begin < bounds.length && compare(begin, high, low) <= 0) {
            return this;
        }
        boolean after = begin > 0
                && (bounds[begin - 1] == -1L ? bounds[begin - 2] + 1 : bounds[begin - 2]) == high
                && bounds[begin - 1] + 1 == low;
        boolean before = begin < bounds.length
                && (low == -1L ? high + 1 : high) == bounds[begin]
                && low + 1 == bounds[begin + 1];
        int from = after ? begin - WORDS : begin;
        int to = before ? begin + WORDS : begin;
        long[] out = new long[bounds.length + WORDS - (to - from)];
        System.arraycopy(bounds, 0, out, 0, from);
        out[from] = after ? bounds[from] : high;
        out[from + 1] = after ? bounds[from + 1] : low;
        out[from + 2] = before ? bounds[begin + 2] : high;
        out[from + 3] = before ? bounds[begin + 3] : low;
        System.arraycopy(bounds, to, out, from + WORDS, bounds.length - to);
        return of(out);
    }

    /** What is in both, or the same object where all of this is. */
    Ranges and(Ranges other) {
        if (other == this) {
            return this;
        }
        if (other.bounds.length == WORDS) {
            return within(other.bounds[0], other.bounds[1], other.bounds[2], other.bounds[3]);
        }
        if (isSingle()) {
            return other.contains(bounds[0], bounds[1]) ? this : NONE;
        }
        long[] out = new long[bounds.length + other.bounds.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < bounds.length && j < other.bounds.length) {
            boolean laterStart = compare(i, other.bounds[j], other.bounds[j + 1]) >= 0;
            boolean earlierEnd = compare(i + 2, other.bounds[j + 2], other.bounds[j + 3]) <= 0;
            long[] first = laterStart ? bounds : other.bounds;
            int firstAt = laterStart ? i : j;
            long[] last = earlierEnd ? bounds : other.bounds;
            int lastAt = earlierEnd ? i : j;
            out[count] = first[firstAt];
            out[count + 1] = first[firstAt + 1];
            out[count + 2] = last[lastAt + 2];
            out[count + 3] = last[lastAt + 3];
            if (Box.compare(out[count], out[count + 1], out[count + 2], out[count + 3]) <= 0) {
                count += WORDS;
            }
            i += earlierEnd ? WORDS : 0;
            j += earlierEnd ? 0 : WORDS;
        }
        if (count == bounds.length && Arrays.equals(out, 0, count, bounds, 0, count)) {
            return this;
        }
        return of(Arrays.copyOf(out, count));
    }

    /** What is here and not there, or the same object where nothing of this is there. */
    Ranges minus(Ranges other) {
        Ranges left = this;
        for (int at = 0; at < other.bounds.length && left.bounds.length > 0; at += WORDS) {
            left = left.without(other.bounds[at], other.bounds[at + 1], other.bounds[at + 2], other.bounds[at + 3]);
        }
        return left;
    }
}
