package dev.podpath.ports.snapshot;

import io.vavr.control.Option;

/**
 * A document, or a place in one, that could not be read. The rest of the snapshot is still analysed.
 *
 * @param document path in the snapshot
 * @param line one-based line, where there is one
 * @param found what is there; blank text is told as "nothing"
 * @param expected what should be there
 * @param remedy what the user can do
 */
public record DocumentProblem(String document, Option<Integer> line, String found, String expected, String remedy) {
    /** A problem. */
    public DocumentProblem {
        found = found.isBlank() ? "nothing" : found;
    }

    /** A problem at a line. */
    public static DocumentProblem at(String document, int line, String found, String expected) {
        return new DocumentProblem(document, Option.some(line), found, expected, "capture the document again");
    }

    /** A problem of the whole document. */
    public static DocumentProblem of(String document, String found, String expected) {
        return new DocumentProblem(document, Option.none(), found, expected, "capture the document again");
    }

    /** {@code file:line: found …, expected …; remedy}. */
    @Override
    public String toString() {
        return document
                + line.map(n -> ":" + n).getOrElse("")
                + ": found "
                + found
                + ", expected "
                + expected
                + "; "
                + remedy;
    }
}
