package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Pod;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Target;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.predict.Sources;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** Gathers what is found out at one controller until the hop is complete. */
final class HopDraft {
    private final PodPort at;
    private final Pod pod;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> assumptions = new ArrayList<>();
    private final List<String> limits = new ArrayList<>();

    private Sources sources = Sources.NONE;

    HopDraft(PodPort at, Pod pod) {
        this.at = at;
        this.pod = pod;
    }

    /** From here on evidence may be of predicted documents, and is led back to the objects behind them. */
    void predictedFrom(Sources predicted) {
        sources = predicted;
    }

    /** Where a directive stands, for people. */
    String place(Directive directive) {
        return directive.document().path().equals(sources.conf()) ? "the Ingress" : "line " + directive.line();
    }

    PodPort at() {
        return at;
    }

    Pod pod() {
        return pod;
    }

    void add(Decision decision) {
        decisions.add(sources.of(decision));
    }

    void addAll(Iterable<Decision> more) {
        more.forEach(this::add);
    }

    void find(Finding finding) {
        findings.add(sources.of(finding));
    }

    void assume(String assumption) {
        assumptions.add(assumption);
    }

    void limit(String limit) {
        limits.add(limit);
    }

    Hop goesOn(Vector<Branch> branches) {
        return common().branches(branches).build();
    }

    /** An end at the controller, with an HTTP answer where it gives one. */
    Hop ends(Disposition disposition, Option<String> answer) {
        return common().ends(
                        disposition,
                        Target.builder()
                                .address(Option.some(at.address()))
                                .pod(Option.some(pod.id()))
                                .node(pod.node())
                                .answer(answer)
                                .build())
                .build();
    }

    /** An end for want of evidence. */
    Hop unknown(Decision why) {
        add(why);
        return ends(Disposition.UNKNOWN, Option.none());
    }

    private Hop.Builder common() {
        return Hop.at(at, HopKind.INGRESS, "ingress-nginx controller " + pod.id())
                .decisions(Vector.ofAll(decisions))
                .findings(Vector.ofAll(findings))
                .assumptions(Vector.ofAll(assumptions).distinct())
                .limits(Vector.ofAll(limits).distinct());
    }
}
