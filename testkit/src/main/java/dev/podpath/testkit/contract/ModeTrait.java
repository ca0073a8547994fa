package dev.podpath.testkit.contract;

/**
 * In what the modes of kube-proxy differ for the same objects. All hold for iptables mode; a mode takes away what does
 * not hold for it.
 */
public enum ModeTrait {
    /** With the external policy Local, pods and the node itself still reach every endpoint. */
    LOCAL_SHORT_CIRCUIT,
    /**
     * Where the Local policy finds nobody here but somebody elsewhere, the packet is dropped; in a mode without this the
     * candidates of the Cluster policy stand in.
     */
    LOCAL_DROPS,
    /** Node ports are served at the IPv4 loopback address. */
    LOOPBACK_NODE_PORTS,
    /** {@code --nodeport-addresses} left out means every local address. */
    NODE_PORTS_EVERYWHERE,
    /** Every endpoint gets the same share, and the share is exact. */
    EQUAL_SHARES,
    /** What load-balancer source ranges refuse is dropped. */
    SOURCE_RANGES_DROP,
    /** Source ranges hold for what the node itself sends too. */
    SOURCE_RANGES_BIND_NODE,
    /** A port without endpoints refuses a packet before source ranges are looked at; otherwise they come first. */
    REFUSES_BEFORE_SOURCE_RANGES,
    /** A node that may reach one load-balancer address of a service may do so from its other ones. */
    BALANCER_ADDRESSES_ARE_SOURCES,
    /** A pod that comes back to itself is masqueraded on every node, not only on its own. */
    HAIRPIN_EVERYWHERE,
    /** What the node sends from a loopback address is masqueraded like what it sends from others. */
    LOOPBACK_SOURCES,
    /** The source port makes no difference; IPVS leaves what comes from port 20 (ftp-data) alone. */
    EVERY_SOURCE_PORT
}
