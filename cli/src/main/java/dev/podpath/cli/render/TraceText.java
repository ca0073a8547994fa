package dev.podpath.cli.render;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.Severity;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** A trace as text: one block a hop, each decision with the line that decided, and a last line to act on. */
public final class TraceText {
    private static final int MAX_EVIDENCE = 12;
    private static final int MAX_EXCERPT = 200;
    private static final String INDENT = "      ";

    private final Trace trace;
    private final Style style;
    private final StringBuilder out = new StringBuilder();

    private TraceText(Trace trace, Style style) {
        this.trace = trace;
        this.style = style;
    }

    /** The text, ending in a line end. */
    public static String of(Trace trace, Style style) {
        return new TraceText(trace, style).render();
    }

    private String render() {
        line(style.bold(trace.request()));
        for (TracedHop hop : trace.hops()) {
            hop(hop);
        }
        section("Findings", trace.findings().map(placed -> finding(placed.hop(), placed.finding())));
        section("Assumptions", trace.assumptions());
        section("Limits", trace.limits());
        out.append('\n');
        trace.outcomes().forEach(this::outcome);
        line(style.bold(conclusion()));
        return out.toString();
    }

    private void hop(TracedHop traced) {
        out.append('\n');
        String aside = traced.aside() ? style.dim("  (beside the path)") : "";
        line(style.bold("[" + traced.id() + "] " + traced.hop().kind().name()) + "  "
                + traced.hop().title() + aside);
        traced.hop().decisions().forEach(this::decision);
        Vector<Branch> branches = traced.hop().branches();
        for (int i = 0; i < branches.size(); i++) {
            branch(branches.get(i), traced.next().get(i));
        }
        traced.hop()
                .disposition()
                .forEach(disposition -> line(INDENT
                        + style.of(disposition)
                        + traced.hop()
                                .target()
                                .map(TraceText::target)
                                .filter(text -> !text.isEmpty())
                                .map(text -> "  " + text)
                                .getOrElse("")));
    }

    private void decision(Decision decision) {
        line(INDENT + style.mark(decision.action()) + " " + decision.text());
        decision.translation()
                .forEach(t -> line(INDENT + "    " + t.before() + "  " + style.arrow() + "  " + t.after()));
        Vector<Evidence> shown = decision.evidence().size() > MAX_EVIDENCE + 1
                ? decision.evidence().take(MAX_EVIDENCE)
                : decision.evidence();
        shown.forEach(
                evidence -> line(INDENT + "    " + style.dim(evidence.where()) + "  " + shorten(evidence.excerpt())));
        if (shown.size() < decision.evidence().size()) {
            line(INDENT + "    "
                    + style.dim("and " + (decision.evidence().size() - shown.size()) + " more; -o json has them all"));
        }
        for (Missing missing : decision.missing()) {
            line(INDENT + "    missing " + missing.what() + "; capture it with: " + missing.capture());
        }
    }

    private static String shorten(String excerpt) {
        return excerpt.length() <= MAX_EXCERPT ? excerpt : excerpt.substring(0, MAX_EXCERPT - 1) + "…";
    }

    private void branch(Branch branch, String next) {
        String share = branch.isAside() ? "aside" : share(branch.share());
        String condition = branch.condition().map(text -> "  (" + text + ")").getOrElse("");
        line(INDENT + style.arrow() + " " + share + "  [" + next + "] "
                + branch.to().label() + condition);
    }

    private static String share(Share share) {
        String text = Shares.text(share);
        return text.equals("1") ? "all" : share instanceof Share.OneOf ? "one of" : text;
    }

    private void section(String title, Vector<String> lines) {
        if (lines.nonEmpty()) {
            out.append('\n');
            line(style.bold(title));
            lines.forEach(text -> line("  - " + text));
        }
    }

    private String finding(String hop, Finding finding) {
        String severity = finding.severity() == Severity.ERROR
                ? style.bad("error")
                : finding.severity() == Severity.WARNING ? style.doubtful("warning") : "info";
        return finding.code().code() + " " + severity + " at [" + hop + "]: " + finding.message() + "\n    remedy: "
                + finding.code().remedy();
    }

    private void outcome(Outcome outcome) {
        String text = target(outcome.target());
        line(style.of(outcome.disposition()) + "  " + share(outcome.share()) + (text.isEmpty() ? "" : "  " + text));
    }

    private static String target(Target target) {
        Vector<String> parts = target.pod()
                .map(pod -> "pod " + pod)
                .toVector()
                .appendAll(target.address().map(AddressPort::toString))
                .appendAll(target.node().map(node -> "on node " + node))
                .appendAll(target.seenAs().map(address -> "seen as " + address))
                .appendAll(target.answer());
        return parts.mkString(" ");
    }

    /** The one line a person can act on. */
    private String conclusion() {
        return switch (trace.verdict()) {
            case DELIVERED -> delivered();
            case NOT_DELIVERED -> notDelivered();
            case UNKNOWN -> unknown();
        };
    }

    private String delivered() {
        Vector<String> exits = trace.outcomes()
                .flatMap(outcome -> outcome.target().seenAs())
                .map(Object::toString)
                .distinct();
        if (exits.nonEmpty()) {
            return "Delivered: the other side sees " + exits.mkString(" or ") + ".";
        }
        int ends = trace.outcomes().size();
        return ends == 1
                ? "Delivered: every request ends at a live endpoint."
                : "Delivered: every request ends at one of " + ends + " live endpoints.";
    }

    private String notDelivered() {
        Vector<Outcome> failing =
                trace.outcomes().reject(outcome -> outcome.disposition().isDelivered());
        TracedHop at = trace.hops()
                .find(hop -> !hop.aside()
                        && hop.hop().disposition().exists(d -> !d.isDelivered() && d != Disposition.UNKNOWN))
                .getOrElse(trace.hops().last());
        String remedy = trace.findings()
                .filter(placed -> placed.finding().severity() == Severity.ERROR)
                .headOption()
                .map(placed -> " " + placed.finding().code().code() + ": "
                        + placed.finding().code().remedy())
                .getOrElse("");
        Share share = failing.map(Outcome::share).reduce(Share::or);
        String part = share instanceof Share.Exact exact
                ? exact.value().toString().equals("1")
                        ? "No request is delivered"
                        : Shares.text(exact) + " of requests are not delivered"
                : "Some requests are not delivered";
        return part + ": [" + at.id() + "] " + at.hop().title() + "." + remedy;
    }

    private String unknown() {
        Option<Missing> missing = trace.hops()
                .reject(TracedHop::aside)
                .flatMap(hop -> hop.hop().decisions())
                .flatMap(Decision::missing)
                .headOption();
        return "Not known for want of evidence."
                + missing.map(m -> " Capture " + m.what() + " with: " + m.capture())
                        .getOrElse("");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
