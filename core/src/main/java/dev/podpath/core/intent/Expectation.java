package dev.podpath.core.intent;

/**
 * How packets of one sort are meant to end.
 *
 * @param kind how
 * @param endpoints to which endpoints, each with the same share; empty where they are not sent to any
 * @param masquerade whether the source changes
 * @param affinitySeconds for how long a client stays with its endpoint; 0 where every connection is placed anew
 * @param bySourceRange whether the source ranges of the service refuse these packets
 */
public record Expectation(
        Kind kind, EndpointSet endpoints, Masquerade masquerade, int affinitySeconds, boolean bySourceRange) {
    /** They are told that nobody is there. */
    public static final Expectation REJECTED = ends(Kind.REJECTED);
    /** They are discarded. */
    public static final Expectation DROPPED = ends(Kind.DROPPED);
    /** They are discarded because of where they come from. */
    public static final Expectation OUTSIDE_RANGES =
            new Expectation(Kind.DROPPED, EndpointSet.EMPTY, Masquerade.HAIRPIN, 0, true);
    /** They reach no endpoint because of where they come from. */
    public static final Expectation KEPT_OUT =
            new Expectation(Kind.NOT_SENT, EndpointSet.EMPTY, Masquerade.HAIRPIN, 0, true);
    /** They are rejected or discarded. */
    public static final Expectation REFUSED = ends(Kind.REFUSED);
    /** They reach no endpoint; whether anybody refuses them is left open. */
    public static final Expectation NOT_SENT = ends(Kind.NOT_SENT);
    /** Nothing kube-proxy writes stops them, and they reach no endpoint. */
    public static final Expectation LET_PASS = ends(Kind.LET_PASS);
    /** Versions do not agree, or it does not matter. */
    public static final Expectation ANYTHING = ends(Kind.ANYTHING);

    /** The ways to end. */
    public enum Kind {
        /** At one of the endpoints. */
        SENT,
        /** At one of the endpoints, or with the destination they had. */
        SENT_OR_PAST,
        /** Rejected. */
        REJECTED,
        /** Discarded. */
        DROPPED,
        /** Rejected or discarded. */
        REFUSED,
        /** Not at an endpoint. */
        NOT_SENT,
        /** With the destination they had. */
        LET_PASS,
        /** In any way. */
        ANYTHING
    }

    private static Expectation ends(Kind kind) {
        return new Expectation(kind, EndpointSet.EMPTY, Masquerade.HAIRPIN, 0, false);
    }

    /** They reach one of these endpoints. */
    public static Expectation sent(EndpointSet endpoints, Masquerade masquerade, int affinitySeconds) {
        return new Expectation(Kind.SENT, endpoints, masquerade, affinitySeconds, false);
    }

    /** The same, or they keep the destination they had: what is known of the way in does not tell. */
    Expectation orPast() {
        return new Expectation(Kind.SENT_OR_PAST, endpoints, masquerade, affinitySeconds, false);
    }
}
