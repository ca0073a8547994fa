package dev.podpath.proxy.iptables.rule;

/** Bits of the address types {@code -m addrtype} tests (include/uapi/linux/netfilter/xt_addrtype.h). */
public final class AddressType {
    /** No address. */
    public static final int UNSPEC = 1;
    /** A host somewhere. */
    public static final int UNICAST = 1 << 1;
    /** An address of the node itself. */
    public static final int LOCAL = 1 << 2;
    /** A broadcast address of a network the node is in. */
    public static final int BROADCAST = 1 << 3;
    /** An anycast address. */
    public static final int ANYCAST = 1 << 4;
    /** A multicast group. */
    public static final int MULTICAST = 1 << 5;
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
