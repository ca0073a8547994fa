package dev.podpath.cli.verify;

import dev.podpath.cli.render.Style;
import dev.podpath.cli.verify.VerifyReport.EndEntry;
import dev.podpath.cli.verify.VerifyReport.FindingEntry;
import dev.podpath.cli.verify.VerifyReport.NodeEntry;
import dev.podpath.cli.verify.VerifyReport.PlaceEntry;
import dev.podpath.cli.verify.VerifyReport.StepEntry;
import dev.podpath.cli.verify.VerifyReport.TableEntry;
import dev.podpath.cli.verify.VerifyReport.UnknownEntry;
import dev.podpath.cli.verify.VerifyReport.ViolationEntry;
import dev.podpath.core.finding.Severity;
import dev.podpath.core.verify.Result;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.function.Consumer;

/** A report for people: what was looked at, what is wrong and how to see it, what is not known and how to find out. */
public final class ReportText {
    /** Nodes that are listed one by one; of more, those that do not hold. */
    private static final int NODES = 20;

    /** Violations and unknowns that are shown in full. */
    private static final int SHOWN = 25;

    private static final int EXCERPT = 160;

    private final VerifyReport report;
    private final Style style;
    private final StringBuilder out = new StringBuilder();

    private ReportText(VerifyReport report, Style style) {
        this.report = report;
        this.style = style;
    }

    /** The text, ending in a line end. */
    public static String of(VerifyReport report, Style style) {
        return new ReportText(report, style).render();
    }

    private String render() {
        line(style.bold("Every request to a service address of " + report.snapshot()
                + report.shard().map(shard -> ", shard " + shard).getOrElse("")));
        out.append('\n');
        nodes();
        section("Violated", report.violations(), this::violation);
        section("Not known", report.unknowns(), this::unknown);
        section("Also found", report.findings(), this::finding);
        list(
                "Documents that could not be read",
                report.problems()
                        .map(problem -> problem.document()
                                + problem.line().map(n -> ":" + n).getOrElse("") + ": " + problem.message()));
        list("Assumptions", report.assumptions());
        out.append('\n');
        line(style.bold("Result: ") + result(report.result()) + summary());
        return out.toString();
    }

    private String summary() {
        if (report.nodes().isEmpty()) {
            return "; no node was verified";
        }
        long classes = report.nodes().map(NodeEntry::classes).sum().longValue();
        return "; " + count(report.nodes().size(), "node") + ", "
                + count(report.servicePorts().count(), "service port")
                + ", " + count(classes, "class", "classes") + " of packets, "
                + count(report.violations().size(), "violation") + ", "
                + count(report.unknowns().size(), "unknown");
    }

    private void nodes() {
        Vector<NodeEntry> shown = report.nodes().size() <= NODES
                ? report.nodes()
                : report.nodes().filter(node -> node.result() != Result.HOLDS).take(NODES);
        for (NodeEntry node : shown) {
            line(style.bold("node " + node.name()) + "  " + node.mode().getOrElse("mode not known") + "  "
                    + result(node.result()) + style.dim("  " + seconds(node.seconds())));
            if (node.classes() > 0 || node.rules() > 0) {
                line("  " + count(node.vips(), "address", "addresses") + " with a port of "
                        + count(node.services(), "service") + ", " + count(node.classes(), "class", "classes")
                        + " of packets"
                        + (node.arrivals().isEmpty()
                                ? ""
                                : " arriving from " + node.arrivals().mkString(", ")));
            }
            node.tables().forEach(this::table);
        }
        int rest = report.nodes().size() - shown.size();
        if (rest > 0) {
            line("… and " + count(rest, "node") + (shown.isEmpty() ? ", all of which hold" : ""));
        }
    }

    private void table(TableEntry table) {
        line("  " + table.name()
                + style.dim(
                        table.hooks().isEmpty() ? "" : " at " + table.hooks().mkString(", "))
                + ": " + count(table.rules(), "rule") + " = " + number(table.exact()) + " exact + "
                + number(table.neutral()) + " neutral + "
                + (table.unknown() == 0 ? "0 unknown" : style.doubtful(number(table.unknown()) + " unknown")));
    }

    private void violation(ViolationEntry violation) {
        line(severity(violation.severity(), violation.code()) + "  " + style.bold(subject(violation)) + "  on node "
                + violation.node());
        line("  " + violation.message());
        line("  packet    " + Reproduction.packet(violation.witness()));
        line("            "
                + style.dim(Reproduction.command(report.snapshot(), violation.node(), violation.witness())));
        ends("expected", violation.expected());
        ends("actual", violation.actual());
        String label = "rules     ";
        for (StepEntry step : violation.trail()) {
            line("  " + label + step.table() + " " + step.chain() + "  "
                    + style.dim(step.place().where()));
            line("              " + shorten(step.place().excerpt()));
            label = "          ";
        }
        places(violation.evidence());
    }

    private static String subject(ViolationEntry violation) {
        String address = violation.vip() + "/" + violation.protocol();
        return violation.service().isEmpty()
                ? address
                : violation.service().get()
                        + violation.port().map(port -> ":" + port).getOrElse("") + " at " + address;
    }

    private void ends(String label, Vector<EndEntry> ends) {
        String before = (label + "          ").substring(0, 10);
        for (EndEntry end : ends) {
            line("  " + before + end(end));
            before = "          ";
        }
    }

    private static String end(EndEntry end) {
        String share = end.share().equals("1") ? "all" : end.share();
        String what = end.kind().equals("ENDPOINT")
                ? end.endpoint().getOrElse("an endpoint")
                : end.kind().toLowerCase(Locale.ROOT);
        return share + "  " + what
                + (end.kind().equals("ENDPOINT") ? ", source " + end.source().toLowerCase(Locale.ROOT) : "");
    }

    private void unknown(UnknownEntry unknown) {
        String subject = Vector.of(unknown.service(), unknown.vip())
                .flatMap(text -> text)
                .mkString(" at ");
        line(style.doubtful("?") + " " + (subject.isEmpty() ? "" : style.bold(subject) + "  ") + "on node "
                + unknown.node());
        line("  " + unknown.message());
        unknown.witness().forEach(witness -> {
            line("  packet    " + Reproduction.packet(witness));
            line("            " + style.dim(Reproduction.command(report.snapshot(), unknown.node(), witness)));
        });
        unknown.missing().forEach(missing -> {
            line("  capture   " + missing.what());
            line("            " + style.dim(missing.capture()));
        });
    }

    private void finding(FindingEntry finding) {
        line(severity(finding.severity(), finding.code()) + "  on node " + finding.node());
        line("  " + finding.message());
        places(finding.evidence());
    }

    private void places(Vector<PlaceEntry> places) {
        String label = "because   ";
        for (PlaceEntry place : places) {
            line("  " + label + style.dim(place.where()));
            line("              " + shorten(place.excerpt()));
            label = "          ";
        }
    }

    private <T> void section(String title, Vector<T> entries, Consumer<T> each) {
        if (entries.isEmpty()) {
            return;
        }
        out.append('\n');
        line(style.bold(title + " (" + number(entries.size()) + ")"));
        for (T entry : entries.take(SHOWN)) {
            out.append('\n');
            each.accept(entry);
        }
        if (entries.size() > SHOWN) {
            out.append('\n');
            line("… and " + number(entries.size() - SHOWN) + " more; all are in -o json");
        }
    }

    private void list(String title, Vector<String> texts) {
        if (texts.nonEmpty()) {
            out.append('\n');
            line(style.bold(title));
            texts.forEach(text -> line("  - " + text));
        }
    }

    private String result(Result result) {
        return switch (result) {
            case HOLDS -> style.good(result.name());
            case UNKNOWN -> style.doubtful(result.name());
            case VIOLATED -> style.bad(result.name());
        };
    }

    private String severity(Severity severity, String code) {
        String text = code + " " + severity.name().toLowerCase(Locale.ROOT);
        return severity == Severity.ERROR ? style.bad(text) : style.doubtful(text);
    }

    private static String seconds(double seconds) {
        return BigDecimal.valueOf(seconds).setScale(3, RoundingMode.HALF_UP).toPlainString() + " s";
    }

    private static String count(long number, String noun) {
        return count(number, noun, noun + "s");
    }

    private static String count(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    /** In groups of three digits. A formatter would do it, and load data of all languages for it. */
    private static String number(long number) {
        StringBuilder digits = new StringBuilder(Long.toString(number));
        for (int at = digits.length() - 3; at > (number < 0 ? 1 : 0); at -= 3) {
            digits.insert(at, ',');
        }
        return digits.toString();
    }

    private static String shorten(String text) {
        return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT - 1) + "…";
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
