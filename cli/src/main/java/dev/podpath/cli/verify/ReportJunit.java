package dev.podpath.cli.verify;

import dev.podpath.cli.verify.VerifyReport.EndEntry;
import dev.podpath.cli.verify.VerifyReport.NodeEntry;
import dev.podpath.cli.verify.VerifyReport.ProblemEntry;
import dev.podpath.cli.verify.VerifyReport.StepEntry;
import dev.podpath.cli.verify.VerifyReport.UnknownEntry;
import dev.podpath.cli.verify.VerifyReport.ViolationEntry;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A report as JUnit XML, in the form that CI systems read: a suite for each node, a case for each service port, with a
 * failure for each violation and an error for what is not known.
 */
public final class ReportJunit {
    /** The case of what concerns a node and no service of it. */
    private static final String NODE = "the node as a whole";

    private final VerifyReport report;
    private final Writer out;

    private ReportJunit(VerifyReport report, Writer out) {
        this.report = report;
        this.out = out;
    }

    /** Writes the XML document. */
    public static void write(VerifyReport report, Writer out) throws IOException {
        new ReportJunit(report, out).write();
    }

    /** What is wrong with one service port on one node. */
    private static final class Case {
        private final List<ViolationEntry> violations = new ArrayList<>();
        private final List<UnknownEntry> unknowns = new ArrayList<>();
    }

    private void write() throws IOException {
        Map<String, Map<String, Case>> wrong = new TreeMap<>();
        for (ViolationEntry violation : report.violations()) {
            of(wrong, violation.node(), name(violation)).violations.add(violation);
        }
        for (UnknownEntry unknown : report.unknowns()) {
            of(wrong, unknown.node(), name(unknown)).unknowns.add(unknown);
        }
        out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"podpath verify\">\n");
        for (NodeEntry node : report.nodes()) {
            suite(node, wrong.getOrDefault(node.name(), Map.of()));
        }
        if (report.problems().nonEmpty()) {
            problems();
        }
        out.write("</testsuites>\n");
    }

    private static Case of(Map<String, Map<String, Case>> wrong, String node, String name) {
        return wrong.computeIfAbsent(node, any -> new TreeMap<>()).computeIfAbsent(name, any -> new Case());
    }

    private static String name(ViolationEntry violation) {
        return violation.service().isDefined() && violation.port().isDefined()
                ? violation.service().get() + ":" + violation.port().get() + "/" + violation.protocol()
                : violation.vip() + "/" + violation.protocol();
    }

    private static String name(UnknownEntry unknown) {
        return unknown.service()
                .map(service -> service
                        + unknown.vip().map(vip -> " at " + vip).getOrElse("")
                        + unknown.protocol().map(protocol -> "/" + protocol).getOrElse(""))
                .orElse(unknown.vip())
                .getOrElse(NODE);
    }

    private void suite(NodeEntry node, Map<String, Case> wrong) throws IOException {
        Vector<String> sound = report.servicePorts().names().reject(wrong::containsKey);
        // Where a node could not be looked at, nothing is known of its services either.
        Vector<String> passed = node.classes() == 0 && wrong.containsKey(NODE) ? Vector.empty() : sound;
        long failures = wrong.values().stream()
                .filter(found -> !found.violations.isEmpty())
                .count();
        long errors = wrong.size() - failures;
        out.write("  <testsuite" + attribute("name", node.name()) + attribute("tests", passed.size() + wrong.size())
                + attribute("failures", failures) + attribute("errors", errors) + attribute("skipped", 0)
                + attribute("time", String.format(Locale.ROOT, "%.3f", node.seconds())) + ">\n");
        out.write("    <properties>\n");
        property("mode", node.mode().getOrElse("not known"));
        property("rules", String.valueOf(node.rules()));
        property("classes", String.valueOf(node.classes()));
        property("result", node.result().name());
        out.write("    </properties>\n");
        for (Map.Entry<String, Case> entry : wrong.entrySet()) {
            broken(node, entry.getKey(), entry.getValue());
        }
        for (String name : passed) {
            out.write("    <testcase" + attribute("classname", node.name()) + attribute("name", name) + "/>\n");
        }
        out.write("  </testsuite>\n");
    }

    private void property(String name, String value) throws IOException {
        out.write("      <property" + attribute("name", name) + attribute("value", value) + "/>\n");
    }

    private void broken(NodeEntry node, String name, Case found) throws IOException {
        out.write("    <testcase" + attribute("classname", node.name()) + attribute("name", name) + ">\n");
        if (found.violations.isEmpty()) {
            UnknownEntry first = found.unknowns.get(0);
            out.write("      <error" + attribute("type", "unknown") + attribute("message", first.message()) + ">");
            for (UnknownEntry unknown : found.unknowns) {
                out.write(escape(unknown.message() + "\n"));
                for (var missing : unknown.missing()) {
                    out.write(escape("capture " + missing.what() + ": " + missing.capture() + "\n"));
                }
            }
            out.write("</error>\n");
        } else {
            ViolationEntry first = found.violations.get(0);
            out.write("      <failure" + attribute("type", first.code()) + attribute("message", first.message()) + ">");
            for (ViolationEntry violation : found.violations) {
                out.write(escape(details(violation)));
            }
            out.write("</failure>\n");
        }
        out.write("    </testcase>\n");
    }

    private String details(ViolationEntry violation) {
        return violation.code() + " " + violation.vip() + "/" + violation.protocol() + ": " + violation.message() + "\n"
                + "  " + Reproduction.command(report.snapshot(), violation.node(), violation.witness()) + "\n"
                + ends("expected", violation.expected())
                + ends("actual", violation.actual())
                + violation.trail().map(ReportJunit::step).mkString("");
    }

    private static String ends(String label, Vector<EndEntry> ends) {
        return ends.map(end -> "  " + label + " " + end.share() + " " + end.kind()
                        + end.endpoint().map(to -> " " + to).getOrElse("") + "\n")
                .mkString("");
    }

    private static String step(StepEntry step) {
        return "  " + step.place().where() + " " + step.place().excerpt() + "\n";
    }

    private void problems() throws IOException {
        out.write("  <testsuite" + attribute("name", "documents")
                + attribute("tests", report.problems().size())
                + attribute("failures", 0)
                + attribute("errors", report.problems().size()) + attribute("skipped", 0)
                + attribute("time", "0.000") + ">\n");
        for (ProblemEntry problem : report.problems()) {
            String where = problem.document() + problem.line().map(n -> ":" + n).getOrElse("");
            out.write(
                    "    <testcase" + attribute("classname", "documents") + attribute("name", where) + ">\n      <error"
                            + attribute("type", "unreadable") + attribute("message", problem.message()) + "/>\n"
                            + "    </testcase>\n");
        }
        out.write("  </testsuite>\n");
    }

    private static String attribute(String name, Object value) {
        return " " + name + "=\"" + escape(String.valueOf(value)) + "\"";
    }

    /** Text as XML 1.0 can hold it: characters it cannot hold even as references are replaced. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\n' -> escaped.append("&#10;");
                case '\t' -> escaped.append("&#9;");
                default -> {
                    boolean allowed = c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
                    escaped.appendCodePoint(allowed ? c : 0xFFFD);
                }
            }
        });
        return escaped.toString();
    }
}
