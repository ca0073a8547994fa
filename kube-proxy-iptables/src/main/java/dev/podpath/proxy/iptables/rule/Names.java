package dev.podpath.proxy.iptables.rule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers for names that stand in a text: an open-addressing hash of places in the text, so that hundreds of thousands
 * of names cost no objects.
 */
public final class Names {
    private final byte[] text;
    private int[] offset;
    private int[] length;
    private int[] slots;
    private int count;

    /** No names yet, of this text. */
    public Names(byte[] text, int expected) {
        this.text = text;
        int capacity = Math.max(8, expected);
        this.offset = new int[capacity];
        this.length = new int[capacity];
        this.slots = new int[Integer.highestOneBit(capacity * 2 - 1) * 2];
    }

    /** How many names there are. */
    public int count() {
        return count;
    }

    /** The hash of a name, as the scanner computes it byte by byte. */
    public static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }

    /** The number of the name at this place, or -1. */
    public int find(int from, int to, int hash) {
        return find(text, from, to, hash);
    }

    /** The number of this name, or -1. */
    public int find(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return find(bytes, 0, bytes.length, hash(bytes, 0, bytes.length));
    }

    private int find(byte[] bytes, int from, int to, int hash) {
        int mask = slots.length - 1;
        int slot = spread(hash) & mask;
        while (slots[slot] != 0) {
            int id = slots[slot] - 1;
            if (length[id] == to - from && Arrays.equals(text, offset[id], offset[id] + length[id], bytes, from, to)) {
                return id;
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    /** The number of the name at this place, which is a new one where it was not there. */
    public int intern(int from, int to, int hash) {
        int known = find(from, to, hash);
        return known >= 0 ? known : add(from, to, hash);
    }

    private int add(int from, int to, int hash) {
        if (count == offset.length) {
            int capacity = count + (count >> 1) + 8;
            offset = Arrays.copyOf(offset, capacity);
            length = Arrays.copyOf(length, capacity);
        }
        if ((count + 1) * 3L > slots.length * 2L) {
            rehash(slots.length * 2);
        }
        offset[count] = from;
        length[count] = to - from;
        insert(count, hash);
        return count++;
    }

    private void insert(int id, int hash) {
        int mask = slots.length - 1;
        int slot = spread(hash) & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = id + 1;
    }

    private void rehash(int size) {
        slots = new int[size];
        for (int id = 0; id < count; id++) {
            insert(id, hash(text, offset[id], offset[id] + length[id]));
        }
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E37_79B9;
        return mixed ^ mixed >>> 15;
    }

    /** The name of this number. */
    public String name(int id) {
        return new String(text, offset[id], length[id], StandardCharsets.UTF_8);
    }

    /** Where the name begins. */
    public int offset(int id) {
        return offset[id];
    }

    /** How long the name is. */
    public int length(int id) {
        return length[id];
    }
}
