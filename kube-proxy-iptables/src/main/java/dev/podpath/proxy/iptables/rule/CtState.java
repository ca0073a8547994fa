package dev.podpath.proxy.iptables.rule;

/** Bits of the connection state as {@code --ctstate} and {@code --state} test it (net/netfilter/xt_conntrack.c). */
public final class CtState {
    /** The packet belongs to no connection. */
    public static final int INVALID = 1;
    /** The connection has seen packets both ways. */
    public static final int ESTABLISHED = 1 << 1;
    /** The connection was started by another one. */
    public static final int RELATED = 1 << 2;
    /** The packet starts a connection. */
    public static final int NEW = 1 << 3;
    /** The source of the connection is translated. */
    public static final int SNAT = 1 << 4;
    /** The destination of the connection is translated. */
    public static final int DNAT = 1 << 5;
    /** The packet is exempt from tracking. */
    public static final int UNTRACKED = 1 << 6;

    private static final String[] NAMES = {"INVALID", "ESTABLISHED", "RELATED", "NEW", "SNAT", "DNAT", "UNTRACKED"};

    private CtState() {}

    static String print(int bits) {
        return Bits.print(bits, NAMES);
    }
}
