package dev.podpath.ports;

import io.vavr.control.Option;

/** Which paths of a snapshot belong to a node. */
final class NodePaths {
    private static final String NODES = "nodes/";

    private NodePaths() {}

    static boolean isOfNode(String path) {
        return path.startsWith(NODES);
    }

    /** The directory of a node. */
    static String directory(String node) {
        return NODES + node + "/";
    }

    /** The node a document belongs to. */
    static Option<String> node(String path) {
        int end = isOfNode(path) ? path.indexOf('/', NODES.length()) : -1;
        return end > NODES.length() ? Option.some(path.substring(NODES.length(), end)) : Option.none();
    }
}
