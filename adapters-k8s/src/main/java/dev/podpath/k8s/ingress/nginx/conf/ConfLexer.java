package dev.podpath.k8s.ingress.nginx.conf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits configuration text into statements as {@code ngx_conf_read_token} does: words end at blanks, {@code ;} and an
 * opening brace; quotes only at the beginning of a word; a brace after {@code $} belongs to the word; a comment only where a word
 * could begin.
 */
final class ConfLexer {
    /** How a statement ends. */
    enum End {
        /** With a semicolon. */
        SEMICOLON,
        /** With an opening brace. */
        BLOCK,
        /** It is a closing brace. */
        CLOSE,
        /** There is no further statement. */
        EOF
    }

    private final byte[] bytes;
    private final WordPool pool;
    private final List<String> words = new ArrayList<>();
    private byte[] buffer = new byte[256];
    private int at;
    private int line = 1;
    private int firstLine = 1;

    ConfLexer(byte[] bytes, WordPool pool) {
        this.bytes = bytes;
        this.pool = pool;
    }

    /** The words of the last statement. */
    List<String> words() {
        return words;
    }

    /** The line of the first word of the last statement. */
    int firstLine() {
        return firstLine;
    }

    /** The line that was reached. */
    int line() {
        return line;
    }

    /** Reads the next statement. */
    End next() throws ConfException {
        words.clear();
        while (at < bytes.length) {
            byte c = bytes[at];
            if (isBlank(c)) {
                step();
            } else if (c == '#') {
                skipComment();
            } else if (c == ';' || c == '{') {
                if (words.isEmpty()) {
                    throw new ConfException(line, "'" + (char) c + "' without a directive before it", "a directive");
                }
                at++;
                return c == ';' ? End.SEMICOLON : End.BLOCK;
            } else if (c == '}') {
                if (!words.isEmpty()) {
                    throw unended("'}'");
                }
                firstLine = line;
                at++;
                return End.CLOSE;
            } else {
                if (words.isEmpty()) {
                    firstLine = line;
                }
                word();
            }
        }
        if (!words.isEmpty()) {
            throw unended("the end of the file");
        }
        return End.EOF;
    }

    /** Reads Lua up to the brace that closes the block, and past it; the text is without that brace. */
    String lua() throws ConfException {
        int start = at;
        int end = LuaText.endOfBlock(bytes, start, line);
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        at = end + 1;
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private ConfException unended(String found) {
        return new ConfException(
                line, found, "';' or '{' after the directive '" + words.get(0) + "' of line " + firstLine);
    }

    private void word() throws ConfException {
        byte first = bytes[at];
        if (first == '"' || first == '\'') {
            quoted(first);
        } else {
            plain();
        }
    }

    private void quoted(byte quote) throws ConfException {
        int began = line;
        at++;
        int length = 0;
        while (at < bytes.length && bytes[at] != quote) {
            length = take(length);
        }
        if (at >= bytes.length) {
            throw new ConfException(began, "a quote that is never closed", "'" + (char) quote + "' at its end");
        }
        at++;
        words.add(pool.word(buffer, length));
        // What may follow a quoted word; a closing parenthesis begins a word of its own, for "if (... "x")".
        byte next = at < bytes.length ? bytes[at] : (byte) ' ';
        if (!isBlank(next) && next != ';' && next != '{' && next != ')') {
            throw new ConfException(
                    line, "'" + printable(next) + "' right after a quoted word", "a blank, ';', '{' or ')'");
        }
    }

    private void plain() {
        int length = 0;
        boolean variable = false;
        while (at < bytes.length) {
            byte c = bytes[at];
            if (c == '{' && variable) {
                length = append(length, c);
                at++;
                continue;
            }
            if (length > 0 && (isBlank(c) || c == ';' || c == '{')) {
                break;
            }
            variable = c == '$';
            length = take(length);
        }
        words.add(pool.word(buffer, length));
    }

    /** Takes one character or one escape sequence into the buffer. */
    private int take(int length) {
        byte c = bytes[at];
        if (c != '\\' || at + 1 >= bytes.length) {
            step();
            return append(length, c);
        }
        byte escaped = bytes[at + 1];
        at++;
        step();
        return switch (escaped) {
            case '"', '\'', '\\' -> append(length, escaped);
            case 't' -> append(length, (byte) '\t');
            case 'r' -> append(length, (byte) '\r');
            case 'n' -> append(length, (byte) '\n');
            default -> append(append(length, c), escaped);
        };
    }

    private int append(int length, byte c) {
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, length * 2);
        }
        buffer[length] = c;
        return length + 1;
    }

    private void step() {
        if (bytes[at++] == '\n') {
            line++;
        }
    }

    private void skipComment() {
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static String printable(byte c) {
        return c > ' ' && c < 127 ? String.valueOf((char) c) : String.format("byte 0x%02x", c & 0xFF);
    }
}
