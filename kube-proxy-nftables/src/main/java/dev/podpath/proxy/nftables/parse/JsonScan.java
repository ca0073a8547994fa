package dev.podpath.proxy.nftables.parse;

import java.nio.charset.StandardCharsets;

/**
 * A place in a JSON text (RFC 8259) that goes from value to value. Strings are spans of the text, hashed as they are read, so that
 * nothing is copied; what is not asked for is skipped.
 */
final class JsonScan {
    private static final int DEEPEST = 100;

    private final byte[] text;
    private int position;
    private int from;
    private int to;
    private int hash;

    JsonScan(byte[] text) {
        this.text = text;
    }

    byte[] text() {
        return text;
    }

    int position() {
        return position;
    }

    void reset(int place) {
        position = place;
    }

    /** Where the string or number begins that was read last. */
    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int hash() {
        return hash;
    }

    Word word() {
        return Word.find(text, from, to, hash);
    }

    String token() {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    String slice(int start) {
        return new String(text, start, position - start, StandardCharsets.UTF_8).strip();
    }

    /** The byte the next value begins with, 0 at the end. */
    int peek() {
        byte[] bytes = text;
        int at = position;
        while (at < bytes.length && bytes[at] <= ' ' && bytes[at] >= 0) {
            at++;
        }
        position = at;
        return at < bytes.length ? bytes[at] : 0;
    }

    private void expect(int sign, String expected) throws Broken {
        if (peek() != sign) {
            throw new Broken(position, expected);
        }
        position++;
    }

    /** Enters an object; whether it has a field, whose name is then the token. */
    boolean firstField() throws Broken {
        expect('{', "an object");
        if (peek() == '}') {
            position++;
            return false;
        }
        name();
        return true;
    }

    /** Goes on in an object; whether it has a further field. */
    boolean nextField() throws Broken {
        int sign = peek();
        position++;
        if (sign == '}') {
            return false;
        }
        if (sign != ',') {
            throw new Broken(position - 1, "a comma or a closing brace");
        }
        name();
        return true;
    }

    private void name() throws Broken {
        string();
        expect(':', "a colon");
    }

    /** Enters an array; whether it has an item. */
    boolean firstItem() throws Broken {
        expect('[', "an array");
        if (peek() == ']') {
            position++;
            return false;
        }
        return true;
    }

    /** Goes on in an array; whether it has a further item. */
    boolean nextItem() throws Broken {
        int sign = peek();
        position++;
        if (sign == ']') {
            return false;
        }
        if (sign != ',') {
            throw new Broken(position - 1, "a comma or a closing bracket");
        }
        return true;
    }

    /** Reads a string; escapes stay as they are written. */
    void string() throws Broken {
        expect('"', "a string");
        byte[] bytes = text;
        int at = position;
        int sum = 0;
        from = at;
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b == '"') {
                to = at;
                hash = sum;
                position = at + 1;
                return;
            }
            if (b < ' ' && b >= 0) {
                break;
            }
            if (b == '\\') {
                sum = sum * 31 + b;
                at++;
                if (at == bytes.length) {
                    break;
                }
            }
            sum = sum * 31 + bytes[at];
            at++;
        }
        throw new Broken(from, "the end of a string");
    }

    /** Reads a number or one of the words true, false and null. */
    void plain() throws Broken {
        peek();
        byte[] bytes = text;
        int at = position;
        from = at;
        int sum = 0;
        while (at < bytes.length) {
            byte b = bytes[at];
            boolean inside =
                    b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b == '-' || b == '+' || b == '.' || b == 'E';
            if (!inside) {
                break;
            }
            sum = sum * 31 + b;
            at++;
        }
        to = at;
        hash = sum;
        position = at;
        if (from == to) {
            throw new Broken(from, "a value");
        }
    }

    /** Reads a string, a number or a word. */
    void scalar() throws Broken {
        if (peek() == '"') {
            string();
        } else {
            plain();
        }
    }

    /** Goes over a value. */
    void skip() throws Broken {
        int first = peek();
        if (first != '{' && first != '[') {
            scalar();
            return;
        }
        byte[] bytes = text;
        int at = position;
        int start = at;
        int depth = 0;
        while (at < bytes.length) {
            byte b = bytes[at++];
            if (b == '"') {
                while (at < bytes.length && bytes[at] != '"') {
                    at += bytes[at] == '\\' ? 2 : 1;
                }
                at++;
            } else if (b == '{' || b == '[') {
                if (++depth > DEEPEST) {
                    throw new Broken(at - 1, "fewer values inside each other");
                }
            } else if ((b == '}' || b == ']') && --depth == 0) {
                position = at;
                return;
            }
        }
        throw new Broken(start, "the end of a value");
    }
}
