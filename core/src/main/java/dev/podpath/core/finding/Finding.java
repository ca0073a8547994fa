package dev.podpath.core.finding;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;

/**
 * A diagnosis made on a path.
 *
 * @param code its kind
 * @param severity how bad it is here
 * @param message what is wrong here, with names and addresses
 * @param evidence the places that show it
 */
public record Finding(FindingCode code, Severity severity, String message, Vector<Evidence> evidence) {
    /** A finding of the code's own severity. */
    public static Finding of(FindingCode code, String message, Evidence... evidence) {
        return new Finding(code, code.severity(), message, Vector.of(evidence));
    }
}
