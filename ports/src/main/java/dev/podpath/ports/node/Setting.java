package dev.podpath.ports.node;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Document;
import io.vavr.control.Option;

/**
 * A setting of the kernel, from a node's {@code sysctl.txt}.
 *
 * @param value its value
 * @param at where it was captured
 * @param line one-based
 */
record Setting(long value, Document at, int line) {
    private static final String FILE = "sysctl.txt";

    /** The setting of this name; empty where it was not captured or is no number. */
    static Option<Setting> find(NodeState node, String name) {
        return node.document(FILE).flatMap(document -> {
            for (int line = 1; line <= document.lines().count(); line++) {
                String text = document.lines().line(line);
                int equals = text.indexOf('=');
                if (equals > 0 && text.substring(0, equals).strip().equals(name)) {
                    String value = text.substring(equals + 1).strip();
                    boolean number = !value.isEmpty()
                            && value.length() < 16
                            && value.chars().allMatch(c -> c >= '0' && c <= '9');
                    return number
                            ? Option.some(new Setting(Long.parseLong(value), document, line))
                            : Option.<Setting>none();
                }
            }
            return Option.<Setting>none();
        });
    }

    /** The line that sets it. */
    Evidence evidence() {
        return at.line(line);
    }
}
