package dev.podpath.cli.render;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.request.PacketRequest;
import io.vavr.collection.Vector;
import java.util.Locale;

/** A node's verdict on a packet as text: the branches, each with the rules it met. */
public final class VerdictText {
    private final Style style;
    private final StringBuilder out = new StringBuilder();

    private VerdictText(Style style) {
        this.style = style;
    }

    /** The text, ending in a line end. */
    public static String of(PacketRequest request, ProxyVerdict verdict, Style style) {
        return new VerdictText(style).render(request, verdict);
    }

    private String render(PacketRequest request, ProxyVerdict verdict) {
        line(style.bold(request.packet() + " on node " + request.node()));
        for (Decision decision : verdict.decisions()) {
            line("  " + style.mark(decision.action()) + " " + decision.text());
            decision.evidence().forEach(this::evidence);
        }
        for (ProxyBranch branch : verdict.branches()) {
            out.append('\n');
            line(style.bold(Shares.text(branch.share())) + "  " + describe(branch.outcome())
                    + source(branch.sourceNat()));
            branch.conditions().forEach(condition -> line("    if " + condition));
            branch.trail().forEach(this::step);
        }
        section("Findings", verdict.findings().map(VerdictText::finding));
        section("Assumptions", verdict.assumptions());
        section("Unknown", VerdictView.unknowns(verdict));
        out.append('\n');
        line(style.bold("Verdict: " + verdict.kind().name()));
        return out.toString();
    }

    private static String finding(Finding finding) {
        return finding.code().code() + " " + finding.severity().name().toLowerCase(Locale.ROOT) + ": "
                + finding.message() + "\n    remedy: " + finding.code().remedy();
    }

    private void step(RuleStep step) {
        line("    " + step.table() + " " + step.chain() + "  "
                + style.dim(step.evidence().where()));
        line("      " + step.evidence().excerpt());
    }

    private void evidence(Evidence evidence) {
        line("      " + style.dim(evidence.where()) + "  " + evidence.excerpt());
    }

    private String describe(ProxyOutcome outcome) {
        if (outcome instanceof ProxyOutcome.ToEndpoint to) {
            return style.good("endpoint " + to.address());
        }
        if (outcome instanceof ProxyOutcome.Rejected rejected) {
            return style.bad("rejected with " + rejected.with());
        }
        if (outcome instanceof ProxyOutcome.Dropped) {
            return style.bad("dropped");
        }
        return outcome instanceof ProxyOutcome.Unknown unknown
                ? style.doubtful("unknown: " + unknown.why())
                : "accepted; no service rule touches it";
    }

    private static String source(SourceNat nat) {
        if (nat instanceof SourceNat.Masquerade masquerade) {
            Vector<IpAddress> candidates = masquerade.candidates();
            return ", masqueraded" + (candidates.isEmpty() ? "" : " as " + candidates.mkString(" or "));
        }
        if (nat instanceof SourceNat.Snat snat) {
            return ", source becomes " + snat.addresses().mkString(" or ");
        }
        return nat instanceof SourceNat.Kept ? ", source kept" : ", source unknown";
    }

    private void section(String title, Vector<String> lines) {
        if (lines.nonEmpty()) {
            out.append('\n');
            line(style.bold(title));
            lines.forEach(text -> line("  - " + text));
        }
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
