package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;

/** Text of a configuration, with the objects behind each of its lines. */
final class ConfText {
    private final StringBuilder text = new StringBuilder();
    private final List<Vector<Evidence>> sources = new ArrayList<>();
    private int depth;

    /** A line that comes from these objects. */
    void line(Vector<Evidence> source, String line) {
        if (line.startsWith("}")) {
            depth--;
        }
        text.append("  ".repeat(Math.max(0, depth))).append(line).append('\n');
        sources.add(source);
        if (line.endsWith("{")) {
            depth++;
        }
    }

    /** A line that comes from nowhere but the controller itself. */
    void line(String line) {
        line(Vector.empty(), line);
    }

    /** A word that may hold anything. */
    static String quote(String word) {
        StringBuilder out = new StringBuilder(word.length() + 2).append('"');
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= ' ') {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    String text() {
        return text.toString();
    }

    Vector<Vector<Evidence>> sources() {
        return Vector.ofAll(sources);
    }
}
