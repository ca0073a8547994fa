package dev.podpath.ports.snapshot;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Strings out of the bytes of a document, those met lately shared: namespaces, nodes and zones are named a hundred thousand
 * times. Of fixed size; safe for use from several threads, which at worst make a string twice.
 */
final class JsonStrings {
    private static final int LONGEST = 64;
    private static final int MOST = 4096;

    private final byte[] bytes;
    private final @Nullable String[] met;

    JsonStrings(byte[] bytes) {
        this.bytes = bytes;
        this.met = new String[Math.min(MOST, Integer.highestOneBit(bytes.length / 64 + 16))];
    }

    /** The text of bytes without escapes. */
    String plain(int from, int to) {
        int hash = 0;
        int bits = 0;
        if (to - from > LONGEST) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            hash = hash * 31 + b;
            bits |= b;
        }
        if (bits < 0) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        int slot = (hash ^ hash >>> 12) & met.length - 1;
        String known = met[slot];
        if (known != null && is(known, from, to)) {
            return known;
        }
        String made = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        met[slot] = made;
        return made;
    }

    /** Whether the bytes are this text, which must be ASCII to be found so. */
    boolean is(String text, int from, int to) {
        int length = text.length();
        if (length != to - from) {
            return false;
        }
        byte[] all = bytes;
        // The names of an object's fields differ at their ends as often as at their beginnings.
        for (int i = length - 1; i >= 0; i--) {
            if (text.charAt(i) != all[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** The text of bytes with escapes (RFC 8259 section 7); they are known to be well formed. */
    String escaped(int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] != '\\') {
                continue;
            }
            text.append(new String(bytes, start, i - start, StandardCharsets.UTF_8));
            byte kind = bytes[++i];
            switch (kind) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) hex(i + 1));
                    i += 4;
                }
                default -> text.append((char) kind);
            }
            start = i + 1;
        }
        return text.append(new String(bytes, start, to - start, StandardCharsets.UTF_8))
                .toString();
    }

    private int hex(int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            value = value << 4 | Character.digit(bytes[i], 16);
        }
        return value;
    }
}
