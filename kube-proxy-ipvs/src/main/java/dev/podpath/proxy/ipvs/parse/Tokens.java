package dev.podpath.proxy.ipvs.parse;

import java.nio.charset.StandardCharsets;

/** A text of lines and of words between blanks, read from the bytes themselves. */
final class Tokens {
    private final byte[] text;
    private int next;
    private int lineEnd = -1;
    private int line;
    private int from;
    private int to;

    Tokens(byte[] text) {
        this.text = text;
    }

    /** Goes to the next line; false where there is none. */
    boolean nextLine() {
        int start = lineEnd + 1;
        if (start >= text.length) {
            return false;
        }
        int end = start;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        lineEnd = end;
        next = start;
        from = start;
        to = start;
        line++;
        return true;
    }

    /** Goes to the next word of the line; false where there is none. */
    boolean next() {
        int at = next;
        while (at < lineEnd && text[at] <= ' ' && text[at] >= 0) {
            at++;
        }
        from = at;
        while (at < lineEnd && (text[at] > ' ' || text[at] < 0)) {
            at++;
        }
        to = at;
        next = at;
        return to > from;
    }

    /** Whether the word is this one, which is ASCII. */
    boolean is(String word) {
        int length = to - from;
        if (word.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    byte[] text() {
        return text;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int length() {
        return to - from;
    }

    /** The first byte of the word; 0 where it is empty. */
    int first() {
        return to > from ? text[from] : 0;
    }

    /** One-based number of the line. */
    int line() {
        return line;
    }

    /** Goes back before the current word. */
    void back() {
        next = from;
    }

    /** Whether the next line is that of a real server with a bracketed address. */
    boolean serverBelowIsV6() {
        int at = lineEnd + 1;
        while (at < text.length && text[at] == ' ') {
            at++;
        }
        if (at + 1 >= text.length || text[at] != '-' || text[at + 1] != '>') {
            return false;
        }
        at += 2;
        while (at < text.length && text[at] == ' ') {
            at++;
        }
        return at < text.length && text[at] == '[';
    }

    /** The word as text, shortened where it is long. */
    String word() {
        int end = Math.min(to, from + 80);
        return new String(text, from, end - from, StandardCharsets.UTF_8) + (end < to ? "…" : "");
    }

    /** The word as a decimal number from 0 to 2^31-1, or -1. */
    int decimal() {
        return Numbers.decimal(text, from, to);
    }
}
