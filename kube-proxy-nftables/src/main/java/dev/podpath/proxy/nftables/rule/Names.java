package dev.podpath.proxy.nftables.rule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Names of chains or sets as spans of the document, numbered from 0 in the order in which they are met. */
final class Names {
    private final byte[] text;
    private int[] from = new int[16];
    private int[] to = new int[16];
    private int[] hashes = new int[16];
    private int[] slots = new int[64];
    private int count;

    Names(byte[] text) {
        this.text = text;
    }

    int count() {
        return count;
    }

    /** The number of a name that stands in the text; a new one where it was not met before. */
    int number(int start, int end, int hash) {
        int[] table = slots;
        int slot = spread(hash) & (table.length - 1);
        while (table[slot] != 0) {
            int known = table[slot] - 1;
            if (hashes[known] == hash && same(known, start, end)) {
                return known;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return add(start, end, hash);
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E37_79B9;
        return mixed ^ mixed >>> 15;
    }

    private boolean same(int known, int start, int end) {
        return Arrays.equals(text, from[known], to[known], text, start, end);
    }

    private int add(int start, int end, int hash) {
        if (count == from.length) {
            from = Arrays.copyOf(from, count * 2);
            to = Arrays.copyOf(to, count * 2);
            hashes = Arrays.copyOf(hashes, count * 2);
        }
        from[count] = start;
        to[count] = end;
        hashes[count] = hash;
        count++;
        if (count * 2 > slots.length) {
            slots = new int[slots.length * 2];
            for (int i = 0; i < count; i++) {
                insert(i);
            }
        } else {
            insert(count - 1);
        }
        return count - 1;
    }

    private void insert(int number) {
        int slot = spread(hashes[number]) & (slots.length - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = number + 1;
    }

    /** Where it was first met. */
    int place(int number) {
        return from[number];
    }

    String name(int number) {
        return new String(text, from[number], to[number] - from[number], StandardCharsets.UTF_8);
    }
}
