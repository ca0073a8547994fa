package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/** An end of a walk on its way to a branch of a verdict. */
final class End {
    final Path path;
    ProxyOutcome outcome;
    SourceNat nat;
    Share share;
    Vector<String> conditions;

    @Nullable
    Link<Path.Step> trail;

    boolean alive = true;

    End(ProxyOutcome outcome, SourceNat nat, Share share, Vector<String> conditions, Path path) {
        this.outcome = outcome;
        this.nat = nat;
        this.share = share;
        this.conditions = conditions;
        this.path = path;
        this.trail = path.trail;
    }
}
