package dev.podpath.proxy.ipvs.parse;

import java.nio.charset.StandardCharsets;

/** A text of lines and of words between blanks, read from the bytes themselves. */
final class Tokens {
    private final byte[] text;
    private final int end;
    private int next = -1;
    private int line;
    private int from;
    private int to;

    Tokens(byte[] text) {
        this.text = text;
        this.end = text.length;
    }

    /** Goes to the next line; false where there is none. */
    boolean nextLine() {
        int start = next < 0 ? 0 : lineEnd() + 1;
        if (start >= end) {
            next = end;
            return false;
        }
        next = start;
        from = start;
        to = start;
        line++;
        return true;
    }

    private int lineEnd() {
        int at = next;
        while (at < end && text[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Goes to the next word of the line; false where there is none. */
    boolean next() {
        byte[] bytes = text;
        int at = next;
        byte one;
        while (at < end && (one = bytes[at]) <= ' ' && one >= 0 && one != '\n') {
            at++;
        }
        from = at;
        while (at < end && ((one = bytes[at]) > ' ' || one < 0)) {
            at++;
        }
        to = at;
        next = at;
        return at > from;
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
        int at = lineEnd() + 1;
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
