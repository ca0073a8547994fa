package dev.podpath.proxy.iptables.rule;

import dev.podpath.ports.node.NodeNetwork;

/**
 * Bits of the address types {@code -m addrtype} tests (include/uapi/linux/netfilter/xt_addrtype.h): those of the routing table's
 * types, numbered alike.
 */
public final class AddressType {
    /** No address. */
    public static final int UNSPEC = 1;
    /** A host somewhere. */
    public static final int UNICAST = NodeNetwork.UNICAST;
    /** An address of the node itself. */
    public static final int LOCAL = NodeNetwork.LOCAL;
    /** A broadcast address of a network the node is in. */
    public static final int BROADCAST = NodeNetwork.BROADCAST;
    /** An anycast address. */
    public static final int ANYCAST = NodeNetwork.ANYCAST;
    /** A multicast group. */
    public static final int MULTICAST = NodeNetwork.MULTICAST;
    /** Behind a blackhole route. */
    public static final int BLACKHOLE = 1 << 6;
    /** Behind an unreachable route. */
    public static final int UNREACHABLE = 1 << 7;
    /** Behind a prohibit route. */
    public static final int PROHIBIT = 1 << 8;

    private static final String[] NAMES = {
        "UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT"
    };

    private AddressType() {}

    static String print(int bits) {
        return Bits.print(bits, NAMES);
    }
}
