package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import io.vavr.collection.Map;

/** Renders what would be captured on a node if kube-proxy had programmed it for a cluster. */
@FunctionalInterface
public interface NodeWriter {
    /**
     * The documents of the node.
     *
     * @param cluster what kube-proxy is told
     * @param node name of a node of the cluster
     * @param config how kube-proxy was started
     * @return text by file name, as below {@code nodes/<node>/} of a snapshot
     */
    Map<String, String> documents(Cluster cluster, String node, WriterConfig config);
}
