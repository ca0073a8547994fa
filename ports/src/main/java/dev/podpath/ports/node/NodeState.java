package dev.podpath.ports.node;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.control.Option;

/**
 * What was captured on one node.
 *
 * @param name name of the node; the documents are below {@code nodes/<name>/}
 * @param snapshot the whole snapshot
 * @param cluster what the orchestrator says
 * @param interfaces the node's interfaces and addresses
 */
public record NodeState(String name, Snapshot snapshot, Cluster cluster, NodeInterfaces interfaces) {
    /** The document of this file name below the node's directory. */
    public Option<Document> document(String fileName) {
        return snapshot.document(path(fileName));
    }

    /** The path such a document has or would have. */
    public String path(String fileName) {
        return "nodes/" + name + "/" + fileName;
    }

    /** The node as the orchestrator knows it. */
    public Option<Node> node() {
        return cluster.node(name);
    }
}
