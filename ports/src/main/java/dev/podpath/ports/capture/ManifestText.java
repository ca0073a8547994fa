package dev.podpath.ports.capture;

import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import java.util.Map;

/** Writes {@code podpath.yaml}. */
public final class ManifestText {
    /** So many documents of one name and cause are named one by one; more are named together. */
    private static final int NAMED = 8;

    private ManifestText() {}

    /**
     * The manifest's text.
     *
     * @param capturedAt when it was captured
     * @param facts further values; a name {@code a.b} stands for a field of an object
     * @param gaps what could not be captured
     */
    public static String of(String capturedAt, Map<String, String> facts, Vector<NotCaptured> gaps) {
        StringBuilder out = new StringBuilder("formatVersion: " + Manifest.FORMAT_VERSION + "\n")
                .append("capturedAt: ")
                .append(quoted(capturedAt))
                .append('\n');
        String section = "";
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            int dot = fact.getKey().indexOf('.');
            String of = dot < 0 ? "" : fact.getKey().substring(0, dot);
            if (!of.isEmpty() && !of.equals(section)) {
                out.append(of).append(":\n");
            }
            section = of;
            out.append(of.isEmpty() ? "" : "  ")
                    .append(fact.getKey().substring(dot + 1))
                    .append(": ")
                    .append(quoted(fact.getValue()))
                    .append('\n');
        }
        Vector<NotCaptured> few = together(gaps);
        if (!few.isEmpty()) {
            out.append("notCaptured:\n");
        }
        for (NotCaptured gap : few) {
            out.append("  - document: ")
                    .append(quoted(gap.document()))
                    .append("\n    reason: ")
                    .append(quoted(gap.reason().name().toLowerCase(java.util.Locale.ROOT)))
                    .append("\n    why: ")
                    .append(quoted(gap.why()))
                    .append('\n');
            gap.permission()
                    .forEach(permission -> out.append("    permission: ")
                            .append(quoted(permission))
                            .append('\n'));
        }
        return out.toString();
    }

    /** The same document of thousands of nodes is one entry: {@code nodes/<any>/ip-addr.json}. */
    private static Vector<NotCaptured> together(Vector<NotCaptured> gaps) {
        return gaps.groupBy(ManifestText::group)
                .toVector()
                .sortBy(entry -> entry._1)
                .flatMap(entry ->
                        entry._2.size() <= NAMED || !starred(entry._2.head()).contains("*")
                                ? entry._2
                                : Vector.of(new NotCaptured(
                                        starred(entry._2.head()),
                                        entry._2.head().reason(),
                                        "on " + entry._2.size() + " nodes, on the first because: "
                                                + entry._2.head().why(),
                                        entry._2.head().permission())));
    }

    private static String group(NotCaptured gap) {
        return starred(gap) + "\n" + gap.reason() + "\n" + gap.permission().getOrElse("");
    }

    private static String starred(NotCaptured gap) {
        String[] segments = gap.document().split("/", -1);
        return segments.length == 3 && segments[0].equals("nodes") ? "nodes/*/" + segments[2] : gap.document();
    }

    /** A JSON string, which is a YAML one too. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c >= 0x7f && c < 0xa0 || c == '\u2028' || c == '\u2029' || c == '\ufeff') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
