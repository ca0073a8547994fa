package dev.podpath.ports.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks that bytes are a JSON text (RFC 8259) and writes its tape, in one pass without recursion. What it refuses is read
 * again by {@link JsonReader}, which finds words for it.
 */
final class JsonScanner {
    private static final byte PLAIN = 0;
    private static final byte WIDE = 1;
    private static final byte QUOTE = 2;
    private static final byte ESCAPE = 3;
    private static final byte CONTROL = 4;

    /** What a byte means inside a string. */
    private static final byte[] INSIDE = inside();

    private static final boolean[] BLANK = blank();

    /** Bytes of a document for each value, about: what is made room for at first. */
    private static final int BYTES_PER_VALUE = 24;

    private static final int LEAST_ROOM = 16;

    /** Depth at which the items of a list stand: the document is at 0, its list at 1. */
    private static final int ITEM_DEPTH = 2;

    private static final int NOT_FOLDED = Integer.MAX_VALUE;

    private static final int ABSENT = -1;

    private final JsonText text;
    private final byte[] bytes;
    private final @Nullable Passing items;
    private JsonTape.@Nullable Item item;
    private byte[] kinds;
    private int[] from;
    private int[] to;
    private int[] next;
    private int[] parent;
    private int size;

    private final int[] open = new int[JsonReader.MAX_DEPTH + 1];
    private final boolean[] objects = new boolean[JsonReader.MAX_DEPTH + 1];
    private int depth;
    private int foldedAt = NOT_FOLDED;
    private int at;
    private int end;

    /** Passes over the items of the document's list, which somebody else reads. */
    interface Passing {
        /**
         * Passes over them.
         *
         * @param first where the first item begins
         * @return where the list's closing bracket stands; negative where the document has to be read in another way
         */
        int end(int first);
    }

    /** A scanner of a document, the items of whose list are folded. */
    JsonScanner(JsonText text) {
        this(text, null, LEAST_ROOM);
    }

    /** A scanner of a document, the items of whose list are left out. */
    JsonScanner(JsonText text, Passing items) {
        this(text, items, LEAST_ROOM);
    }

    /**
     * A scanner of items.
     *
     * @param length of one of them, about, in bytes
     */
    JsonScanner(JsonText text, int length) {
        this(text, null, LEAST_ROOM + length / BYTES_PER_VALUE);
    }

    private JsonScanner(JsonText text, @Nullable Passing items, int room) {
        this.text = text;
        this.bytes = text.bytes();
        this.items = items;
        this.kinds = new byte[room];
        this.from = new int[room];
        this.to = new int[room];
        this.next = new int[room];
        this.parent = new int[room];
    }

    /** The tape of the one value between two offsets; null where there is anything else. */
    @Nullable
    JsonTape scan(int start, int stop) {
        at = start;
        end = stop;
        if (!values()) {
            return null;
        }
        space();
        if (at < end) {
            return null;
        }
        if (kinds.length > size) {
            resize(size);
        }
        return tape();
    }

    /**
     * The tape of the item of a list that begins at an offset, good until the next item is read; null where there is none
     * that is well formed.
     */
    @Nullable
    JsonTape item(JsonTape.Item read, int start) {
        item = read;
        size = 0;
        depth = 0;
        at = start;
        end = bytes.length;
        return values() ? tape() : null;
    }

    private JsonTape tape() {
        return new JsonTape(text, item, kinds, from, to, next, parent);
    }

    /**
     * Where the item after the one that was read begins, or the closing bracket of the list stands; negative where neither
     * follows.
     */
    int next() {
        space();
        if (at < end && bytes[at] == ']') {
            return at;
        }
        if (at >= end || bytes[at] != ',') {
            return ABSENT;
        }
        at++;
        space();
        return at < end && bytes[at] == '{' ? at : ABSENT;
    }

    /** Where the text stopped being JSON. */
    int failedAt() {
        return Math.min(at, end);
    }

    private boolean values() {
        while (true) {
            space();
            if (at >= end) {
                return false;
            }
            byte first = bytes[at];
            boolean opened = false;
            if (first == '"') {
                if (!string(JsonTape.STRING)) {
                    return false;
                }
            } else if (first == '{' || first == '[') {
                if (!open(first == '{')) {
                    return false;
                }
                space();
                opened = at >= end || bytes[at] != (first == '{' ? '}' : ']');
                if (opened && items != null && at < end && depth == ITEM_DEPTH && bytes[at] == '{' && isItem()) {
                    at = items.end(at);
                    opened = false;
                    if (at < 0) {
                        return false;
                    }
                }
                if (!opened) {
                    close();
                }
            } else if (!scalar(first)) {
                return false;
            }
            if (opened) {
                if (first == '{' && !name()) {
                    return false;
                }
            } else if (!rest()) {
                return false;
            } else if (depth == 0) {
                return true;
            }
        }
    }

    /** What follows a value, up to where the next one begins; the depth is 0 where none does. */
    private boolean rest() {
        while (depth > 0) {
            space();
            if (at >= end) {
                return false;
            }
            byte found = bytes[at];
            boolean object = objects[depth];
            if (found == ',') {
                at++;
                return !object || name();
            }
            if (found != (object ? '}' : ']')) {
                return false;
            }
            close();
        }
        return true;
    }

    private boolean open(boolean object) {
        if (depth >= JsonReader.MAX_DEPTH) {
            return false;
        }
        if (foldedAt == NOT_FOLDED && item == null && depth == ITEM_DEPTH && isItem()) {
            add(JsonTape.FOLDED, at);
            foldedAt = depth;
        } else {
            add(object ? JsonTape.OBJECT : JsonTape.ARRAY, at);
        }
        depth++;
        open[depth] = size - 1;
        objects[depth] = object;
        at++;
        return true;
    }

    /** Whether the list we are in is the field {@code items} of the document. */
    private boolean isItem() {
        int list = open[depth];
        return objects[1] && !objects[2] && text.strings().is("items", from[list - 1], to[list - 1]);
    }

    private void close() {
        at++;
        int container = open[depth];
        depth--;
        if (depth == foldedAt) {
            foldedAt = NOT_FOLDED;
        }
        if (foldedAt == NOT_FOLDED) {
            to[container] = at;
            next[container] = size;
        }
    }

    private boolean name() {
        space();
        if (at >= end || bytes[at] != '"' || !string(JsonTape.STRING)) {
            return false;
        }
        space();
        return at < end && bytes[at++] == ':';
    }

    private boolean string(byte kind) {
        byte found = kind;
        byte[] all = bytes;
        byte[] meaning = INSIDE;
        int stop = end;
        int start = at + 1;
        int i = start;
        while (i < stop) {
            byte inside = meaning[all[i] & 0xFF];
            if (inside == PLAIN) {
                i++;
            } else if (inside == QUOTE) {
                add(found, start);
                if (foldedAt == NOT_FOLDED) {
                    to[size - 1] = i;
                }
                at = i + 1;
                return true;
            } else {
                int length = inside == ESCAPE ? escape(i) : inside == WIDE ? wide(i) : 0;
                if (length == 0) {
                    at = i;
                    return false;
                }
                found = inside == ESCAPE ? JsonTape.ESCAPED : found;
                i += length;
            }
        }
        at = end;
        return false;
    }

    /** Length of an escape, 0 where it is none. */
    private int escape(int start) {
        if (start + 1 >= end) {
            return 0;
        }
        byte kind = bytes[start + 1];
        if (kind != 'u') {
            return "\"\\/bfnrt".indexOf(kind) >= 0 ? 2 : 0;
        }
        for (int i = start + 2; i < start + 6; i++) {
            if (i >= end || Character.digit(bytes[i], 16) < 0) {
                return 0;
            }
        }
        return 6;
    }

    /** Length of a character of several bytes, 0 where it is none. */
    private int wide(int start) {
        int first = bytes[start] & 0xFF;
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (first < 0xC2 || first > 0xF4 || start + length > end || !isSecond(first, bytes[start + 1] & 0xFF)) {
            return 0;
        }
        for (int i = start + 1; i < start + length; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    private boolean scalar(byte first) {
        return switch (first) {
            case 't' -> word("true", JsonTape.TRUE);
            case 'f' -> word("false", JsonTape.FALSE);
            case 'n' -> word("null", JsonTape.NULL);
            default -> number();
        };
    }

    private boolean word(String word, byte kind) {
        int stop = at + word.length();
        if (stop > end || !text.strings().is(word, at, stop)) {
            return false;
        }
        return finish(kind, stop);
    }

    private boolean number() {
        int i = at;
        if (bytes[i] == '-') {
            i++;
        }
        int digits = digits(i);
        if (digits == i || bytes[i] == '0' && digits > i + 1) {
            return false;
        }
        i = digits;
        byte kind = JsonTape.INTEGER;
        if (i < end && bytes[i] == '.') {
            kind = JsonTape.DECIMAL;
            digits = digits(i + 1);
            if (digits == i + 1) {
                return false;
            }
            i = digits;
        }
        if (i < end && (bytes[i] | 0x20) == 'e') {
            kind = JsonTape.DECIMAL;
            i++;
            if (i < end && (bytes[i] == '+' || bytes[i] == '-')) {
                i++;
            }
            digits = digits(i);
            if (digits == i) {
                return false;
            }
            i = digits;
        }
        return finish(kind, i);
    }

    private int digits(int start) {
        int i = start;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    private boolean finish(byte kind, int stop) {
        add(kind, at);
        if (foldedAt == NOT_FOLDED) {
            to[size - 1] = stop;
        }
        at = stop;
        return true;
    }

    private void space() {
        byte[] text = bytes;
        int stop = end;
        int i = at;
        // Most bytes of a list as kubectl prints it are the blanks that indent it.
        while (i < stop && text[i] <= ' ' && BLANK[text[i] & 0xFF]) {
            i++;
        }
        at = i;
    }

    private void add(byte kind, int start) {
        if (foldedAt != NOT_FOLDED) {
            return;
        }
        if (size == kinds.length) {
            resize(size + (size >> 1));
        }
        kinds[size] = kind;
        from[size] = start;
        parent[size] = open[depth];
        size++;
        next[size - 1] = size;
    }

    private void resize(int room) {
        kinds = Arrays.copyOf(kinds, room);
        from = Arrays.copyOf(from, room);
        to = Arrays.copyOf(to, room);
        next = Arrays.copyOf(next, room);
        parent = Arrays.copyOf(parent, room);
    }

    private static boolean[] blank() {
        boolean[] table = new boolean[256];
        table[' '] = true;
        table['\n'] = true;
        table['\r'] = true;
        table['\t'] = true;
        return table;
    }

    private static byte[] inside() {
        byte[] table = new byte[256];
        Arrays.fill(table, 0, 0x20, CONTROL);
        Arrays.fill(table, 0x20, 0x80, PLAIN);
        Arrays.fill(table, 0x80, 0x100, WIDE);
        table['"'] = QUOTE;
        table['\\'] = ESCAPE;
        return table;
    }

    /** Whether a byte may follow a first one: neither longer than needed, nor a surrogate, nor beyond the last character (RFC 3629, section 4). */
    private static boolean isSecond(int first, int second) {
        return switch (first) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second < 0xA0;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second < 0x90;
            default -> true;
        };
    }
}
