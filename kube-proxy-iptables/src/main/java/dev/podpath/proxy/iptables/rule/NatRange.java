package dev.podpath.proxy.iptables.rule;

/** Bits of what a translation gives (include/uapi/linux/netfilter/nf_nat.h). */
public final class NatRange {
    /** Addresses are given. */
    public static final int ADDRESSES = 1;
    /** Ports are given: the first in the upper half of the operand, the last in the lower. */
    public static final int PORTS = 1 << 1;
    /** {@code --persistent}: one client always gets one address. */
    public static final int PERSISTENT = 1 << 2;
    /** {@code --random}: the source port is chosen at random. */
    public static final int RANDOM = 1 << 3;
    /** {@code --random-fully}. */
    public static final int RANDOM_FULLY = 1 << 4;

    private NatRange() {}
}
