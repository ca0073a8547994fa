package dev.podpath.proxy.iptables.rule;

/** Bits of what {@code -m recent} does with its list of addresses (net/netfilter/xt_recent.c). */
public final class RecentMode {
    /** Enters the address; always holds. */
    public static final int SET = 1;
    /** Holds where the address is in the list. */
    public static final int CHECK = 1 << 1;
    /** As CHECK, and refreshes the entry. */
    public static final int UPDATE = 1 << 2;
    /** As CHECK, and removes the entry. */
    public static final int REMOVE = 1 << 3;
    /** Looks at the destination instead of the source. */
    public static final int DESTINATION = 1 << 4;

    /** Forgets the records that are too old, as kube-proxy's session affinity does. */
    public static final int REAP = 1 << 5;

    private RecentMode() {}
}
