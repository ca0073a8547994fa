package dev.podpath.core.trace;

import io.vavr.control.Option;

/**
 * The place in a captured document that decided something.
 *
 * @param document path of the document in the snapshot, with {@code /}
 * @param line one-based line number, where the document has lines or the pointer could be located
 * @param pointer JSON pointer (RFC 6901) into the document, where it is JSON or YAML
 * @param excerpt the text at that place, as the document has it; long values are shortened
 */
public record Evidence(String document, Option<Integer> line, Option<String> pointer, String excerpt) {
    /** A line of a text document. */
    public static Evidence line(String document, int line, String excerpt) {
        return new Evidence(document, Option.some(line), Option.none(), excerpt);
    }

    /** A value of a JSON document. */
    public static Evidence pointer(String document, String pointer, String excerpt) {
        return new Evidence(document, Option.none(), Option.some(pointer), excerpt);
    }

    /** The document as a whole. */
    public static Evidence document(String document, String excerpt) {
        return new Evidence(document, Option.none(), Option.none(), excerpt);
    }

    /** {@code document:line} or {@code document#pointer}, for people. */
    public String where() {
        return document
                + line.map(n -> ":" + n).getOrElse("")
                + pointer.filter(p -> !p.isEmpty()).map(p -> "#" + p).getOrElse("");
    }
}
