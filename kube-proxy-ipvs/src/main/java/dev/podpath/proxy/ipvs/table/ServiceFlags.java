package dev.podpath.proxy.ipvs.table;

/** Bits that describe a virtual server in a {@link TableBuilder}. */
public final class ServiceFlags {
    /** Persistent: connections of a client go to one server. */
    public static final int PERSISTENT = 1;
    /** One-packet scheduling: every UDP datagram is a connection of its own. */
    public static final int ONE_PACKET = 1 << 1;
    /** First flag of the scheduler: sh-fallback, mh-fallback. */
    public static final int FALLBACK = 1 << 2;
    /** Second flag of the scheduler: sh-port, mh-port. */
    public static final int HASH_PORT = 1 << 3;
    /** Third flag of the scheduler; no scheduler of the kernel uses it. */
    public static final int THIRD = 1 << 4;
    /** The addresses are IPv6. */
    public static final int V6 = 1 << 5;
    /** The document does not print the flags of schedulers. */
    public static final int FLAGS_HIDDEN = 1 << 6;
    /** Something about this virtual server could not be read. */
    public static final int DAMAGED = 1 << 7;
    /** The timeout is in ticks of the kernel's clock, whose rate is not known. */
    public static final int TICKS = 1 << 8;

    private ServiceFlags() {}
}
