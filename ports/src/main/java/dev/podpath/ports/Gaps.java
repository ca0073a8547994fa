package dev.podpath.ports;

import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.snapshot.Manifest;
import io.vavr.collection.Vector;

/** Says, where evidence is missing that a capture could not get, what the capture lacked. */
final class Gaps {
    private final Manifest manifest;

    Gaps(Manifest manifest) {
        this.manifest = manifest;
    }

    /** Resolvers whose answers say it. */
    Vector<HopResolver> amend(Vector<HopResolver> resolvers) {
        return manifest.notCaptured().isEmpty() ? resolvers : resolvers.map(Amending::new);
    }

    /** A verdict that says it. */
    ProxyVerdict amend(ProxyVerdict verdict) {
        if (manifest.notCaptured().isEmpty()) {
            return verdict;
        }
        return ProxyVerdict.builder()
                .branches(verdict.branches().map(this::amend))
                .decisions(decisions(verdict.decisions()))
                .assumptions(verdict.assumptions())
                .findings(verdict.findings())
                .affinitySeconds(verdict.affinitySeconds())
                .build();
    }

    private ProxyBranch amend(ProxyBranch branch) {
        if (!(branch.outcome() instanceof ProxyOutcome.Unknown unknown)) {
            return branch;
        }
        return ProxyBranch.builder()
                .outcome(new ProxyOutcome.Unknown(
                        unknown.why(), unknown.missing().map(this::amend)))
                .share(branch.share())
                .sourceNat(branch.sourceNat())
                .conditions(branch.conditions())
                .trail(branch.trail())
                .build();
    }

    private Vector<Decision> decisions(Vector<Decision> decisions) {
        return decisions.map(decision -> decision.missing().isEmpty()
                ? decision
                : new Decision(
                        decision.action(),
                        decision.text(),
                        decision.evidence(),
                        decision.translation(),
                        decision.missing().map(this::amend)));
    }

    /** What is missing, with what the capture lacked. */
    Missing amend(Missing missing) {
        return manifest.gap(missing.what())
                .map(gap ->
                        new Missing(missing.what(), gap.sentence() + "; to capture it by hand: " + missing.capture()))
                .getOrElse(missing);
    }

    private Hop amend(Hop hop) {
        return Hop.at(hop.location(), hop.kind(), hop.title())
                .decisions(decisions(hop.decisions()))
                .branches(hop.branches())
                .disposition(hop.disposition())
                .target(hop.target())
                .findings(hop.findings())
                .assumptions(hop.assumptions())
                .limits(hop.limits())
                .build();
    }

    private final class Amending implements HopResolver {
        private final HopResolver inner;

        Amending(HopResolver inner) {
            this.inner = inner;
        }

        @Override
        public String id() {
            return inner.id();
        }

        @Override
        public int order() {
            return inner.order();
        }

        @Override
        public boolean handles(Location location) {
            return inner.handles(location);
        }

        @Override
        public Resolution resolve(Location location) {
            Resolution answer = inner.resolve(location);
            return answer instanceof Resolution.Resolved resolved
                    ? new Resolution.Resolved(amend(resolved.hop()))
                    : new Resolution.Declined(decisions(((Resolution.Declined) answer).lookups()));
        }
    }
}
