package dev.podpath.k8s.ingress.nginx.conf;

/**
 * Finds the end of a Lua block inside a configuration: the closing brace that is not inside a string, a long bracket or
 * a comment of Lua (Lua 5.1 manual, section 2.1; lua-nginx-module's {@code *_by_lua_block}).
 */
final class LuaText {
    private final byte[] bytes;
    private int at;
    private int line;

    private LuaText(byte[] bytes, int from, int line) {
        this.bytes = bytes;
        this.at = from;
        this.line = line;
    }

    /** The offset of the brace that closes the block whose text begins here. */
    static int endOfBlock(byte[] bytes, int from, int line) throws ConfException {
        return new LuaText(bytes, from, line).find();
    }

    private int find() throws ConfException {
        int began = line;
        int depth = 1;
        while (at < bytes.length) {
            byte c = bytes[at];
            switch (c) {
                case '{' -> depth++;
                case '}' -> {
                    if (--depth == 0) {
                        return at;
                    }
                }
                case '"', '\'' -> string(c);
                case '[' -> {
                    int level = longBracket();
                    if (level >= 0) {
                        skipLongBracket(level);
                    }
                }
                case '-' -> comment();
                case '\n' -> line++;
                default -> {
                    // any other character of Lua
                }
            }
            at++;
        }
        throw new ConfException(began, "a Lua block that is never closed", "'}' at its end");
    }

    /** Leaves the position at the closing quote. */
    private void string(byte quote) throws ConfException {
        at++;
        while (at < bytes.length && bytes[at] != quote && bytes[at] != '\n') {
            if (bytes[at] == '\\' && at + 1 < bytes.length) {
                at++;
                if (bytes[at] == '\n') {
                    line++;
                }
            }
            at++;
        }
        if (at >= bytes.length || bytes[at] != quote) {
            throw new ConfException(line, "a Lua string that is not closed on its line", "the closing quote");
        }
    }

    /** The level of a long bracket that opens here, with the position at its second bracket; -1 where none opens. */
    private int longBracket() {
        int i = at + 1;
        while (i < bytes.length && bytes[i] == '=') {
            i++;
        }
        if (i < bytes.length && bytes[i] == '[') {
            int level = i - at - 1;
            at = i;
            return level;
        }
        return -1;
    }

    /** Leaves the position at the last bracket. */
    private void skipLongBracket(int level) throws ConfException {
        int began = line;
        at++;
        while (at < bytes.length) {
            if (bytes[at] == '\n') {
                line++;
            } else if (bytes[at] == ']') {
                int i = at + 1;
                while (i < bytes.length && bytes[i] == '=') {
                    i++;
                }
                if (i < bytes.length && bytes[i] == ']' && i - at - 1 == level) {
                    at = i;
                    return;
                }
                at = i - 1;
            }
            at++;
        }
        throw new ConfException(began, "a long bracket of Lua that is never closed", "its closing bracket");
    }

    private void comment() throws ConfException {
        if (at + 1 >= bytes.length || bytes[at + 1] != '-') {
            return;
        }
        at += 2;
        if (at < bytes.length && bytes[at] == '[') {
            int level = longBracket();
            if (level >= 0) {
                skipLongBracket(level);
                return;
            }
        }
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        at--;
    }
}
