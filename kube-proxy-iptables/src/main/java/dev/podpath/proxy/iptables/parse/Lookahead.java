package dev.podpath.proxy.iptables.parse;

import dev.podpath.proxy.iptables.rule.TableBuilder;
import dev.podpath.proxy.iptables.rule.WordHash;

/**
 * Looks some lines ahead for names of chains, and touches what they will be looked up in. It changes nothing but how long the
 * lookups take.
 */
final class Lookahead {
    private static final int LINES = 32;
    private static final int LONGEST_NAME = 64;
    private static final long LINE_FEEDS = 0x0A0A_0A0A_0A0A_0A0AL;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long SIGNS = 0x8080_8080_8080_8080L;

    private final byte[] text;
    private final int[] hashes = new int[LINES];
    private int reached;
    /** Kept, so that what computes it is not left out. */
    int touched;

    Lookahead(byte[] text) {
        this.text = text;
    }

    /** Called at the beginning of a line; looks at the next lines, unless that was done before. */
    void touch(int position, TableBuilder table) {
        if (position < reached) {
            return;
        }
        int at = position;
        int count = 0;
        for (int line = 0; line < LINES && at < text.length; line++) {
            int end = lineEnd(at);
            int from = text[at] == ':' ? at + 1 : jump(at, end);
            if (from >= 0) {
                hashes[count++] = WordHash.of(text, from, text[at] == ':' ? nameEnd(from, end) : end);
            }
            at = end + 1;
        }
        reached = at;
        touched = table.touch(hashes, count);
    }

    private int lineEnd(int from) {
        int at = from;
        for (; at + 8 <= text.length; at += 8) {
            long other = WordHash.load(text, at) ^ LINE_FEEDS;
            long found = other - ONES & ~other & SIGNS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < text.length && text[at] != '\n') {
            at++;
        }
        return at;
    }

    private int nameEnd(int from, int end) {
        int at = from;
        while (at < end && at < from + LONGEST_NAME && text[at] != ' ') {
            at++;
        }
        return at;
    }

    /** Where the name of a chain begins that a line ends with, after {@code -j} or {@code -g}; or -1. */
    private int jump(int from, int end) {
        int at = end;
        while (at > from && at > end - LONGEST_NAME && text[at - 1] != ' ') {
            at--;
        }
        return at - from > 4
                        && text[at - 1] == ' '
                        && text[at - 3] == '-'
                        && (text[at - 2] == 'j' || text[at - 2] == 'g')
                ? at
                : -1;
    }
}
