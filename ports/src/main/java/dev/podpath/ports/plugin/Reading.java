package dev.podpath.ports.plugin;

import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;

/**
 * What was made from documents, and how well they were understood.
 *
 * @param value what was made
 * @param problems documents or places that could not be read
 * @param reports how much of each document was understood
 */
public record Reading<T>(T value, Vector<DocumentProblem> problems, Vector<DocumentReport> reports) {
    /** Read without a problem. */
    public static <T> Reading<T> of(T value) {
        return new Reading<>(value, Vector.empty(), Vector.empty());
    }

    /** The same with further problems. */
    public Reading<T> withProblems(Iterable<DocumentProblem> more) {
        return new Reading<>(value, problems.appendAll(more), reports);
    }

    /** The same with further reports. */
    public Reading<T> withReports(Iterable<DocumentReport> more) {
        return new Reading<>(value, problems, reports.appendAll(more));
    }
}
