package dev.podpath.core.trace;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.finding.Finding;
import io.vavr.collection.Vector;
import org.immutables.value.Value;

/**
 * The whole path of a request: a graph of hops without cycles, in which equal locations are one hop. A way back to a
 * place on the same path ends in {@link Disposition#LOOP} instead.
 */
@Value.Immutable
@DomainStyle
public interface Trace {
    /** What was asked, as the user wrote it. */
    String request();

    /** The hops; the first is where the request starts. */
    Vector<TracedHop> hops();

    /** How the request can end; shares sum to 1 where they are exact. */
    Vector<Outcome> outcomes();

    /** What was taken for granted anywhere on the path. */
    @Value.Default
    default Vector<String> assumptions() {
        return Vector.empty();
    }

    /** What the result does not cover. */
    @Value.Default
    default Vector<String> limits() {
        return Vector.empty();
    }

    /** The hop with this id. */
    default TracedHop hop(String id) {
        return hops().find(hop -> hop.id().equals(id))
                .getOrElseThrow(() -> new IllegalArgumentException("no hop " + id));
    }

    /** Every finding on the path with the id of its hop. */
    default Vector<PlacedFinding> findings() {
        return hops().flatMap(hop -> hop.hop().findings().map(finding -> new PlacedFinding(hop.id(), finding)));
    }

    /** The answer in one word. */
    default Verdict verdict() {
        if (outcomes().forAll(outcome -> outcome.disposition().isDelivered())) {
            return Verdict.DELIVERED;
        }
        boolean fails = outcomes()
                .exists(outcome ->
                        !outcome.disposition().isDelivered() && outcome.disposition() != Disposition.UNKNOWN);
        return fails ? Verdict.NOT_DELIVERED : Verdict.UNKNOWN;
    }

    /** Answers in one word. */
    enum Verdict {
        /** Every branch is delivered. */
        DELIVERED,
        /** Some branch is known not to be delivered. */
        NOT_DELIVERED,
        /** No branch is known to fail, but some cannot be told for want of evidence. */
        UNKNOWN
    }

    /**
     * A finding and where it was made.
     *
     * @param hop id of the hop
     * @param finding the finding
     */
    record PlacedFinding(String hop, Finding finding) {}

    /** Starts a trace. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a trace. */
    final class Builder extends ImmutableTrace.Builder {
        Builder() {}
    }
}
