package dev.podpath.testkit.contract;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.Map;

/** The captured state of a node, from documents somebody wrote. */
public final class WrittenNode {
    private WrittenNode() {}

    /** What is captured on the scene's node if this writer wrote it. */
    public static NodeState of(Scene scene, NodeWriter writer) {
        return of(scene.cluster(), scene.node(), writer.documents(scene.cluster(), scene.node(), scene.config()));
    }

    /**
     * A node with these documents.
     *
     * @param cluster what the orchestrator says
     * @param node name of the node
     * @param documents text by file name below the node's directory
     */
    public static NodeState of(Cluster cluster, String node, Map<String, String> documents) {
        Snapshot snapshot = MemorySnapshot.of(
                documents.mapKeys(name -> "nodes/" + node + "/" + name).toJavaMap());
        return new NodeState(node, snapshot, cluster, NodeInterfaces.read(node, snapshot, cluster));
    }
}
