package dev.podpath.ports.node;

/** A hash from addresses, as two words, to numbers from 0. */
final class AddressNumbers {
    private long[] high = new long[16];
    private long[] low = new long[16];
    private int[] value = new int[16];
    private int count;

    private static int spread(long high, long low) {
        long mixed = (high * 31 + low) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32);
    }

    /** Remembers a number for an address, unless there is one. */
    void put(long addressHigh, long addressLow, int number) {
        if (get(addressHigh, addressLow) >= 0) {
            return;
        }
        if ((count + 1) * 2 > value.length) {
            grow();
        }
        insert(addressHigh, addressLow, number);
        count++;
    }

    private void insert(long addressHigh, long addressLow, int number) {
        int slot = spread(addressHigh, addressLow) & (value.length - 1);
        while (value[slot] != 0) {
            slot = (slot + 1) & (value.length - 1);
        }
        high[slot] = addressHigh;
        low[slot] = addressLow;
        value[slot] = number + 1;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        int[] oldValue = value;
        high = new long[oldHigh.length * 2];
        low = new long[high.length];
        value = new int[high.length];
        for (int i = 0; i < oldValue.length; i++) {
            if (oldValue[i] != 0) {
                insert(oldHigh[i], oldLow[i], oldValue[i] - 1);
            }
        }
    }

    /** The number of an address, or -1. */
    int get(long addressHigh, long addressLow) {
        int slot = spread(addressHigh, addressLow) & (value.length - 1);
        while (value[slot] != 0) {
            if (high[slot] == addressHigh && low[slot] == addressLow) {
                return value[slot] - 1;
            }
            slot = (slot + 1) & (value.length - 1);
        }
        return -1;
    }

    boolean isEmpty() {
        return count == 0;
    }
}
