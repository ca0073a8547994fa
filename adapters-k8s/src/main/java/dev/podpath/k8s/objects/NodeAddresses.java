package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** Which nodes have an address on an interface; looked up in the nodes' {@code ip -j addr} when it is asked. */
final class NodeAddresses {
    /** The interface that holds the service addresses in IPVS mode: on every node, so it tells nothing. */
    private static final String IPVS_INTERFACE = "kube-ipvs0";

    private final Snapshot snapshot;
    private final Cluster cluster;

    NodeAddresses(Snapshot snapshot, Cluster cluster) {
        this.snapshot = snapshot;
        this.cluster = cluster;
    }

    Vector<String> holders(IpAddress address) {
        return snapshot.directories("nodes/")
                .filter(node -> NodeInterfaces.read(node, snapshot, cluster)
                        .addresses()
                        .exists(entry ->
                                entry.address().equals(address) && !entry.name().equals(IPVS_INTERFACE)));
    }

    Vector<Evidence> evidence(Vector<String> nodes) {
        return nodes.flatMap(node -> NodeInterfaces.document(node, snapshot)).map(Document::whole);
    }
}
