package dev.podpath.proxy.iptables.parse;

import dev.podpath.proxy.iptables.rule.Names;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the known word that stands at a place of a text, without making a string of it. */
final class Words {
    private static final int SIZE = 1024;
    private static final byte[][] TEXT = new byte[SIZE][];
    private static final Word[] WORD = new Word[SIZE];

    static {
        for (Word word : Word.values()) {
            for (String text : word.texts()) {
                byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                int slot = slot(Names.hash(bytes, 0, bytes.length));
                while (WORD[slot] != null) {
                    slot = (slot + 1) & (SIZE - 1);
                }
                TEXT[slot] = bytes;
                WORD[slot] = word;
            }
        }
    }

    private Words() {}

    private static int slot(int hash) {
        int mixed = hash * 0x9E37_79B9;
        return (mixed ^ mixed >>> 15) & (SIZE - 1);
    }

    /** The word between these places, {@link Word#OTHER} where it is not known. */
    static Word find(byte[] text, int from, int to, int hash) {
        int slot = slot(hash);
        while (WORD[slot] != null) {
            byte[] candidate = TEXT[slot];
            if (candidate.length == to - from && Arrays.equals(candidate, 0, candidate.length, text, from, to)) {
                return WORD[slot];
            }
            slot = (slot + 1) & (SIZE - 1);
        }
        return Word.OTHER;
    }
}
