package dev.podpath.testkit.contract;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;

/**
 * What is meant to happen to a packet.
 *
 * @param kind what
 * @param endpoints where it may be sent, sorted
 * @param masquerade when its source changes
 * @param hairpins the endpoints from which a packet to themselves would be masqueraded
 * @param affinity whether a client comes back to where it was
 */
record Intended(
        Kind kind,
        Vector<AddressPort> endpoints,
        Masquerade masquerade,
        Vector<AddressPort> hairpins,
        boolean affinity) {
    enum Kind {
        /** To one of the endpoints. */
        SENT,
        /** The sender is told that nobody is there. */
        REJECTED,
        /** It is discarded. */
        DROPPED,
        /** Not to an endpoint; the rest is not the service proxy's business. */
        ELSEWHERE,
        /** The modes and versions do not agree. */
        UNSPECIFIED
    }

    enum Masquerade {
        ALWAYS,
        /** Only where the packet would come back to the pod that sent it. */
        HAIRPIN
    }

    static Intended rejected() {
        return without(Kind.REJECTED);
    }

    static Intended dropped() {
        return without(Kind.DROPPED);
    }

    static Intended elsewhere() {
        return without(Kind.ELSEWHERE);
    }

    static Intended unspecified() {
        return without(Kind.UNSPECIFIED);
    }

    private static Intended without(Kind kind) {
        return new Intended(kind, Vector.empty(), Masquerade.HAIRPIN, Vector.empty(), false);
    }

    boolean isMasqueraded(IpAddress source, AddressPort endpoint) {
        return masquerade == Masquerade.ALWAYS || (endpoint.address().equals(source) && hairpins.contains(endpoint));
    }
}
