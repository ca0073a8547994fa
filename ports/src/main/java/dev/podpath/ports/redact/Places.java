package dev.podpath.ports.redact;

import java.util.Arrays;

/** Ranges of bytes, in order. */
final class Places {
    private int[] offsets = new int[64];
    private int size;

    void add(int start, int end) {
        if (size + 2 > offsets.length) {
            offsets = Arrays.copyOf(offsets, offsets.length * 2);
        }
        offsets[size++] = start;
        offsets[size++] = end;
    }

    /** The bytes with {@code "redacted"} in these places. */
    byte[] blanked(byte[] bytes, byte[] with) {
        if (size == 0) {
            return bytes;
        }
        int length = bytes.length;
        for (int i = 0; i < size; i += 2) {
            length += with.length - (offsets[i + 1] - offsets[i]);
        }
        byte[] out = new byte[length];
        int from = 0;
        int to = 0;
        for (int i = 0; i < size; i += 2) {
            System.arraycopy(bytes, from, out, to, offsets[i] - from);
            to += offsets[i] - from;
            System.arraycopy(with, 0, out, to, with.length);
            to += with.length;
            from = offsets[i + 1];
        }
        System.arraycopy(bytes, from, out, to, bytes.length - from);
        return out;
    }
}
