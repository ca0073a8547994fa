package dev.podpath.ports.snapshot;

import dev.podpath.core.trace.Evidence;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value inside a JSON or YAML document that knows where it stands, so that evidence comes for free: what is quoted is
 * only looked up when somebody reads it.
 *
 * <p>Reading is lenient where clouds are: a number written as a string is a number, and what is absent, null or of
 * another kind is simply not there. A field of something that is not there is not there either.
 */
public final class Json {
    private static final Option<Boolean> YES = Option.some(true);
    private static final Option<Boolean> NO = Option.some(false);

    private final JsonTape tape;
    private final int value;
    private final Option<Lost> lost;

    private Json(JsonTape tape, int value, Option<Lost> lost) {
        this.tape = tape;
        this.value = value;
        this.lost = lost;
    }

    /** A field that is not there, and what it would be a field of. */
    private record Lost(Json owner, String field) {}

    static Json root(JsonTape tape) {
        return new Json(tape, 0, Option.none());
    }

    /** The document this value is in. */
    public Document document() {
        return tape.source().document();
    }

    /** JSON pointer (RFC 6901) of this value; empty text for the whole document. */
    public String pointer() {
        return lost.isDefined()
                ? lost.get().owner().pointer() + "/" + escape(lost.get().field())
                : tape.pointer(value);
    }

    /** Whether there is a value here that is not null. */
    public boolean isPresent() {
        return value != JsonTape.ABSENT && tape.kind(value) != JsonTape.NULL;
    }

    /** Whether this is an object. */
    public boolean isObject() {
        return is(JsonTape.OBJECT);
    }

    /** Whether this is an array. */
    public boolean isArray() {
        return is(JsonTape.ARRAY);
    }

    /** The value of a field; not present where there is none. */
    public Json at(String field) {
        return field(field);
    }

    /** The value at a path of field names below this one; not present where any of them is not. */
    public Json at(String... fields) {
        Json here = this;
        for (String field : fields) {
            here = here.field(field);
        }
        return here;
    }

    private Json field(String name) {
        int found = find(value, name);
        return found == JsonTape.ABSENT
                ? new Json(tape, JsonTape.ABSENT, Option.some(new Lost(this, name)))
                : new Json(tape, found, Option.none());
    }

    /** The elements of an array; empty where this is no array. */
    public Vector<Json> items() {
        if (!isArray() || tape.first(value) == tape.end(value)) {
            return Vector.empty();
        }
        List<Json> items = new ArrayList<>();
        forEachItem(items::add);
        return Vector.ofAll(items);
    }

    /** The elements of the array at a path of field names. */
    public Vector<Json> items(String... fields) {
        int found = find(fields);
        return found == JsonTape.ABSENT ? Vector.empty() : new Json(tape, found, Option.none()).items();
    }

    /** The value at a path of field names on the tape. */
    private int find(String... fields) {
        int here = value;
        for (String field : fields) {
            here = find(here, field);
        }
        return here;
    }

    private int find(int object, String field) {
        return object == JsonTape.ABSENT ? JsonTape.ABSENT : tape.field(object, field);
    }

    /**
     * Goes through the elements of an array, none where this is no array. The items of a long list are in memory only one
     * at a time, as long as the caller does not keep them.
     */
    public void forEachItem(Consumer<Json> consumer) {
        forEachItem(0, Integer.MAX_VALUE, consumer);
    }

    /** How many elements an array has; 0 where this is no array. */
    public int itemCount() {
        int count = 0;
        if (isArray()) {
            for (int at = tape.first(value); at < tape.end(value); at = tape.after(at)) {
                count++;
            }
        }
        return count;
    }

    /**
     * Goes through some elements of an array, as {@link #forEachItem(Consumer)} does; several threads can each take
     * some.
     *
     * @param begin number of the first, from 0
     * @param end number behind the last
     */
    public void forEachItem(int begin, int end, Consumer<Json> consumer) {
        if (!isArray()) {
            return;
        }
        int index = 0;
        @Nullable ItemRun run = null;
        for (int at = tape.first(value); at < tape.end(value) && index < end; at = tape.after(at)) {
            if (index >= begin) {
                if (tape.kind(at) == JsonTape.FOLDED) {
                    run = run == null ? ItemRun.all(tape.source(), pointer()) : run;
                    consumer.accept(root(tape.unfold(at, run, index)));
                } else {
                    consumer.accept(new Json(tape, at, Option.none()));
                }
            }
            index++;
        }
    }

    /** The names of an object's fields, in order. */
    public Vector<String> names() {
        return isObject() ? Vector.ofAll(tape.fields(value).keySet()) : Vector.empty();
    }

    /** The text of a scalar: strings as they are, numbers and booleans as written. */
    public Option<String> text() {
        return isScalar(value) ? Option.some(tape.text(value)) : Option.none();
    }

    /** The text of a scalar field. */
    public Option<String> text(String field) {
        return textAt(find(value, field));
    }

    /** The text of a scalar field of a field. */
    public Option<String> text(String field, String below) {
        return textAt(find(find(value, field), below));
    }

    /** The text of a scalar at a path of field names. */
    public Option<String> text(String... fields) {
        return textAt(find(fields));
    }

    private Option<String> textAt(int found) {
        return isScalar(found) ? Option.some(tape.text(found)) : Option.none();
    }

    /** The text of a scalar field, or empty text. */
    public String textOr(String otherwise, String field) {
        int found = find(value, field);
        return isScalar(found) ? tape.text(found) : otherwise;
    }

    /** The number of a field, also where it is written as a string. */
    public Option<Integer> integer(String... fields) {
        return number(fields)
                .filter(n -> n >= Integer.MIN_VALUE && n <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    /** The number of a field, also where it is written as a string. */
    public Option<Long> number(String... fields) {
        return text(fields).flatMap(Json::parse);
    }

    /** The truth of a field, also where it is written as a string; empty where it is neither true nor false. */
    public Option<Boolean> bool(String field) {
        return boolAt(find(value, field));
    }

    /** The same at a path of field names. */
    public Option<Boolean> bool(String... fields) {
        return boolAt(find(fields));
    }

    private Option<Boolean> boolAt(int found) {
        if (found != JsonTape.ABSENT && (tape.kind(found) == JsonTape.TRUE || tape.kind(found) == JsonTape.FALSE)) {
            return tape.kind(found) == JsonTape.TRUE ? YES : NO;
        }
        return textAt(found)
                .filter(text -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))
                .map(Boolean::parseBoolean);
    }

    /** Whether a field is true. */
    public boolean isTrue(String... fields) {
        return bool(fields).getOrElse(false);
    }

    /** The scalar elements of an array field as text. */
    public Vector<String> texts(String... fields) {
        int array = find(fields);
        if (array == JsonTape.ABSENT || tape.kind(array) != JsonTape.ARRAY) {
            return Vector.empty();
        }
        List<String> texts = new ArrayList<>(2);
        eachText(array, texts::add);
        return texts.isEmpty() ? Vector.empty() : Vector.ofAll(texts);
    }

    /** Goes through the scalar elements of an array field as text. */
    public void forEachText(String field, Consumer<String> consumer) {
        int array = find(value, field);
        if (array != JsonTape.ABSENT && tape.kind(array) == JsonTape.ARRAY) {
            eachText(array, consumer);
        }
    }

    private void eachText(int array, Consumer<String> consumer) {
        for (int at = tape.first(array); at < tape.end(array); at = tape.after(at)) {
            if (isScalar(at)) {
                consumer.accept(tape.text(at));
            }
        }
    }

    /** The scalar fields of an object field, by name. */
    public Map<String, String> textMap(String... fields) {
        int object = find(fields);
        if (object == JsonTape.ABSENT || tape.kind(object) != JsonTape.OBJECT) {
            return HashMap.empty();
        }
        List<Tuple2<String, String>> entries = new ArrayList<>();
        tape.fields(object).forEach((name, at) -> {
            if (isScalar(at)) {
                entries.add(Tuple.of(name, tape.text(at)));
            }
        });
        return HashMap.ofEntries(entries);
    }

    /** This value as evidence; the excerpt is its JSON text, shortened. */
    public Evidence evidence() {
        return quoted(JsonExcerpt.WHOLE);
    }

    /** This object as evidence, with only these of its fields in the excerpt. */
    public Evidence evidence(String... fields) {
        return quoted(JsonExcerpt.fields(fields));
    }

    /**
     * This object as evidence, with only the values at these dotted paths in the excerpt, such as {@code
     * metadata.name}; what is not there is left out.
     */
    public Evidence evidenceOfPaths(String... paths) {
        return quoted(JsonExcerpt.paths(paths));
    }

    /** The same with the parts of it that an excerpt is made of, which is kept for all values of a kind. */
    public Evidence evidence(JsonExcerpt excerpt) {
        return quoted(excerpt);
    }

    /** What is quoted of a value that is not there: the tape may be that of another item when somebody asks. */
    private Supplier<Evidence.Quote> absent() {
        Json owner = this;
        String below = "";
        while (owner.lost.isDefined()) {
            below = "/" + escape(owner.lost.get().field()) + below;
            owner = owner.lost.get().owner();
        }
        TapeSource source = tape.lasting();
        int at = owner.value;
        String fields = below;
        return () ->
                new Evidence.Quote(Option.none(), Option.some(source.tape().pointer(at) + fields), "(not present)");
    }

    private Evidence quoted(JsonExcerpt excerpt) {
        String path = document().path();
        if (value == JsonTape.ABSENT) {
            return Evidence.lookedUp(path, absent());
        }
        return Evidence.lookedUp(path, new JsonPlace(tape.lasting(), value, excerpt));
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return isPresent() ? JsonExcerpt.text(tape, value) : "";
    }

    private boolean is(byte kind) {
        return value != JsonTape.ABSENT && tape.kind(value) == kind;
    }

    private boolean isScalar(int at) {
        return at != JsonTape.ABSENT && tape.kind(at) >= JsonTape.STRING && tape.kind(at) < JsonTape.NULL;
    }

    /** A decimal number of at most 18 digits, blanks around it being ignored. */
    private static Option<Long> parse(String text) {
        String digits = text.strip();
        int first = digits.startsWith("-") ? 1 : 0;
        boolean number = digits.length() > first && digits.length() < 19;
        long value = 0;
        for (int i = first; number && i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            number = digit >= 0 && digit <= 9;
            value = value * 10 + digit;
        }
        return number ? Option.some(first == 1 ? -value : value) : Option.none();
    }

    static String escape(String field) {
        return field.replace("~", "~0").replace("/", "~1");
    }
}
