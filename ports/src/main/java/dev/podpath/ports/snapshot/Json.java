package dev.podpath.ports.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podpath.core.trace.Evidence;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A value inside a JSON or YAML document that knows where it stands, so that evidence comes for free.
 *
 * <p>Reading is lenient where clouds are: a number written as a string is a number, and what is absent, null or of
 * another kind is simply not there. A field of something that is not there is not there either.
 */
public final class Json {
    private final Document document;
    private final String pointer;
    private final JsonNode node;
    private final JsonLines lines;

    private Json(Document document, String pointer, JsonNode node, JsonLines lines) {
        this.document = document;
        this.pointer = pointer;
        this.node = node;
        this.lines = lines;
    }

    static Json root(Document document, JsonNode node) {
        return new Json(document, "", node, new JsonLines(document, node));
    }

    /** The document this value is in. */
    public Document document() {
        return document;
    }

    /** JSON pointer (RFC 6901) of this value; empty text for the whole document. */
    public String pointer() {
        return pointer;
    }

    /** Whether there is a value here that is not null. */
    public boolean isPresent() {
        return !node.isMissingNode() && !node.isNull();
    }

    /** Whether this is an object. */
    public boolean isObject() {
        return node.isObject();
    }

    /** Whether this is an array. */
    public boolean isArray() {
        return node.isArray();
    }

    /** The value at a path of field names below this one; not present where any of them is not. */
    public Json at(String... fields) {
        Json here = this;
        for (String field : fields) {
            JsonNode next = here.node.isObject() ? here.node.get(field) : MissingNode.getInstance();
            here = new Json(
                    document,
                    here.pointer + "/" + escape(field),
                    next == null ? MissingNode.getInstance() : next,
                    lines);
        }
        return here;
    }

    /** The elements of an array; empty where this is no array. */
    public Vector<Json> items() {
        if (!node.isArray()) {
            return Vector.empty();
        }
        return Vector.range(0, node.size()).map(i -> new Json(document, pointer + "/" + i, node.get(i), lines));
    }

    /** The elements of the array at a path of field names. */
    public Vector<Json> items(String... fields) {
        return at(fields).items();
    }

    /** The names of an object's fields, in order. */
    public Vector<String> names() {
        return Vector.ofAll(node::fieldNames);
    }

    /** The text of a scalar: strings as they are, numbers and booleans as written. */
    public Option<String> text() {
        return node.isValueNode() && isPresent() ? Option.some(node.asText()) : Option.none();
    }

    /** The text of a scalar field. */
    public Option<String> text(String... fields) {
        return at(fields).text();
    }

    /** The text of a scalar field, or empty text. */
    public String textOr(String otherwise, String field) {
        return at(field).text().getOrElse(otherwise);
    }

    /** The number of a field, also where it is written as a string. */
    public Option<Integer> integer(String... fields) {
        return number(fields)
                .filter(n -> n >= Integer.MIN_VALUE && n <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    /** The number of a field, also where it is written as a string. */
    public Option<Long> number(String... fields) {
        Json field = at(fields);
        if (field.node.isIntegralNumber() && field.node.canConvertToLong()) {
            return Option.some(field.node.asLong());
        }
        return field.text().flatMap(Json::parse);
    }

    /** The truth of a field, also where it is written as a string; empty where it is neither true nor false. */
    public Option<Boolean> bool(String... fields) {
        return at(fields)
                .text()
                .filter(text -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))
                .map(Boolean::parseBoolean);
    }

    /** Whether a field is true. */
    public boolean isTrue(String... fields) {
        return bool(fields).getOrElse(false);
    }

    /** The scalar elements of an array field as text. */
    public Vector<String> texts(String... fields) {
        return at(fields).items().flatMap(Json::text);
    }

    /** The scalar fields of an object field, by name. */
    public Map<String, String> textMap(String... fields) {
        Json object = at(fields);
        Vector<String> names = object.names();
        return HashMap.ofEntries(names.flatMap(name -> object.text(name).map(text -> Tuple.of(name, text))));
    }

    /** This value as evidence; the excerpt is its JSON text, shortened. */
    public Evidence evidence() {
        return evidenceOf(node);
    }

    /** This object as evidence, with only these of its fields in the excerpt. */
    public Evidence evidence(String... fields) {
        if (!(node instanceof ObjectNode object)) {
            return evidence();
        }
        ObjectNode chosen = object.objectNode();
        for (String field : fields) {
            JsonNode value = object.get(field);
            if (value != null) {
                chosen.set(field, value);
            }
        }
        return evidenceOf(chosen);
    }

    /**
     * This object as evidence, with only the values at these dotted paths in the excerpt, such as {@code
     * metadata.name}; what is not there is left out.
     */
    public Evidence evidenceOfPaths(String... paths) {
        ObjectNode chosen = JsonNodeFactory.instance.objectNode();
        for (String path : paths) {
            String[] fields = path.split("\\.");
            JsonNode value = at(fields).node;
            if (value.isMissingNode()) {
                continue;
            }
            ObjectNode into = chosen;
            for (int i = 0; i < fields.length - 1; i++) {
                into = into.withObjectProperty(fields[i]);
            }
            into.set(fields[fields.length - 1], value);
        }
        return evidenceOf(chosen);
    }

    private Evidence evidenceOf(JsonNode excerpt) {
        return new Evidence(
                document.path(),
                lines.lineOf(node, pointer),
                Option.some(pointer),
                Document.shorten(isPresent() ? JsonTree.text(excerpt) : "(not present)"));
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return isPresent() ? JsonTree.text(node) : "";
    }

    private static Option<Long> parse(String text) {
        String digits = text.strip();
        boolean number = !digits.isEmpty() && digits.length() < 19 && digits.matches("-?[0-9]+");
        return number ? Option.some(Long.parseLong(digits)) : Option.none();
    }

    private static String escape(String field) {
        return field.replace("~", "~0").replace("/", "~1");
    }
}
