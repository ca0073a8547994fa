package dev.podpath.cli.render;

import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;

/** What both renderings of a verdict show. */
final class VerdictView {
    private VerdictView() {}

    /** Every rule some branch met, in order, each once. */
    static Vector<RuleStep> trail(ProxyVerdict verdict) {
        return verdict.branches().flatMap(ProxyBranch::trail).distinct();
    }

    static Vector<String> conditions(ProxyVerdict verdict) {
        return verdict.branches().flatMap(ProxyBranch::conditions).distinct();
    }

    static Vector<String> unknowns(ProxyVerdict verdict) {
        Vector<String> outcomes = verdict.branches()
                .map(ProxyBranch::outcome)
                .filter(outcome -> outcome instanceof ProxyOutcome.Unknown)
                .map(outcome -> (ProxyOutcome.Unknown) outcome)
                .map(unknown ->
                        unknown.why() + unknown.missing().map(VerdictView::hint).mkString(""));
        Vector<String> sources = verdict.branches()
                .map(ProxyBranch::sourceNat)
                .filter(nat -> nat instanceof SourceNat.Unknown)
                .map(nat -> ((SourceNat.Unknown) nat).why());
        return outcomes.appendAll(sources).distinct();
    }

    static boolean masqueraded(ProxyVerdict verdict) {
        return verdict.branches().exists(branch -> branch.sourceNat().isTranslated());
    }

    private static String hint(Missing missing) {
        return "; capture " + missing.what() + " with: " + missing.capture();
    }
}
