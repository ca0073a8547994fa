package dev.podpath.proxy.iptables.rule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers for names that stand in a text: an open-addressing hash of places in the text, so that hundreds of thousands
 * of names cost no objects.
 */
public final class Names {
    private static final long LOW = 0xFFFF_FFFFL;

    private final byte[] text;

    /** Where each name begins, in the upper half, and how long it is. */
    private long[] places;

    /** The hash of a name in the upper half, so that hardly any other name is looked at, and its number plus one. */
    private long[] slots;

    private int count;

    /** No names yet, of this text. */
    public Names(byte[] text, int expected) {
        this.text = text;
        int capacity = Math.max(8, expected);
        this.places = new long[capacity];
        this.slots = new long[Integer.highestOneBit(capacity * 2 - 1) * 2];
    }

    /** How many names there are. */
    public int count() {
        return count;
    }

    /** The number of the name at this place, or -1. */
    public int find(int from, int to, int hash) {
        return find(text, from, to, hash);
    }

    /** The number of this name, or -1. */
    public int find(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return find(bytes, 0, bytes.length, WordHash.of(bytes, 0, bytes.length));
    }

    private int find(byte[] bytes, int from, int to, int hash) {
        int mask = slots.length - 1;
        for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
            if ((int) (slots[slot] >>> 32) == hash) {
                int id = (int) slots[slot] - 1;
                int offset = offset(id);
                int length = length(id);
                if (length == to - from && WordHash.isSame(text, offset, bytes, from, length)) {
                    return id;
                }
            }
        }
        return -1;
    }

    /** The number of the name at this place, which is a new one where it was not there. */
    public int intern(int from, int to, int hash) {
        int known = find(from, to, hash);
        return known >= 0 ? known : add(from, to, hash);
    }

    private int add(int from, int to, int hash) {
        if (count == places.length) {
            places = Arrays.copyOf(places, count + (count >> 1) + 8);
        }
        if ((count + 1) * 2L > slots.length) {
            grow();
        }
        places[count] = (long) from << 32 | to - from;
        insert((long) hash << 32 | ++count);
        return count - 1;
    }

    private void insert(long entry) {
        int mask = slots.length - 1;
        int slot = (int) (entry >>> 32) & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = entry;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[before.length * 2];
        for (long entry : before) {
            if (entry != 0) {
                insert(entry);
            }
        }
    }

    /** The name of this number. */
    public String name(int id) {
        return new String(text, offset(id), length(id), StandardCharsets.UTF_8);
    }

    /** Where the name begins. */
    public int offset(int id) {
        return (int) (places[id] >>> 32);
    }

    /** How long the name is. */
    public int length(int id) {
        return (int) (places[id] & LOW);
    }
}
