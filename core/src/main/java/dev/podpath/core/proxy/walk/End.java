package dev.podpath.core.proxy.walk;

import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/** An end of a walk on its way to a branch of a verdict. */
final class End<S> {
    final int node;
    final @Nullable Link<Missing> missing;
    ProxyOutcome outcome;
    SourceNat nat;
    Share share;
    Vector<String> conditions;

    @Nullable
    Link<S> trail;

    boolean alive = true;

    End(
            int node,
            ProxyOutcome outcome,
            SourceNat nat,
            Share share,
            Vector<String> conditions,
            @Nullable Link<S> trail,
            @Nullable Link<Missing> missing) {
        this.node = node;
        this.outcome = outcome;
        this.nat = nat;
        this.share = share;
        this.conditions = conditions;
        this.trail = trail;
        this.missing = missing;
    }
}
