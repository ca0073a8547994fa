package dev.podpath.k8s.ingress.nginx.conf;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes words from bytes and keeps short ones, because a generated configuration says the same few thousand words a
 * million times. Direct-mapped: a clash makes a new word, never a wrong one.
 */
final class WordPool {
    private static final int SLOTS = 1 << 13;
    private static final int LONGEST = 64;

    private final @Nullable String[] slots = new String[SLOTS];

    String word(byte[] bytes, int length) {
        if (length > LONGEST) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash ^ hash >>> 15) & (SLOTS - 1);
        String known = slots[slot];
        if (known != null && same(known, bytes, length)) {
            return known;
        }
        String made = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        slots[slot] = made;
        return made;
    }

    private static boolean same(String word, byte[] bytes, int length) {
        if (word.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (word.charAt(i) != (bytes[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }
}
