package dev.podpath.core.resolve;

import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Hop;
import io.vavr.collection.Vector;

/** The answer of a {@link HopResolver}. */
public sealed interface Resolution {
    /** The step was taken. */
    record Resolved(Hop hop) implements Resolution {}

    /**
     * The location is none of this resolver's. If nobody else takes it either, the lookups explain the unknown end.
     *
     * @param lookups what was looked up in vain, with evidence, or what is {@linkplain Decision#missing() missing}
     */
    record Declined(Vector<Decision> lookups) implements Resolution {}

    /** The step was taken. */
    static Resolution of(Hop hop) {
        return new Resolved(hop);
    }

    /** Not mine, and here is what I looked up. */
    static Resolution declined(Decision... lookups) {
        return new Declined(Vector.of(lookups));
    }
}
