package dev.podpath.testkit.contract;

/**
 * In what the modes of kube-proxy differ for the same objects. All hold for iptables mode; a mode takes away what does
 * not hold for it.
 */
public enum ModeTrait {
    /** With the external policy Local, pods and the node itself still reach every endpoint. */
    LOCAL_SHORT_CIRCUIT,
    /** Where the Local policy finds nobody here but somebody elsewhere, the packet is dropped. */
    LOCAL_DROPS,
    /** Node ports are served at the IPv4 loopback address. */
    LOOPBACK_NODE_PORTS,
    /** {@code --nodeport-addresses} left out means every local address. */
    NODE_PORTS_EVERYWHERE,
    /** Every endpoint gets the same share, and the share is exact. */
    EQUAL_SHARES,
    /** What load-balancer source ranges refuse is dropped. */
    SOURCE_RANGES_DROP
}
