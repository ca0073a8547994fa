package dev.podpath.core.verify;

import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;

/**
 * A packet that shows something: routed alone, it meets what is said of it.
 *
 * @param packet the packet; its source port is never open
 * @param arrival how it enters the node
 */
public record Witness(Packet packet, Arrival arrival) {
    @Override
    public String toString() {
        return packet + " " + arrival.kind()
                + arrival.inputInterface().map(name -> "@" + name).getOrElse("");
    }
}
