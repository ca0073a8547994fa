package dev.podpath.core.proxy;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import org.immutables.value.Value;

/** One way a packet can take on a node. */
@Value.Immutable
@DomainStyle
public interface ProxyBranch {
    /** How it ends. */
    ProxyOutcome outcome();

    /** Which part of new connections takes it. */
    Share share();

    /** What becomes of the source address. */
    @Value.Default
    default SourceNat sourceNat() {
        return SourceNat.kept();
    }

    /** On what it depends beyond chance (a session affinity record, connection state), for people. */
    @Value.Default
    default Vector<String> conditions() {
        return Vector.empty();
    }

    /** The rules the packet matched, in order. */
    @Value.Default
    default Vector<RuleStep> trail() {
        return Vector.empty();
    }

    /** Starts a branch. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a branch. */
    final class Builder extends ImmutableProxyBranch.Builder {
        Builder() {}
    }
}
