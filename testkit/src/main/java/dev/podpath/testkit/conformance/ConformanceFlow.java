package dev.podpath.testkit.conformance;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.packet.Packet;
import io.vavr.collection.Vector;

/**
 * A packet and what becomes of it.
 *
 * @param name what it shows
 * @param packet the packet
 * @param verdict what becomes of it
 * @param endpoints where it can be sent, in the order of the rules; empty unless the verdict is DNAT
 * @param masquerade whether its source changes on at least one way
 */
public record ConformanceFlow(
        String name, Packet packet, Verdict verdict, Vector<AddressPort> endpoints, boolean masquerade) {
    /** What can become of a packet. */
    public enum Verdict {
        /** It is sent to an endpoint. */
        DNAT,
        /** It is discarded. */
        DROP,
        /** The sender is told that nobody is there. */
        REJECT,
        /** A rule lets it pass. */
        ACCEPT,
        /** No rule touches it. */
        NONE
    }
}
