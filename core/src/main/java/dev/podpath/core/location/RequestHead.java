package dev.podpath.core.location;

import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * Method and header fields of an HTTP request (RFC 9110, sections 5 and 9); what it does not name is not sent.
 *
 * @param method the method, in the case it is sent in
 * @param fields the header fields in the order they are sent
 */
public record RequestHead(String method, Vector<Field> fields) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final RequestHead PLAIN = new RequestHead("GET", Vector.empty());

    /**
     * A header field.
     *
     * @param name lower-case name
     * @param value its value, without spaces around it
     */
    public record Field(String name, String value) {
        @Override
        public String toString() {
            return name + ": " + value;
        }
    }

    /** A GET request without header fields of its own. */
    public static RequestHead plain() {
        return PLAIN;
    }

    /**
     * Reads what a user writes.
     *
     * @param method the method
     * @param lines {@code Name: value} each
     * @return the head, or what is wrong with a part
     */
    public static Either<String, RequestHead> parse(String method, Vector<String> lines) {
        if (!method.matches(TOKEN)) {
            return Either.left("'" + method + "' is no method; expected one as GET or POST");
        }
        RequestHead head = new RequestHead(method, Vector.empty());
        for (String line : lines) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (!name.matches(TOKEN) || value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7F)) {
                return Either.left("'" + line + "' is no header; expected NAME: VALUE");
            }
            head = head.with(name, value);
        }
        return Either.right(head);
    }

    /** The same with one more field. */
    public RequestHead with(String name, String value) {
        return new RequestHead(method, fields.append(new Field(name.toLowerCase(Locale.ROOT), value)));
    }

    /** The value of a field, whatever the case of its name; several are one, separated by commas (RFC 9110, section 5.3). */
    public Option<String> field(String name) {
        Vector<Field> found = fields.filter(field -> field.name().equalsIgnoreCase(name));
        String separator = name.equalsIgnoreCase("cookie") ? "; " : ", ";
        return Option.when(!found.isEmpty(), () -> found.map(Field::value).mkString(separator));
    }

    /** The value of a cookie (RFC 6265, section 4.2); the first of that name. */
    public Option<String> cookie(String name) {
        return field("cookie")
                .toVector()
                .flatMap(value -> Vector.of(value.split(";")))
                .map(String::strip)
                .find(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1));
    }

    @Override
    public String toString() {
        return fields.isEmpty() ? method : method + " with " + fields.mkString(", ");
    }
}
