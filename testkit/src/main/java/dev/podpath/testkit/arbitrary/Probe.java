package dev.podpath.testkit.arbitrary;

import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;

/**
 * A packet and how it reaches a node.
 *
 * @param packet the packet
 * @param arrival how it enters
 */
public record Probe(Packet packet, Arrival arrival) {
    @Override
    public String toString() {
        return packet + " " + arrival.kind()
                + arrival.inputInterface().map(name -> "@" + name).getOrElse("");
    }
}
