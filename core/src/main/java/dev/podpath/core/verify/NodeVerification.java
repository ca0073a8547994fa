package dev.podpath.core.verify;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.proxy.RuleCoverage;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.immutables.value.Value;

/** What verifying one node came to. */
@Value.Immutable
@DomainStyle
public interface NodeVerification extends Comparable<NodeVerification> {
    /** Name of the node. */
    String node();

    /** The proxy mode in force; empty where nothing tells. */
    Option<String> mode();

    /** What was looked at. */
    @Value.Default
    default Coverage coverage() {
        return Coverage.NOTHING;
    }

    /** What is otherwise than intended, sorted. */
    @Value.Default
    default Vector<Violation> violations() {
        return Vector.empty();
    }

    /** What could not be verified, sorted. */
    @Value.Default
    default Vector<UnknownVerdict> unknowns() {
        return Vector.empty();
    }

    /** What was taken for granted; the result holds only if it is so. Sorted, each once. */
    @Value.Default
    default Vector<String> assumptions() {
        return Vector.empty();
    }

    /** Diagnoses that no packet shows: something to know about the node or the objects. They do not make it VIOLATED. */
    @Value.Default
    default Vector<Finding> findings() {
        return Vector.empty();
    }

    /** Wall-clock seconds of reading and verifying; 0 where nobody measured. It is no part of the result. */
    @Value.Default
    @Value.Auxiliary
    default double seconds() {
        return 0;
    }

    /** The answer. */
    default Result result() {
        if (!violations().isEmpty()) {
            return Result.VIOLATED;
        }
        return unknowns().isEmpty() ? Result.HOLDS : Result.UNKNOWN;
    }

    /** The same with the time it took. */
    default NodeVerification took(double seconds) {
        return copy(violations(), unknowns(), coverage(), seconds);
    }

    /** The same with another account of the rules. */
    default NodeVerification covering(Vector<RuleCoverage> tables) {
        return copy(violations(), unknowns(), coverage().of(tables), seconds());
    }

    /** The same with other violations and unknowns, both sorted. */
    default NodeVerification with(Vector<Violation> violations, Vector<UnknownVerdict> unknowns) {
        return copy(violations, unknowns, coverage(), seconds());
    }

    private NodeVerification copy(
            Vector<Violation> violations, Vector<UnknownVerdict> unknowns, Coverage coverage, double seconds) {
        return builder()
                .node(node())
                .mode(mode())
                .coverage(coverage)
                .violations(violations)
                .unknowns(unknowns)
                .assumptions(assumptions())
                .findings(findings())
                .seconds(seconds)
                .build();
    }

    @Override
    default int compareTo(NodeVerification other) {
        return node().compareTo(other.node());
    }

    /** Starts a result. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a result. */
    final class Builder extends ImmutableNodeVerification.Builder {
        Builder() {}
    }
}
