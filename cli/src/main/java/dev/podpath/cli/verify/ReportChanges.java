package dev.podpath.cli.verify;

import dev.podpath.cli.verify.VerifyReport.NodeEntry;
import dev.podpath.cli.verify.VerifyReport.UnknownEntry;
import dev.podpath.cli.verify.VerifyReport.ViolationEntry;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is otherwise in a report than in the one before. */
public final class ReportChanges {
    private static final int MOST = 40;

    private ReportChanges() {}

    /** The answer, and what it was before. */
    public static String headline(Option<VerifyReport> before, VerifyReport now) {
        String was = before.map(VerifyReport::result)
                .filter(result -> result != now.result())
                .map(result -> result + " -> ")
                .getOrElse("");
        return was + now.result() + ": " + now.nodes().size() + " nodes, "
                + now.violations().size() + " violations, " + now.unknowns().size() + " unknowns"
                + (now.problems().isEmpty() ? "" : ", " + now.problems().size() + " unreadable");
    }

    /** A line for every node, violation and unknown that came or went, at most some dozens. */
    public static Vector<String> lines(Option<VerifyReport> before, VerifyReport now) {
        Map<String, String> old = before.map(ReportChanges::all).getOrElse(Map.of());
        Map<String, String> fresh = all(now);
        List<String> lines = new ArrayList<>();
        fresh.forEach((key, text) -> {
            if (!old.containsKey(key)) {
                lines.add("+ " + text);
            }
        });
        old.forEach((key, text) -> {
            if (!fresh.containsKey(key)) {
                lines.add("- " + text);
            }
        });
        Vector<String> shown = Vector.ofAll(lines).take(MOST);
        return lines.size() > MOST ? shown.append("… and " + (lines.size() - MOST) + " more") : shown;
    }

    private static Map<String, String> all(VerifyReport report) {
        Map<String, String> all = new LinkedHashMap<>();
        for (NodeEntry node : report.nodes()) {
            all.put("node " + node.name(), "node " + node.name());
        }
        for (ViolationEntry violation : report.violations()) {
            String text = violation.code() + " on node " + violation.node() + ": "
                    + violation.service().map(service -> service + " at ").getOrElse("") + violation.vip() + "/"
                    + violation.protocol() + ": " + violation.message();
            all.put(text + violation.witness().arrival(), text);
        }
        for (UnknownEntry unknown : report.unknowns()) {
            String text = "unknown on node " + unknown.node() + ": "
                    + unknown.service().map(service -> service + ": ").getOrElse("") + unknown.message();
            all.put(text + unknown.vip().getOrElse(""), text);
        }
        report.problems()
                .forEach(problem ->
                        all.put(problem.document() + problem.message(), problem.document() + ": " + problem.message()));
        return all;
    }
}
