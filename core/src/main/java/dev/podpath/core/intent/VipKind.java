package dev.podpath.core.intent;

/** The kinds of addresses a service port is reached at (Kubernetes documentation, Virtual IPs and Service Proxies). */
public enum VipKind {
    /** Of {@code spec.clusterIPs}. */
    CLUSTER_IP,
    /** Of {@code spec.externalIPs}. */
    EXTERNAL_IP,
    /** Of {@code status.loadBalancer.ingress[].ip}, unless its ipMode is Proxy. */
    LOAD_BALANCER,
    /** The node port, at an address of the node that serves node ports. */
    NODE_PORT;

    /** Whether the external traffic policy governs it, not the internal one. */
    public boolean isExternal() {
        return this != CLUSTER_IP;
    }
}
