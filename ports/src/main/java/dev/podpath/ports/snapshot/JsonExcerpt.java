package dev.podpath.ports.snapshot;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which parts of a value are shown where it is quoted: all of it, or the values at some paths of field names. The text is
 * JSON on one line; it is only made as far as it can be shown.
 */
public final class JsonExcerpt {
    /** Everything. */
    static final JsonExcerpt WHOLE = new JsonExcerpt(Kind.WHOLE);

    /** Longer than what is ever shown. */
    private static final int ENOUGH = 512;

    private final Kind kind;
    private final String[] parts;

    private JsonExcerpt(Kind kind, String... parts) {
        this.kind = kind;
        this.parts = parts;
    }

    private enum Kind {
        WHOLE,
        FIELDS,
        PATHS
    }

    /** These fields of an object; all of what is no object. */
    public static JsonExcerpt fields(String... names) {
        return new JsonExcerpt(Kind.FIELDS, names);
    }

    /** The values at these dotted paths, such as {@code metadata.name}; what is not there is left out. */
    public static JsonExcerpt paths(String... dotted) {
        return new JsonExcerpt(Kind.PATHS, dotted);
    }

    /** The JSON text of a value, however long. */
    static String text(JsonTape tape, int value) {
        StringBuilder out = new StringBuilder();
        write(tape, value, out, Integer.MAX_VALUE);
        return out.toString();
    }

    /** What is shown of a value, possibly cut. */
    String of(JsonTape tape, int value) {
        if (tape.kind(value) == JsonTape.NULL) {
            return "(not present)";
        }
        StringBuilder out = new StringBuilder();
        if (kind == Kind.WHOLE || kind == Kind.FIELDS && tape.kind(value) != JsonTape.OBJECT) {
            write(tape, value, out, ENOUGH);
        } else {
            write(tape, chosen(tape, value), out);
        }
        return out.toString();
    }

    /** The chosen values, each below the names of its path; a value is a number on the tape. */
    private Map<String, Object> chosen(JsonTape tape, int object) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (String part : parts) {
            String[] path = kind == Kind.PATHS ? part.split("\\.") : new String[] {part};
            int value = object;
            for (int i = 0; i < path.length && value != JsonTape.ABSENT; i++) {
                value = tape.field(value, path[i]);
            }
            if (value != JsonTape.ABSENT) {
                put(tree, path, 0, value);
            }
        }
        return tree;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> tree, String[] path, int at, int value) {
        if (at == path.length - 1) {
            tree.put(path[at], value);
            return;
        }
        Object below = tree.computeIfAbsent(path[at], name -> new LinkedHashMap<String, Object>());
        if (below instanceof Map<?, ?> map) {
            put((Map<String, Object>) map, path, at + 1, value);
        }
    }

    private static void write(JsonTape tape, Map<?, ?> tree, StringBuilder out) {
        String before = "{";
        for (Map.Entry<?, ?> entry : tree.entrySet()) {
            out.append(before);
            quote(String.valueOf(entry.getKey()), out);
            out.append(':');
            if (entry.getValue() instanceof Map<?, ?> below) {
                write(tape, below, out);
            } else if (entry.getValue() instanceof Integer value) {
                write(tape, value, out, ENOUGH);
            }
            before = ",";
        }
        out.append(tree.isEmpty() ? "{}" : "}");
    }

    private static void write(JsonTape tape, int value, StringBuilder out, int most) {
        if (out.length() > most) {
            return;
        }
        switch (tape.kind(value)) {
            case JsonTape.OBJECT -> object(tape, value, out, most);
            case JsonTape.ARRAY -> array(tape, value, out, most);
            case JsonTape.STRING, JsonTape.ESCAPED -> quote(tape.text(value), out);
            case JsonTape.FOLDED -> write(tape.unfold(value, ItemRun.all(tape.source(), ""), 0), 0, out, most);
            default -> out.append(tape.text(value));
        }
    }

    private static void object(JsonTape tape, int object, StringBuilder out, int most) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, Integer> field : tape.fields(object).entrySet()) {
            if (out.length() > most) {
                return;
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            quote(field.getKey(), out);
            out.append(':');
            write(tape, field.getValue(), out, most);
        }
        out.append('}');
    }

    private static void array(JsonTape tape, int array, StringBuilder out, int most) {
        out.append('[');
        for (int at = tape.first(array); at < tape.end(array) && out.length() <= most; at = tape.after(at)) {
            if (at > tape.first(array)) {
                out.append(',');
            }
            write(tape, at, out, most);
        }
        out.append(']');
    }

    /** A text as a JSON string. */
    static void quote(String text, StringBuilder out) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }
}
