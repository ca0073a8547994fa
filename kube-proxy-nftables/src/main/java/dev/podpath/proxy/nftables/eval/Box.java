package dev.podpath.proxy.nftables.eval;

import org.jspecify.annotations.Nullable;

/**
 * The packets for which a walk goes just as it does for one of them: ranges of its addresses and ports. A walk that keeps
 * one narrows it at every test of a field that still has its original value, so the definition of a test is also what
 * partitions.
 */
final class Box {
    static final int SOURCE = 0;
    static final int DESTINATION = 1;
    static final int SOURCE_PORT = 2;
    static final int DESTINATION_PORT = 3;

    private final long[] firstHigh = new long[4];
    private final long[] firstLow = new long[4];
    private final long[] lastHigh = new long[4];
    private final long[] lastLow = new long[4];

    /** Every packet of a family. */
    static Box all(boolean v6) {
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

    Box copy() {
        Box copy = new Box();
        System.arraycopy(firstHigh, 0, copy.firstHigh, 0, 4);
        System.arraycopy(firstLow, 0, copy.firstLow, 0, 4);
        System.arraycopy(lastHigh, 0, copy.lastHigh, 0, 4);
        System.arraycopy(lastLow, 0, copy.lastLow, 0, 4);
        return copy;
    }

    static int compare(long high, long low, long otherHigh, long otherLow) {
        int first = Long.compareUnsigned(high, otherHigh);
        return first != 0 ? first : Long.compareUnsigned(low, otherLow);
    }

    long firstHigh(int field) {
        return firstHigh[field];
    }

    long firstLow(int field) {
        return firstLow[field];
    }

    long lastHigh(int field) {
        return lastHigh[field];
    }

    long lastLow(int field) {
        return lastLow[field];
    }

    /** Narrows a field to a range or, where the value is not in it, to the side of it the value is on. */
    void narrow(int field, long high, long low, long fromHigh, long fromLow, long toHigh, long toLow) {
        if (compare(high, low, fromHigh, fromLow) < 0) {
            atMost(field, fromLow == 0 ? fromHigh - 1 : fromHigh, fromLow - 1);
        } else if (compare(high, low, toHigh, toLow) > 0) {
            atLeast(field, toLow == -1L ? toHigh + 1 : toHigh, toLow + 1);
        } else {
            atLeast(field, fromHigh, fromLow);
            atMost(field, toHigh, toLow);
        }
    }

    void atLeast(int field, long high, long low) {
        if (compare(high, low, firstHigh[field], firstLow[field]) > 0) {
            firstHigh[field] = high;
            firstLow[field] = low;
        }
    }

    void atMost(int field, long high, long low) {
        if (compare(high, low, lastHigh[field], lastLow[field]) < 0) {
            lastHigh[field] = high;
            lastLow[field] = low;
        }
    }

    /** Narrows a field to one value. */
    void pin(int field, long high, long low) {
        atLeast(field, high, low);
        atMost(field, high, low);
    }

    /** Makes the field what it is in another box. */
    void take(int field, Box other) {
        firstHigh[field] = other.firstHigh[field];
        firstLow[field] = other.firstLow[field];
        lastHigh[field] = other.lastHigh[field];
        lastLow[field] = other.lastLow[field];
    }

    boolean isSingle(int field) {
        return firstHigh[field] == lastHigh[field] && firstLow[field] == lastLow[field];
    }

    /** The part of a field below the other box, or null where there is none; the other box lies within this one. */
    @Nullable
    Box below(int field, Box other) {
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
    @Nullable
    Box above(int field, Box other) {
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
