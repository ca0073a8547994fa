package dev.podpath.k8s.dns.corefile;

import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a Corefile that is not empty.
 *
 * @param number one-based number of the line it begins on
 * @param words its words, without quotes and comments; a word is never taken apart, so that {@code {1}} stays
 */
record CorefileLine(int number, Vector<String> words) {
    /** Whether a block begins at its end. */
    boolean opens() {
        return words.last().equals("{");
    }

    /** The words after the first, without the brace. */
    Vector<String> args() {
        Vector<String> rest = words.tail();
        return opens() && !rest.isEmpty() ? rest.init() : rest;
    }

    /** Its words as zones, which may be separated by commas. */
    Vector<String> keys() {
        Vector<String> all = opens() ? words.init() : words;
        return all.flatMap(word -> Vector.of(word.split(",")))
                .reject(String::isEmpty)
                .reject("}"::equals);
    }

    static List<CorefileLine> split(String text) {
        List<CorefileLine> lines = new ArrayList<>();
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean open = false;
        int number = 1;
        int began = 1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            boolean last = i == text.length();
            if (quoted && !last) {
                if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    word.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    word.append(c);
                }
                number += c == '\n' ? 1 : 0;
                continue;
            }
            boolean blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (c == '#' && !open && !last) {
                int end = text.indexOf('\n', i);
                i = (end < 0 ? text.length() : end) - 1;
                continue;
            }
            if (c == '"' && !open) {
                quoted = true;
                open = true;
                began = words.isEmpty() ? number : began;
            } else if (!blank) {
                began = words.isEmpty() && !open ? number : began;
                open = true;
                word.append(c);
            } else if (open) {
                words.add(word.toString());
                word.setLength(0);
                open = false;
                quoted = false;
            }
            if (c == '\n') {
                if (!words.isEmpty()) {
                    lines.add(new CorefileLine(began, Vector.ofAll(words)));
                    words.clear();
                }
                number++;
            }
        }
        return lines;
    }
}
