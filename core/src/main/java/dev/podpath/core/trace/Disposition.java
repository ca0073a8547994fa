package dev.podpath.core.trace;

/** How a branch of a path ends. */
public enum Disposition {
    /** It reaches a live endpoint, or what the request asked for outside the cluster. */
    DELIVERED,
    /** It reaches an address that is no live endpoint of the service it was sent to. */
    DELIVERED_STALE,
    /** The sender is told that nobody answers (ICMP unreachable, TCP reset, HTTP 4xx or 5xx made on the way). */
    REJECTED,
    /** It is discarded without a word. */
    DROPPED,
    /** There is no route, no record or no target. */
    BLACKHOLED,
    /** It comes back to a place where it has been. */
    LOOP,
    /** The sender is told to ask elsewhere. */
    REDIRECTED,
    /** Something on the way answers by itself, as configured. */
    FIXED_RESPONSE,
    /** It cannot be told for want of evidence. */
    UNKNOWN;

    /** Whether the request got where it should. */
    public boolean isDelivered() {
        return this == DELIVERED;
    }
}
