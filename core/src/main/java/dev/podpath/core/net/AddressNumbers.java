package dev.podpath.core.net;

import java.util.Arrays;

/**
 * A hash from addresses, as two words, to numbers from 0: what is asked about an address lies in one place in memory. To be filled by
 * one thread; may be asked by several once it is.
 */
public final class AddressNumbers {
    private static final int WIDE = 3;

    /** Of addresses of 32 bits: the address in the upper half, the number and one in the lower; 0 where nothing is. */
    private long[] narrow = new long[16];
    /** Of all others: both halves, then the number and one. */
    private long[] wide = new long[4 * WIDE];

    private int narrowCount;
    private int wideCount;

    /** No addresses yet. */
    public AddressNumbers() {}

    private static int spread(long high, long low) {
        long mixed = (high * 31 + low) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32);
    }

    private static boolean isNarrow(long high, long low) {
        return high == 0 && low >>> 32 == 0;
    }

    /** Remembers a number for an address, unless there is one. */
    public void put(long addressHigh, long addressLow, int number) {
        if (get(addressHigh, addressLow) >= 0) {
            return;
        }
        if (isNarrow(addressHigh, addressLow)) {
            if (++narrowCount * 2 > narrow.length) {
                long[] before = narrow;
                narrow = new long[2 * before.length];
                Arrays.stream(before).filter(entry -> entry != 0).forEach(this::insert);
            }
            insert(addressLow << 32 | number + 1);
        } else {
            if (++wideCount * 2 * WIDE > wide.length) {
                long[] before = wide;
                wide = new long[2 * before.length];
                for (int i = 0; i < before.length; i += WIDE) {
                    if (before[i + 2] != 0) {
                        insert(before[i], before[i + 1], before[i + 2]);
                    }
                }
            }
            insert(addressHigh, addressLow, number + 1);
        }
    }

    private void insert(long entry) {
        int slot = spread(0, entry >>> 32) & narrow.length - 1;
        while (narrow[slot] != 0) {
            slot = slot + 1 & narrow.length - 1;
        }
        narrow[slot] = entry;
    }

    private void insert(long addressHigh, long addressLow, long value) {
        int slot = spread(addressHigh, addressLow) & wide.length / WIDE - 1;
        while (wide[WIDE * slot + 2] != 0) {
            slot = slot + 1 & wide.length / WIDE - 1;
        }
        wide[WIDE * slot] = addressHigh;
        wide[WIDE * slot + 1] = addressLow;
        wide[WIDE * slot + 2] = value;
    }

    /** The number of an address, or -1. */
    public int get(long addressHigh, long addressLow) {
        if (!isNarrow(addressHigh, addressLow)) {
            return wide(addressHigh, addressLow);
        }
        int slot = spread(0, addressLow) & narrow.length - 1;
        long entry = narrow[slot];
        while (entry != 0 && entry >>> 32 != addressLow) {
            slot = slot + 1 & narrow.length - 1;
            entry = narrow[slot];
        }
        return (int) entry - 1;
    }

    private int wide(long addressHigh, long addressLow) {
        int slot = spread(addressHigh, addressLow) & wide.length / WIDE - 1;
        while (wide[WIDE * slot + 2] != 0) {
            if (wide[WIDE * slot] == addressHigh && wide[WIDE * slot + 1] == addressLow) {
                return (int) wide[WIDE * slot + 2] - 1;
            }
            slot = slot + 1 & wide.length / WIDE - 1;
        }
        return -1;
    }

    /** Whether there is no address. */
    public boolean isEmpty() {
        return narrowCount + wideCount == 0;
    }
}
