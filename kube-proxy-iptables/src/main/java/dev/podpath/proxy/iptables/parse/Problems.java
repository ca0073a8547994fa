package dev.podpath.proxy.iptables.parse;

import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** What was wrong with a document, up to a bound. */
final class Problems {
    private static final int MOST = 100;

    private final String document;
    private final String command;
    private final List<DocumentProblem> found = new ArrayList<>();
    private int more;

    Problems(String document, String command) {
        this.document = document;
        this.command = command;
    }

    void at(int line, String what, String expected) {
        if (found.size() >= MOST) {
            more++;
            return;
        }
        found.add(new DocumentProblem(document, Option.some(line), what, expected, "capture it again: " + command));
    }

    Vector<DocumentProblem> all() {
        Vector<DocumentProblem> all = Vector.ofAll(found);
        return more == 0
                ? all
                : all.append(new DocumentProblem(
                        document,
                        Option.none(),
                        more + " further problems",
                        "the output of the tool",
                        "capture it again: " + command));
    }

    int count() {
        return found.size() + more;
    }
}
