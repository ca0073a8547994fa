package dev.podpath.core.proxy;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.immutables.value.Value;

/** What a node does with a packet: one or more branches, and the reasoning they share. */
@Value.Immutable
@DomainStyle
public interface ProxyVerdict {
    /** The ways the packet can take; at least one. Shares sum to 1 where they are exact. */
    Vector<ProxyBranch> branches();

    /** Reasoning that holds for every branch: the virtual server, the scheduler, why something did not apply. */
    @Value.Default
    default Vector<Decision> decisions() {
        return Vector.empty();
    }

    /** What was taken for granted, such as where the node's addresses were taken from. */
    @Value.Default
    default Vector<String> assumptions() {
        return Vector.empty();
    }

    /** Diagnoses of the node's state that concern this packet. */
    @Value.Default
    default Vector<Finding> findings() {
        return Vector.empty();
    }

    /** For how many seconds a client goes on to the endpoint it had; empty where every connection is placed anew. */
    @Value.Default
    default Option<Integer> affinitySeconds() {
        return Option.none();
    }

    /** At least one branch. */
    @Value.Check
    default void check() {
        if (branches().isEmpty()) {
            throw new IllegalStateException("a verdict needs a branch");
        }
    }

    /** The verdict in one word: UNKNOWN if any branch is, ENDPOINTS if any branch has one, else the first branch's. */
    @Value.Lazy
    default Kind kind() {
        if (branches().exists(branch -> branch.outcome() instanceof ProxyOutcome.Unknown)) {
            return Kind.UNKNOWN;
        }
        if (branches().exists(branch -> branch.outcome() instanceof ProxyOutcome.ToEndpoint)) {
            return Kind.ENDPOINTS;
        }
        ProxyOutcome first = branches().head().outcome();
        if (first instanceof ProxyOutcome.Rejected) {
            return Kind.REJECT;
        }
        return first instanceof ProxyOutcome.Dropped ? Kind.DROP : Kind.ACCEPT;
    }

    /** Verdicts in one word. */
    enum Kind {
        /** Some branch is sent to an endpoint. */
        ENDPOINTS,
        /** The sender is told that nobody is there. */
        REJECT,
        /** It is discarded. */
        DROP,
        /** No service rule touched it; it goes on as the packet it was. */
        ACCEPT,
        /** It cannot be told. */
        UNKNOWN
    }

    /** A verdict that cannot be told, for these reasons. */
    static ProxyVerdict unknown(Vector<Decision> reasons) {
        String why = reasons.lastOption().map(Decision::text).getOrElse("the node's rules were not captured");
        ProxyOutcome outcome = new ProxyOutcome.Unknown(why, reasons.flatMap(Decision::missing));
        return builder()
                .branches(Vector.of(ProxyBranch.builder()
                        .outcome(outcome)
                        .share(Share.all())
                        .build()))
                .decisions(reasons)
                .build();
    }

    /** A verdict that cannot be told, for this reason. */
    static ProxyVerdict unknown(String why, Vector<String> assumptions) {
        return builder()
                .branches(Vector.of(ProxyBranch.builder()
                        .outcome(new ProxyOutcome.Unknown(why, Vector.empty()))
                        .share(Share.all())
                        .build()))
                .assumptions(assumptions)
                .build();
    }

    /** The same with findings that come before its own. */
    default ProxyVerdict with(Vector<Finding> before) {
        return before.isEmpty()
                ? this
                : builder()
                        .branches(branches())
                        .decisions(decisions())
                        .assumptions(assumptions())
                        .findings(before.appendAll(findings()))
                        .affinitySeconds(affinitySeconds())
                        .build();
    }

    /** Starts a verdict. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a verdict. */
    final class Builder extends ImmutableProxyVerdict.Builder {
        Builder() {}
    }
}
