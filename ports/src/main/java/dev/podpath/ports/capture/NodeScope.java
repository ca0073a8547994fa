package dev.podpath.ports.capture;

import io.vavr.collection.Vector;

/**
 * Which nodes' state is captured.
 *
 * @param kind how they are chosen
 * @param names the nodes, for {@link Kind#NAMED}; else empty
 */
public record NodeScope(Kind kind, Vector<String> names) {
    /** How nodes are chosen. */
    public enum Kind {
        /** Every node. */
        ALL,
        /** Those that the paths of given requests meet; found out by tracing, then named. */
        ON_PATH,
        /** These. */
        NAMED
    }

    /** Every node. */
    public static NodeScope all() {
        return new NodeScope(Kind.ALL, Vector.empty());
    }

    /** Those on the path of a request. A collector leaves nodes alone until they are named. */
    public static NodeScope onPath() {
        return new NodeScope(Kind.ON_PATH, Vector.empty());
    }

    /** These nodes. */
    public static NodeScope only(Vector<String> names) {
        return new NodeScope(Kind.NAMED, names.distinct());
    }

    /** Reads {@code all}, {@code on-path} or names with commas between them. */
    public static NodeScope parse(String text) {
        return switch (text) {
            case "all" -> all();
            case "on-path" -> onPath();
            default -> only(Vector.of(text.split(",")).map(String::strip).reject(String::isEmpty));
        };
    }

    /** Whether this node's state is wanted. */
    public boolean has(String node) {
        return kind == Kind.ALL || names.contains(node);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case ALL -> "all";
            case ON_PATH -> "on-path";
            case NAMED -> names.mkString(",");
        };
    }
}
