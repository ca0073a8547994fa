package dev.podpath.proxy.iptables.parse;

import dev.podpath.proxy.iptables.rule.WordHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the known word that stands at a place of a text, without making a string of it. */
final class Words {
    private static final int SIZE = 1024;
    private static final byte[][] TEXT = new byte[SIZE][];
    private static final long[] HEAD = new long[SIZE];
    private static final Word[] WORD = new Word[SIZE];

    static {
        for (Word word : Word.values()) {
            for (String text : word.texts()) {
                byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                int slot = WordHash.of(bytes, 0, bytes.length) & SIZE - 1;
                while (WORD[slot] != null) {
                    slot = (slot + 1) & (SIZE - 1);
                }
                TEXT[slot] = bytes;
                HEAD[slot] = WordHash.load(bytes, 0);
                WORD[slot] = word;
            }
        }
    }

    private Words() {}

    /**
     * The word between these places, {@link Word#OTHER} where it is not known.
     *
     * @param head its first eight bytes, with zeros behind its end
     */
    static Word find(byte[] text, int from, int to, int hash, long head) {
        int slot = hash & SIZE - 1;
        while (WORD[slot] != null) {
            byte[] candidate = TEXT[slot];
            int length = candidate.length;
            if (HEAD[slot] == head
                    && length == to - from
                    && (length <= 8 || Arrays.equals(candidate, 8, length, text, from + 8, to))) {
                return WORD[slot];
            }
            slot = (slot + 1) & (SIZE - 1);
        }
        return Word.OTHER;
    }
}
