package dev.podpath.ports.snapshot;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a JSON text in the order in which they stand, each by where its text begins and ends, in flat arrays: a
 * value costs seventeen bytes, and text is decoded when it is asked for. A field's name precedes its value. Immutable.
 *
 * <p>The items of a list as {@code kubectl} prints them are <em>folded</em>: known to be well formed, but only unfolded,
 * on a tape of their own, while somebody reads them. So a list of a hundred thousand objects is never in memory as a whole.
 */
final class JsonTape implements TapeSource {
    static final byte OBJECT = 1;
    static final byte ARRAY = 2;
    static final byte STRING = 3;
    static final byte ESCAPED = 4;
    static final byte INTEGER = 5;
    static final byte DECIMAL = 6;
    static final byte TRUE = 7;
    static final byte FALSE = 8;
    static final byte NULL = 9;
    static final byte FOLDED = 10;

    static final int ABSENT = -1;

    /** Objects with more fields than this are looked up by a table. */
    private static final int FEW = 24;

    private final JsonText text;
    private final @Nullable Item item;
    private final byte[] kinds;
    private final int[] from;
    private final int[] to;
    private final int[] next;
    private final int[] parent;
    private @Nullable Map<Integer, Map<String, Integer>> tables;

    JsonTape(JsonText text, @Nullable Item item, byte[] kinds, int[] from, int[] to, int[] next, int[] parent) {
        this.text = text;
        this.item = item;
        this.kinds = kinds;
        this.from = from;
        this.to = to;
        this.next = next;
        this.parent = parent;
    }

    /** The text this is a tape of. */
    JsonText source() {
        return text;
    }

    @Override
    public JsonTape tape() {
        return this;
    }

    /** What to keep where a value of this tape may be quoted later. */
    TapeSource lasting() {
        return item == null ? this : item;
    }

    byte kind(int value) {
        return kinds[value];
    }

    int from(int value) {
        return from[value];
    }

    int to(int value) {
        return to[value];
    }

    /** The first element of an array, or the name of an object's first field; {@link #end} where it is empty. */
    int first(int container) {
        return container + 1;
    }

    /** Behind the last value in a container. */
    int end(int container) {
        return next[container];
    }

    /** The element after this one, or the name of the field after this value. */
    int after(int value) {
        return next[value];
    }

    /** The text of a name or scalar: strings without escapes, everything else as it is written. */
    String text(int value) {
        return kinds[value] == ESCAPED
                ? text.strings().escaped(from[value], to[value])
                : text.strings().plain(from[value], to[value]);
    }

    /** The value of a field, the last one where the name occurs twice; {@link #ABSENT} where there is none. */
    int field(int object, String name) {
        if (kinds[object] != OBJECT) {
            return ABSENT;
        }
        int length = name.length();
        byte[] bytes = text.bytes();
        char last = length == 0 ? 0 : name.charAt(length - 1);
        int found = ABSENT;
        boolean inBytes = false;
        int seen = 0;
        int end = next[object];
        for (int at = object + 1; at < end; at = next[at + 1]) {
            if (++seen > FEW) {
                return table(object).getOrDefault(name, ABSENT);
            }
            if (kinds[at] != STRING) {
                found = text(at).equals(name) ? at + 1 : found;
            } else if (to[at] - from[at] == length
                    && (length == 0 || bytes[to[at] - 1] == last)
                    && text.strings().is(name, from[at], to[at])) {
                found = at + 1;
                inBytes = true;
            }
        }
        // Text beyond ASCII is not recognized in its bytes; what was recognized there is ASCII.
        return inBytes || isAscii(name) ? found : table(object).getOrDefault(name, ABSENT);
    }

    private static boolean isAscii(String name) {
        int bits = 0;
        for (int i = 0; i < name.length(); i++) {
            bits |= name.charAt(i);
        }
        return bits < 128;
    }

    /** The fields of an object by name, where it has so many that looking through them all would be slow. */
    private synchronized Map<String, Integer> table(int object) {
        if (tables == null) {
            tables = new HashMap<>();
        }
        return tables.computeIfAbsent(object, this::fields);
    }

    /** The fields of an object: each name once, in the order of its first occurrence, with the last value. */
    Map<String, Integer> fields(int object) {
        Map<String, Integer> fields = new LinkedHashMap<>();
        if (kinds[object] == OBJECT) {
            for (int at = first(object); at < end(object); at = next[at + 1]) {
                fields.put(text(at), at + 1);
            }
        }
        return fields;
    }

    /** The JSON pointer of a value. */
    String pointer(int value) {
        StringBuilder pointer = new StringBuilder();
        if (item != null) {
            pointer.append(item.run().list()).append('/').append(item.index());
        }
        append(value, pointer);
        return pointer.toString();
    }

    private void append(int value, StringBuilder pointer) {
        if (value == 0) {
            return;
        }
        int owner = parent[value];
        append(owner, pointer);
        if (kinds[owner] == OBJECT) {
            pointer.append('/').append(Json.escape(text(value - 1)));
            return;
        }
        int index = 0;
        for (int at = first(owner); at < value; at = next[at]) {
            index++;
        }
        pointer.append('/').append(index);
    }

    /**
     * The item that stands folded at this value.
     *
     * @param run the list it is in
     * @param index its place in the list, from 0
     */
    JsonTape unfold(int value, ItemRun run, int index) {
        return new Item(run, index, from[value], to[value] - from[value]).tape();
    }

    /**
     * An item of a list.
     *
     * @param run the items it is one of
     * @param place its place among them, from 0
     * @param from where its text begins
     * @param length of its text, about, in bytes
     */
    record Item(ItemRun run, int place, int from, int length) implements TapeSource {
        @Override
        public JsonTape tape() {
            JsonTape tape = new JsonScanner(run.text(), length).item(this, from);
            if (tape == null) {
                throw new IllegalStateException("an item that was well formed is so no longer");
            }
            return tape;
        }

        /** Its place in the list, from 0. */
        int index() {
            return run.before() + place;
        }
    }
}
