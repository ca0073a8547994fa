package dev.podpath.ports.snapshot;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The encodings in which JSON comes (RFC 4627 section 3): UTF-8, and what a Windows shell writes when output is sent to a
 * file. Everything but UTF-8 is turned into it.
 */
final class JsonBytes {
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

    private JsonBytes() {}

    /** The text in UTF-8, without a byte order mark; the same array where it is that already. */
    static byte[] utf8(byte[] bytes) {
        int a = at(bytes, 0);
        int b = at(bytes, 1);
        int c = at(bytes, 2);
        int d = at(bytes, 3);
        if (a == 0xEF && b == 0xBB && c == 0xBF) {
            return Arrays.copyOfRange(bytes, 3, bytes.length);
        }
        if (a == 0xFF && b == 0xFE) {
            return c == 0 && d == 0 ? recoded(bytes, 4, UTF_32LE) : recoded(bytes, 2, StandardCharsets.UTF_16LE);
        }
        if (a == 0xFE && b == 0xFF) {
            return recoded(bytes, 2, StandardCharsets.UTF_16BE);
        }
        if (a == 0 && b == 0 && (c == 0xFE && d == 0xFF || c == 0 && d > 0)) {
            return recoded(bytes, c == 0 ? 0 : 4, UTF_32BE);
        }
        if (a == 0 && b > 0) {
            return recoded(bytes, 0, StandardCharsets.UTF_16BE);
        }
        if (a > 0 && b == 0) {
            return recoded(bytes, 0, c == 0 && d == 0 ? UTF_32LE : StandardCharsets.UTF_16LE);
        }
        return bytes;
    }

    private static int at(byte[] bytes, int index) {
        return index < bytes.length ? bytes[index] & 0xFF : -1;
    }

    private static byte[] recoded(byte[] bytes, int from, Charset charset) {
        return new String(bytes, from, bytes.length - from, charset).getBytes(StandardCharsets.UTF_8);
    }
}
