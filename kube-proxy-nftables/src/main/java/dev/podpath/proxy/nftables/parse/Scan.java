package dev.podpath.proxy.nftables.parse;

import java.nio.charset.StandardCharsets;

/**
 * The tokens of a text in nft's language (nftables src/scanner.l): words, strings, and a few signs. A word goes up to a
 * blank, a comma, a semicolon, a brace or a bracket, so that {@code 10.0.0.1-10.0.0.9} or {@code [fd00::1]:80} is one.
 * What follows a {@code #} is no token.
 */
final class Scan {
    static final int END = 0;
    static final int LINE = 1;
    static final int WORD = 2;
    static final int STRING = 3;
    static final int COMMA = 4;
    static final int SEMICOLON = 5;
    static final int OPEN = 6;
    static final int CLOSE = 7;
    static final int PAREN = 8;

    /** What a byte is: 0 of a word, else of the token or blank. */
    private static final byte[] KIND = new byte[256];

    private static final byte BLANK = 9;
    private static final byte HASH = 10;

    static {
        KIND[' '] = BLANK;
        KIND['\t'] = BLANK;
        KIND['\r'] = BLANK;
        KIND['\n'] = LINE;
        KIND[','] = COMMA;
        KIND[';'] = SEMICOLON;
        KIND['{'] = OPEN;
        KIND['}'] = CLOSE;
        KIND['('] = PAREN;
        KIND[')'] = PAREN;
        KIND['"'] = STRING;
        KIND['#'] = HASH;
    }

    private final byte[] text;
    private int position;
    private int type;
    private int from;
    private int to;
    private int hash;

    Scan(byte[] text) {
        this.text = text;
    }

    byte[] text() {
        return text;
    }

    /** Kind of the token. */
    int type() {
        return type;
    }

    /** Where the token begins; a string without its quotes. */
    int from() {
        return from;
    }

    /** Where the token ends. */
    int to() {
        return to;
    }

    int hash() {
        return hash;
    }

    /** Where reading goes on. */
    int position() {
        return position;
    }

    /** Goes back to where reading was. */
    void reset(int place) {
        position = place;
    }

    /** Reads the next token. */
    int next() {
        byte[] bytes = text;
        int at = position;
        int end = bytes.length;
        while (at < end) {
            byte kind = KIND[bytes[at] & 0xFF];
            if (kind == 0) {
                return word(at);
            }
            if (kind == HASH) {
                while (at < end && bytes[at] != '\n') {
                    at++;
                }
                continue;
            }
            at++;
            if (kind != BLANK) {
                from = at - 1;
                to = at;
                position = at;
                type = kind;
                return kind == STRING ? string(at) : kind;
            }
        }
        from = end;
        to = end;
        position = end;
        type = END;
        return END;
    }

    private int word(int start) {
        byte[] bytes = text;
        int at = start;
        int end = bytes.length;
        int sum = 0;
        while (at < end) {
            byte b = bytes[at];
            if (KIND[b & 0xFF] != 0) {
                break;
            }
            sum = sum * 31 + b;
            at++;
        }
        from = start;
        to = at;
        hash = sum;
        position = at;
        type = WORD;
        return WORD;
    }

    /** Strings have no escapes and do not go beyond a line. */
    private int string(int start) {
        byte[] bytes = text;
        int at = start;
        while (at < bytes.length && bytes[at] != '"' && bytes[at] != '\n') {
            at++;
        }
        from = start;
        to = at;
        position = at < bytes.length && bytes[at] == '"' ? at + 1 : at;
        hash = 0;
        return STRING;
    }

    /** Reads the next token that does not end a line. */
    int nextAcrossLines() {
        int token = next();
        while (token == LINE) {
            token = next();
        }
        return token;
    }

    /** The known word here; a string is never one. */
    Word word() {
        return type == WORD ? Word.find(text, from, to, hash) : Word.OTHER;
    }

    /** Whether the token is this sign or word. */
    boolean is(String sign) {
        if (type != WORD && type != PAREN || to - from != sign.length()) {
            return false;
        }
        for (int i = 0; i < sign.length(); i++) {
            if (text[from + i] != sign.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The first byte of the token, or 0. */
    int first() {
        return from < to ? text[from] : 0;
    }

    /** The token. */
    String token() {
        return slice(from, to);
    }

    /** A part of the text on one line, without blanks around it. */
    String slice(int start, int end) {
        return new String(text, start, Math.max(0, end - start), StandardCharsets.UTF_8).strip();
    }

    /** What comes next, without going there. */
    int peek() {
        int savedPosition = position;
        int savedType = type;
        int savedFrom = from;
        int savedTo = to;
        int savedHash = hash;
        int token = next();
        position = savedPosition;
        type = savedType;
        from = savedFrom;
        to = savedTo;
        hash = savedHash;
        return token;
    }

    /** Goes over the block whose opening brace was the last token. */
    void skipBlock() {
        int depth = 1;
        while (depth > 0) {
            int token = next();
            if (token == END) {
                return;
            }
            depth += token == OPEN ? 1 : token == CLOSE ? -1 : 0;
        }
    }

    /** Goes to the end of the line; the line feed comes next. */
    void skipLine() {
        while (position < text.length && text[position] != '\n') {
            position++;
        }
    }
}
