package dev.podpath.cli.verify;

import io.vavr.Lazy;
import io.vavr.collection.Vector;
import java.util.function.Supplier;

/**
 * The service ports that were looked at. Their names are only put together where somebody writes them.
 *
 * @param count how many there are
 * @param named each {@code namespace/name:port/protocol}, sorted
 */
public record ServicePorts(int count, Lazy<Vector<String>> named) {
    /** Service ports by their names, sorted. */
    static ServicePorts of(Vector<String> names) {
        return new ServicePorts(names.size(), Lazy.of(() -> names));
    }

    /** So many service ports, whose names are known to somebody. */
    static ServicePorts of(int count, Supplier<Vector<String>> names) {
        return new ServicePorts(count, Lazy.of(names));
    }

    /** Each {@code namespace/name:port/protocol}, sorted. */
    Vector<String> names() {
        return named.get();
    }
}
