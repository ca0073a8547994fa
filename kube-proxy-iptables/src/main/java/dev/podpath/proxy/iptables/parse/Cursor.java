package dev.podpath.proxy.iptables.parse;

import dev.podpath.proxy.iptables.rule.WordHash;
import java.nio.charset.StandardCharsets;

/**
 * A place in a text of lines and words. Words are separated by blanks; a word that begins with a double quote ends at the
 * next one that no backslash precedes, as {@code iptables-restore} reads them (iptables/xshared.c).
 */
final class Cursor {
    private static final long SPACES = 0x2121_2121_2121_2121L;
    private static final long SIGNS = 0x8080_8080_8080_8080L;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long QUOTES = ONES * '"';
    private static final long LINE_FEEDS = ONES * '\n';
    private static final long BACKSLASHES = ONES * '\\';
    /** What stands before most comments. */
    private static final byte[] COMMENT = " -m comment --comment ".getBytes(StandardCharsets.US_ASCII);

    private static final long COMMENT_FIRST = WordHash.load(COMMENT, 0);
    private static final long COMMENT_SECOND = WordHash.load(COMMENT, 8);
    private static final long COMMENT_LAST = WordHash.load(COMMENT, COMMENT.length - 8);

    private final byte[] text;
    private final int limit;
    private int position;
    private int line = 1;
    private int from;
    private int to;
    private int hash;
    /** The first eight bytes of the word, with zeros behind its end. */
    private long head;

    private boolean quoted;

    Cursor(byte[] text) {
        this.text = text;
        this.limit = text.length;
    }

    byte[] text() {
        return text;
    }

    /** One-based number of the line. */
    int line() {
        return line;
    }

    /** Whether the text is at its end. */
    boolean atEnd() {
        return position >= limit;
    }

    /** Where the word begins. */
    int from() {
        return from;
    }

    /** Where the word ends. */
    int to() {
        return to;
    }

    /** Hash of the word. */
    int hash() {
        return hash;
    }

    /** Where reading goes on. */
    int position() {
        return position;
    }

    /** Goes back to a place on the same line. */
    void reset(int place) {
        position = place;
    }

    /** The byte reading goes on with, or a line feed at the end. */
    int peek() {
        return position < limit ? text[position] : '\n';
    }

    /** Goes over what separates words. */
    void skipBlanks() {
        int at = position;
        while (at < limit && isBlank(text[at])) {
            at++;
        }
        position = at;
    }

    /** Goes to the next word of the line; false where there is none. */
    boolean next() {
        byte[] bytes = text;
        int at = position;
        while (at < limit && isBlank(bytes[at])) {
            at++;
        }
        position = at;
        if (at >= limit || bytes[at] == '\n') {
            return false;
        }
        if (bytes[at] == '"') {
            return nextQuoted(at + 1);
        }
        from = at;
        quoted = false;
        long sum = WordHash.BEGIN;
        long part = WordHash.load(bytes, at);
        int length = plain(part, at);
        head = length == 8 ? part : WordHash.first(part, length);
        while (length == 8) {
            sum = WordHash.add(sum, part);
            at += 8;
            part = WordHash.load(bytes, at);
            length = plain(part, at);
        }
        at += length;
        to = at;
        position = at;
        hash = WordHash.end(sum, WordHash.first(part, length), at - from);
        return true;
    }

    /** How many of eight bytes come before the first blank, line feed or end. */
    private int plain(long bytes, int at) {
        // Bits of bytes up to the space, and perhaps of the byte after one.
        long low = bytes - SPACES & ~bytes & SIGNS;
        while (low != 0) {
            int index = Long.numberOfTrailingZeros(low) >>> 3;
            if (at + index >= limit || text[at + index] == '\n' || isBlank(text[at + index])) {
                return index;
            }
            low &= low - 1;
        }
        return 8;
    }

    private boolean nextQuoted(int start) {
        byte[] bytes = text;
        int at = start;
        while (at < limit && bytes[at] != '"' && bytes[at] != '\n') {
            at += bytes[at] == '\\' && at + 1 < limit && bytes[at + 1] != '\n' ? 2 : 1;
        }
        from = start;
        to = Math.min(at, limit);
        quoted = true;
        position = to < limit && bytes[to] == '"' ? to + 1 : to;
        hash = to - start > 256 ? 0 : WordHash.of(bytes, start, to);
        return true;
    }

    /** Goes over the next word without looking at it. */
    void skipWord() {
        byte[] bytes = text;
        int at = position;
        while (at < limit && bytes[at] == ' ') {
            at++;
        }
        if (at >= limit || bytes[at] != '"') {
            next();
            return;
        }
        at = mark(bytes, at + 1);
        while (at < limit && bytes[at] != '"' && bytes[at] != '\n') {
            boolean escape = bytes[at] == '\\' && at + 1 < limit && bytes[at + 1] != '\n';
            at = mark(bytes, at + (escape ? 2 : 1));
        }
        position = at < limit && bytes[at] == '"' ? at + 1 : Math.min(at, limit);
    }

    /** The place of the next byte that means something between quotes, or of one before it. */
    private static int mark(byte[] bytes, int from) {
        int at = from;
        while (at + 8 <= bytes.length) {
            long eight = WordHash.load(bytes, at);
            long marks = zeros(eight ^ QUOTES) | zeros(eight ^ LINE_FEEDS) | zeros(eight ^ BACKSLASHES);
            if (marks != 0) {
                return at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
            at += 8;
        }
        return at;
    }

    /** The sign of the first byte that is zero, and perhaps of bytes behind it. */
    private static long zeros(long bytes) {
        return bytes - ONES & ~bytes & SIGNS;
    }

    /** Goes over the next word where it is the same as one elsewhere in the text, between single blanks and not quoted. */
    boolean nextIs(int place, int length) {
        int at = position + 1;
        int end = at + length;
        boolean here = end < limit
                && text[position] == ' '
                && text[at] != '"'
                && isBlank(text[end])
                && WordHash.isSame(text, place, text, at, length);
        if (here) {
            from = at;
            to = end;
            position = end;
        }
        return here;
    }

    /** Goes to the module and the option of a comment, where these come next in their usual form. */
    boolean nextIsComment() {
        int at = position;
        boolean here = at + COMMENT.length <= limit
                && WordHash.load(text, at) == COMMENT_FIRST
                && WordHash.load(text, at + 8) == COMMENT_SECOND
                && WordHash.load(text, at + COMMENT.length - 8) == COMMENT_LAST;
        if (here) {
            from = at + 1;
            to = at + COMMENT.length - 1;
            position = to;
        }
        return here;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\f' || b == 0x0B;
    }

    /** The known word here; a quoted word is never one. */
    Word word() {
        return quoted ? Word.OTHER : Words.find(text, from, to, hash, head);
    }

    /** Whether the word begins with a hyphen. */
    boolean isOption() {
        return !quoted && text[from] == '-' && to - from > 1;
    }

    /** Goes to the beginning of the next line. */
    void nextLine() {
        int at = position;
        while (at < limit && text[at] != '\n') {
            at++;
        }
        position = Math.min(limit, at + 1);
        line++;
    }

    /** The word as text, shortened; for messages. */
    String show() {
        return show(from, to);
    }

    /** A part of the text, shortened; for messages. */
    String show(int begin, int end) {
        int length = Math.min(end - begin, 80);
        String shown = new String(text, begin, Math.max(0, length), StandardCharsets.UTF_8);
        return length < end - begin ? shown + "…" : shown;
    }

    /** A text, shortened; for messages. */
    static String shorten(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /** Whether the next word is this option of two characters; if so, it is read. */
    boolean atWord(String option) {
        int at = position;
        boolean here = at + 2 < limit
                && text[at] == option.charAt(0)
                && text[at + 1] == option.charAt(1)
                && isBlank(text[at + 2]);
        position = here ? at + 2 : at;
        return here;
    }

    /** Where the line begins. */
    int lineFrom() {
        int at = Math.min(position, limit);
        while (at > 0 && text[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    /** Whether the word is this one. */
    boolean is(String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (text[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
