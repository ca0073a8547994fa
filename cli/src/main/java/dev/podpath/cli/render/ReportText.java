package dev.podpath.cli.render;

import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Support;
import io.vavr.collection.Vector;
import java.util.Locale;

/** How well each document was understood, one line a document. */
public final class ReportText {
    private ReportText() {}

    /** The text, ending in a line end; empty where nothing was read. */
    public static String of(Vector<DocumentReport> reports) {
        if (reports.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("\nDocuments\n");
        for (DocumentReport report : reports) {
            out.append("  ").append(report.document()).append(": ");
            Vector<String> counts = Vector.of(Support.values())
                    .filter(support -> report.count(support) > 0)
                    .map(support -> report.count(support) + " " + support.name().toLowerCase(Locale.ROOT));
            out.append(report.unit()).append(' ').append(counts.isEmpty() ? "none" : counts.mkString(", "));
            out.append('\n');
        }
        return out.toString();
    }
}
