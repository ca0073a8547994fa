package dev.podpath.proxy.iptables.rule;

import java.util.Arrays;

/** Growing words. */
public final class CodeBuffer {
    private int[] words;
    private int size;

    /** An empty buffer with room for so many words. */
    public CodeBuffer(int capacity) {
        words = new int[Math.max(16, capacity)];
    }

    /** Appends a word. */
    public void add(int word) {
        if (size == words.length) {
            words = Arrays.copyOf(words, size + (size >> 1) + 16);
        }
        words[size++] = word;
    }

    /** Replaces a word. */
    public void set(int index, int word) {
        words[index] = word;
    }

    /** The word at this index. */
    public int get(int index) {
        return words[index];
    }

    /** How many words there are. */
    public int size() {
        return size;
    }

    /** Forgets the words from this index on. */
    public void truncate(int newSize) {
        size = newSize;
    }

    /** The words, without room to grow. */
    public int[] toArray() {
        return words.length == size ? words : Arrays.copyOf(words, size);
    }
}
