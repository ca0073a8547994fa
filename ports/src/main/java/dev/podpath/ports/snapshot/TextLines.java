package dev.podpath.ports.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of a text, by one-based number. Lines end in LF; a CR before it is not part of the line. */
public final class TextLines {
    private final byte[] bytes;
    private final int[] starts;
    private final int count;

    private TextLines(byte[] bytes, int[] starts, int count) {
        this.bytes = bytes;
        this.starts = starts;
        this.count = count;
    }

    /** The lines of these bytes, which are UTF-8. */
    static TextLines of(byte[] bytes) {
        int[] starts = new int[Math.max(16, bytes.length / 32)];
        int count = 0;
        int start = 0;
        while (start < bytes.length) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, starts.length * 2);
            }
            starts[count++] = start;
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            start = end + 1;
        }
        return new TextLines(bytes, Arrays.copyOf(starts, count), count);
    }

    /** How many lines there are. */
    public int count() {
        return count;
    }

    /**
     * A line without its end.
     *
     * @param number 1 to {@link #count()}
     */
    public String line(int number) {
        int from = starts[number - 1];
        int to = number < count ? starts[number] - 1 : bytes.length;
        if (to > from && bytes[to - 1] == '\n') {
            to--;
        }
        if (to > from && bytes[to - 1] == '\r') {
            to--;
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** The line that holds this offset into the bytes. */
    public int lineAt(int offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }
}
