package dev.podpath.proxy.iptables.rule;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * The hash of a word that stands in a text, eight bytes at a time. It begins with a number that is another one in each run, so
 * that no document can be made whose names all meet in one place of a table.
 */
public final class WordHash {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

    /** Odd, and unlike the first in all its parts (the digits of the square root of two). */
    private static final long SECOND = 0x6A09_E667_F3BC_C909L;

    /** What a sum begins with. */
    public static final long BEGIN = new SplittableRandom().nextLong();

    private WordHash() {}

    /** Eight bytes, the first in the lowest bits; behind the end of the text zeros. */
    public static long load(byte[] text, int at) {
        if (at + 8 <= text.length) {
            return (long) WORDS.get(text, at);
        }
        long bytes = 0;
        for (int i = text.length - 1; i >= at; i--) {
            bytes = bytes << 8 | text[i] & 0xFF;
        }
        return bytes;
    }

    /** The first of some bytes, up to seven. */
    public static long first(long bytes, int count) {
        return bytes & (1L << 8 * count) - 1;
    }

    /** Adds eight bytes to a sum. */
    public static long add(long sum, long bytes) {
        long mixed = sum ^ bytes;
        return mixed * FACTOR ^ (mixed >>> 32 | mixed << 32) * SECOND;
    }

    /**
     * The hash, from a sum of all bytes but the last, which are fewer than eight.
     *
     * @param last these bytes
     * @param length of the whole word
     */
    public static int end(long sum, long last, int length) {
        long mixed = add(sum, last ^ (long) length << 56);
        return (int) (mixed ^ mixed >>> 32);
    }

    /** Whether so many bytes are the same from these places on. */
    public static boolean isSame(byte[] one, int from, byte[] other, int otherFrom, int length) {
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            if (load(one, from + at) != load(other, otherFrom + at)) {
                return false;
            }
        }
        return first(load(one, from + at) ^ load(other, otherFrom + at), length - at) == 0;
    }

    /** The hash of the word between these places. */
    public static int of(byte[] text, int from, int to) {
        long sum = BEGIN;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            sum = add(sum, load(text, at));
        }
        return end(sum, first(load(text, at), to - at), to - from);
    }
}
