package dev.podpath.proxy.ipvs.table;

import java.util.Arrays;

/** Finds a row by what it is found by: a hash table with open addressing over the rows' own arrays. */
final class ServiceIndex {
    /** Keeps a made-up table from being made of collisions. */
    private static final long SEED = System.nanoTime() * 0x9E37_79B9_7F4A_7C15L;

    private int[] slots = new int[64];
    private int mask = 63;

    ServiceIndex() {
        Arrays.fill(slots, -1);
    }

    static int hash(int kind, long high, long low, int port) {
        long mixed = (SEED ^ high) * 0x9E37_79B9_7F4A_7C15L + (low ^ (long) port << 40 ^ (long) kind << 58);
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8_FEB8_6659_FD93L;
        mixed = (mixed ^ (mixed >>> 29)) * 0xBF58_476D_1CE4_E5B9L;
        return (int) (mixed >>> 32);
    }

    /** Where this hash begins. */
    int start(int hash) {
        return hash & mask;
    }

    /** The slot behind. */
    int after(int slot) {
        return slot + 1 & mask;
    }

    /** The row in a slot, or -1. */
    int row(int slot) {
        return slots[slot];
    }

    /** Puts a row into an empty slot that was met on the way from its hash; grows when half full. */
    void put(int slot, int row, int rows, int[] hashes) {
        slots[slot] = row;
        if (rows * 2 > slots.length) {
            slots = new int[slots.length * 2];
            mask = slots.length - 1;
            Arrays.fill(slots, -1);
            for (int i = 0; i < rows; i++) {
                int at = start(hashes[i]);
                while (slots[at] >= 0) {
                    at = after(at);
                }
                slots[at] = i;
            }
        }
    }
}
