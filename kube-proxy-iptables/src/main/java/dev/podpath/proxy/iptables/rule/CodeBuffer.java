package dev.podpath.proxy.iptables.rule;

import java.util.Arrays;

/** Growing words. They stand in parts of one size, so that nothing is copied while they become many. */
public final class CodeBuffer {
    private static final int BITS = 14;
    private static final int PART = 1 << BITS;
    private static final int MASK = PART - 1;
    private static final int FIRST = 16;

    /** All parts but the first are of full size. */
    private int[][] parts = new int[4][];

    /** The part that words are added to. */
    private int[] part = new int[FIRST];

    /** The size from which on the part has no more room. */
    private int limit = FIRST;

    private int size;

    /** An empty buffer. */
    public CodeBuffer() {
        parts[0] = part;
    }

    /** Appends a word. */
    public void add(int word) {
        if (size == limit) {
            grow();
        }
        part[size++ & MASK] = word;
    }

    private void grow() {
        int index = size >> BITS;
        if (size < PART) {
            parts[0] = Arrays.copyOf(parts[0], Math.min(PART, size * 2));
        } else {
            if (index == parts.length) {
                parts = Arrays.copyOf(parts, index * 2);
            }
            parts[index] = new int[PART];
        }
        part = parts[index];
        limit = (index << BITS) + part.length;
    }

    /** Replaces a word. */
    public void set(int index, int word) {
        parts[index >> BITS][index & MASK] = word;
    }

    /** The word at this index. */
    public int get(int index) {
        return parts[index >> BITS][index & MASK];
    }

    /** How many words there are. */
    public int size() {
        return size;
    }

    /** Forgets the words from this index on. */
    public void truncate(int newSize) {
        size = newSize;
        int last = Math.max(0, newSize - 1) >> BITS;
        part = parts[last];
        limit = (last << BITS) + part.length;
    }

    /** The words, without room to grow. */
    public int[] toArray() {
        int[] all = new int[size];
        for (int from = 0; from < size; from += PART) {
            System.arraycopy(parts[from >> BITS], 0, all, from, Math.min(PART, size - from));
        }
        return all;
    }
}
