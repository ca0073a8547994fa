package dev.podpath.testkit.arbitrary;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.IpAddress;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.collection.Vector;

/**
 * A cluster, one of its nodes, and how kube-proxy was started there.
 *
 * @param cluster the cluster
 * @param node name of a node of it
 * @param config how kube-proxy was started
 */
public record Scene(Cluster cluster, String node, WriterConfig config) {
    /** The node's addresses, the loopback ones excluded. */
    public Vector<IpAddress> nodeAddresses() {
        return cluster.node(node)
                .toVector()
                .flatMap(found -> found.internalAddresses())
                .appendAll(config.moreLocalAddresses())
                .distinct();
    }

    /** Whether an address is one of the node's own, the loopback ones included. */
    public boolean isLocal(IpAddress address) {
        return address.isLoopback() || nodeAddresses().contains(address);
    }

    @Override
    public String toString() {
        return "node " + node + ", " + config + ", services " + cluster.services() + ", endpoints "
                + cluster.endpoints();
    }
}
