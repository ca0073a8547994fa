package dev.podpath.ports.node;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.control.Option;
import java.util.function.Supplier;

/** What was captured on one node. Immutable. */
public final class NodeState {
    private final String name;
    private final Snapshot snapshot;
    private final Supplier<Cluster> cluster;
    private final NodeInterfaces interfaces;

    /**
     * The state of a node.
     *
     * @param name name of the node; the documents are below {@code nodes/<name>/}
     * @param snapshot the whole snapshot
     * @param cluster what the orchestrator says
     * @param interfaces the node's interfaces and addresses
     */
    public NodeState(String name, Snapshot snapshot, Cluster cluster, NodeInterfaces interfaces) {
        this(name, snapshot, () -> cluster, interfaces);
    }

    private NodeState(String name, Snapshot snapshot, Supplier<Cluster> cluster, NodeInterfaces interfaces) {
        this.name = name;
        this.snapshot = snapshot;
        this.cluster = cluster;
        this.interfaces = interfaces;
    }

    /**
     * Reads the node's {@code ip-addr.json}, or falls back to its Node object.
     *
     * @param cluster what the orchestrator says, possibly still being read; asked only when it is needed, always with the
     *     same answer
     */
    public static NodeState read(String name, Snapshot snapshot, Supplier<Cluster> cluster) {
        return new NodeState(name, snapshot, cluster, NodeInterfaces.read(name, snapshot, cluster));
    }

    /** The same node with other interfaces. */
    public NodeState with(NodeInterfaces others) {
        return new NodeState(name, snapshot, cluster, others);
    }

    /** Name of the node. */
    public String name() {
        return name;
    }

    /** The whole snapshot. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /**
     * What the orchestrator says. The objects of a large cluster may still be being read by others, so what reads the
     * node's own documents asks for them as late as it can.
     */
    public Cluster cluster() {
        return cluster.get();
    }

    /** The node's interfaces and addresses. */
    public NodeInterfaces interfaces() {
        return interfaces;
    }

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
        return cluster().node(name);
    }
}
