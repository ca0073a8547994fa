package dev.podpath.k8s.ingress.nginx.pcre;

import java.util.function.IntPredicate;

/** A set of characters 0 to 255, of which the ASCII ones have case (the C locale). */
final class ByteSet {
    private final long[] bits = new long[4];

    static ByteSet of(IntPredicate member) {
        ByteSet set = new ByteSet();
        for (int c = 0; c < 256; c++) {
            if (member.test(c)) {
                set.add(c);
            }
        }
        return set;
    }

    static ByteSet one(int c) {
        return of(each -> each == c);
    }

    /** Adds a character; what is no byte can never be met. */
    void add(int c) {
        if (c < 256) {
            bits[c >>> 6] |= 1L << c;
        }
    }

    void addAll(ByteSet other) {
        for (int i = 0; i < 4; i++) {
            bits[i] |= other.bits[i];
        }
    }

    boolean has(int c) {
        return c < 256 && (bits[c >>> 6] & 1L << c) != 0;
    }

    ByteSet complement() {
        return of(c -> !has(c));
    }

    /** With the other case of every letter. */
    ByteSet caseless() {
        return of(c -> has(c) || isLetter(c) && has(c ^ 0x20));
    }

    static boolean isLetter(int c) {
        int lower = c | 0x20;
        return c < 128 && lower >= 'a' && lower <= 'z';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isWord(int c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }

    static boolean isSpace(int c) {
        return c == ' ' || c >= 9 && c <= 13;
    }

    /** The set of {@code \d \D \w \W \s \S \h \H \v \V}; the letter must be one of these. */
    static ByteSet ofEscape(char letter) {
        char lower = Character.toLowerCase(letter);
        ByteSet set = switch (lower) {
            case 'd' -> of(ByteSet::isDigit);
            case 'w' -> of(ByteSet::isWord);
            case 's' -> of(ByteSet::isSpace);
            case 'h' -> of(c -> c == ' ' || c == '\t' || c == 0xA0);
            default -> of(c -> c >= 10 && c <= 13 || c == 0x85);
        };
        return lower == letter ? set : set.complement();
    }

    /** The set of a POSIX class. */
    static ByteSet ofPosix(String name) throws Unsupported {
        return switch (name) {
            case "alpha" -> of(ByteSet::isLetter);
            case "digit" -> of(ByteSet::isDigit);
            case "alnum" -> of(c -> isLetter(c) || isDigit(c));
            case "upper" -> of(c -> c >= 'A' && c <= 'Z');
            case "lower" -> of(c -> c >= 'a' && c <= 'z');
            case "xdigit" -> of(c -> isDigit(c) || c < 128 && (c | 0x20) >= 'a' && (c | 0x20) <= 'f');
            case "space" -> of(ByteSet::isSpace);
            case "blank" -> of(c -> c == ' ' || c == '\t');
            case "word" -> of(ByteSet::isWord);
            case "cntrl" -> of(c -> c < 32 || c == 127);
            case "graph" -> of(c -> c > 32 && c < 127);
            case "print" -> of(c -> c >= 32 && c < 127);
            case "punct" -> of(c -> c > 32 && c < 127 && !isLetter(c) && !isDigit(c));
            case "ascii" -> of(c -> c < 128);
            default -> throw new Unsupported("the expression uses the class [:" + name + ":]");
        };
    }
}
