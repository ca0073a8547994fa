package dev.podpath.core.verify;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.proxy.NodePlane;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Verifies the planes of nodes against what Kubernetes intends for them: every class of packets of a node's partition is
 * compared with the intent. Pure; safe for use from several threads. Keep one for the nodes of a cluster, because what
 * does not depend on the node is worked out once.
 */
public final class VipVerifier {
    private final ClusterFacts facts;

    /** A verifier for nodes of this cluster. */
    public VipVerifier(Cluster cluster) {
        this.facts = new ClusterFacts(cluster);
    }

    /** Verifies one node, for all services and for what belongs to none. */
    public NodeVerification verify(NodePlane plane) {
        return verify(plane, Vector.empty());
    }

    /**
     * Verifies one node.
     *
     * @param plane the node's data plane
     * @param services the services to look at; empty for all, and for what belongs to no service
     */
    public NodeVerification verify(NodePlane plane, Vector<ServiceKey> services) {
        return open(plane, Option.none()).verify(services);
    }

    /**
     * Verifies one node whose kube-proxy is known to have been started so.
     *
     * @param plane the node's data plane
     * @param settings how kube-proxy was started; nothing is inferred
     */
    public NodeVerification verify(NodePlane plane, ProxySettings settings) {
        return open(plane, Option.some(settings)).verify(Vector.empty());
    }

    /** Prepares the verification of a node, to be done again after changes. */
    public NodeVerifier open(NodePlane plane) {
        return open(plane, Option.none());
    }

    /** The same where it is known how the node's kube-proxy was started. */
    public NodeVerifier open(NodePlane plane, ProxySettings settings) {
        return open(plane, Option.some(settings));
    }

    private NodeVerifier open(NodePlane plane, Option<ProxySettings> settings) {
        return new NodeVerifier(facts, plane, settings);
    }
}
