package dev.podpath.core.proxy.walk;

import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The packets for which a walk goes just as it does for one of them: ranges of its addresses and ports. A walk that keeps
 * one narrows it at every test of a field that still has its original value, so the definition of a test is also what
 * partitions. Numbers of two words are without sign; a port is in the lower one. For one thread.
 */
public final class Box {
    /** The field of source addresses. */
    public static final int SOURCE = 0;
    /** The field of destination addresses. */
    public static final int DESTINATION = 1;
    /** The field of source ports. */
    public static final int SOURCE_PORT = 2;
    /** The field of destination ports. */
    public static final int DESTINATION_PORT = 3;

    private static final int[] FIELDS = {DESTINATION, DESTINATION_PORT, SOURCE, SOURCE_PORT};

    private final long[] firstHigh = new long[4];
    private final long[] firstLow = new long[4];
    private final long[] lastHigh = new long[4];
    private final long[] lastLow = new long[4];

    /** Every packet of a family. */
    public static Box all(boolean v6) {
        Box box = new Box();
        for (int field = SOURCE; field <= DESTINATION; field++) {
            box.lastHigh[field] = v6 ? -1L : 0;
            box.lastLow[field] = v6 ? -1L : 0xFFFF_FFFFL;
        }
        box.firstLow[SOURCE_PORT] = 1;
        box.lastLow[SOURCE_PORT] = 65535;
        box.lastLow[DESTINATION_PORT] = 65535;
        return box;
    }

    /** The same packets, to be narrowed on its own. */
    public Box copy() {
        Box copy = new Box();
        System.arraycopy(firstHigh, 0, copy.firstHigh, 0, 4);
        System.arraycopy(firstLow, 0, copy.firstLow, 0, 4);
        System.arraycopy(lastHigh, 0, copy.lastHigh, 0, 4);
        System.arraycopy(lastLow, 0, copy.lastLow, 0, 4);
        return copy;
    }

    /** Compares two numbers of two words without sign. */
    public static int compare(long high, long low, long otherHigh, long otherLow) {
        int first = Long.compareUnsigned(high, otherHigh);
        return first != 0 ? first : Long.compareUnsigned(low, otherLow);
    }

    /** The first value of a field: its upper half. */
    public long firstHigh(int field) {
        return firstHigh[field];
    }

    /** The first value of a field: its lower half. */
    public long firstLow(int field) {
        return firstLow[field];
    }

    /** The last value of a field: its upper half. */
    public long lastHigh(int field) {
        return lastHigh[field];
    }

    /** The last value of a field: its lower half. */
    public long lastLow(int field) {
        return lastLow[field];
    }

    /** Narrows a field to a range or, where the value is not in it, to the side of it the value is on. */
    public void narrow(int field, long high, long low, long fromHigh, long fromLow, long toHigh, long toLow) {
        if (compare(high, low, fromHigh, fromLow) < 0) {
            atMost(field, fromLow == 0 ? fromHigh - 1 : fromHigh, fromLow - 1);
        } else if (compare(high, low, toHigh, toLow) > 0) {
            atLeast(field, toLow == -1L ? toHigh + 1 : toHigh, toLow + 1);
        } else {
            atLeast(field, fromHigh, fromLow);
            atMost(field, toHigh, toLow);
        }
    }

    /** Takes from a field what is below a value. */
    public void atLeast(int field, long high, long low) {
        if (compare(high, low, firstHigh[field], firstLow[field]) > 0) {
            firstHigh[field] = high;
            firstLow[field] = low;
        }
    }

    /** Takes from a field what is above a value. */
    public void atMost(int field, long high, long low) {
        if (compare(high, low, lastHigh[field], lastLow[field]) < 0) {
            lastHigh[field] = high;
            lastLow[field] = low;
        }
    }

    /** Narrows a field to one value. */
    public void pin(int field, long high, long low) {
        atLeast(field, high, low);
        atMost(field, high, low);
    }

    /** Makes the field what it is in another box. */
    private void take(int field, Box other) {
        firstHigh[field] = other.firstHigh[field];
        firstLow[field] = other.firstLow[field];
        lastHigh[field] = other.lastHigh[field];
        lastLow[field] = other.lastLow[field];
    }

    /** Whether a field has one value only. */
    public boolean isSingle(int field) {
        return firstHigh[field] == lastHigh[field] && firstLow[field] == lastLow[field];
    }

    /**
     * Cuts the packets of another box out of this one, which holds them all.
     *
     * @param rest takes boxes that hold what is left; none of them is this one
     */
    public void without(Box same, Deque<Box> rest) {
        Box left = this;
        for (int field : FIELDS) {
            Box below = left.below(field, same);
            if (below != null) {
                rest.push(below);
            }
            Box above = left.above(field, same);
            if (above != null) {
                rest.push(above);
            }
            if (below != null || above != null) {
                left = left.copy();
                left.take(field, same);
            }
        }
    }

    /** The part of a field below the other box, or null where there is none; the other box lies within this one. */
    private @Nullable Box below(int field, Box other) {
        if (compare(firstHigh[field], firstLow[field], other.firstHigh[field], other.firstLow[field]) >= 0) {
            return null;
        }
        Box part = copy();
        long low = other.firstLow[field];
        part.lastHigh[field] = low == 0 ? other.firstHigh[field] - 1 : other.firstHigh[field];
        part.lastLow[field] = low - 1;
        return part;
    }

    /** The part of a field above the other box, or null where there is none. */
    private @Nullable Box above(int field, Box other) {
        if (compare(lastHigh[field], lastLow[field], other.lastHigh[field], other.lastLow[field]) <= 0) {
            return null;
        }
        Box part = copy();
        long low = other.lastLow[field];
        part.firstHigh[field] = low == -1L ? other.lastHigh[field] + 1 : other.lastHigh[field];
        part.firstLow[field] = low + 1;
        return part;
    }
}
