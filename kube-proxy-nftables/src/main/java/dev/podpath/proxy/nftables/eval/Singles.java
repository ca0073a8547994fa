package dev.podpath.proxy.nftables.eval;

import java.util.Arrays;

/** Numbers for single addresses, found by hash. */
final class Singles {
    private final long[] high;
    private final long[] low;
    private final int[] slots;

    private Singles(long[] high, long[] low) {
        this.high = high;
        this.low = low;
        this.slots = new int[Integer.highestOneBit(Math.max(8, low.length)) * 4];
        for (int i = 0; i < low.length; i++) {
            if (number(high[i], low[i]) < 0) {
                int slot = slot(high[i], low[i]);
                while (slots[slot] != 0) {
                    slot = (slot + 1) & (slots.length - 1);
                }
                slots[slot] = i + 1;
            }
        }
    }

    /** Collects addresses, each as often as it comes. */
    static final class Builder {
        private long[] high = new long[64];
        private long[] low = new long[64];
        private int count;

        void add(long addressHigh, long addressLow) {
            if (count == low.length) {
                high = Arrays.copyOf(high, 2 * count);
                low = Arrays.copyOf(low, 2 * count);
            }
            high[count] = addressHigh;
            low[count++] = addressLow;
        }

        Singles build() {
            return new Singles(Arrays.copyOf(high, count), Arrays.copyOf(low, count));
        }
    }

    private int slot(long addressHigh, long addressLow) {
        long mixed = (addressHigh * 0xFF51_AFD7_ED55_8CCDL + addressLow) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32) & (slots.length - 1);
    }

    /** The number of an address; negative where it is none of these. */
    int number(long addressHigh, long addressLow) {
        int slot = slot(addressHigh, addressLow);
        while (slots[slot] != 0) {
            int at = slots[slot] - 1;
            if (low[at] == addressLow && high[at] == addressHigh) {
                return at;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return -1;
    }
}
