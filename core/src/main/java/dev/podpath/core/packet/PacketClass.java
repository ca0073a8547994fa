package dev.podpath.core.packet;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;

/**
 * A box of packets: every combination of these. None of the sets is empty.
 *
 * @param protocol transport protocol
 * @param sources source addresses
 * @param sourcePorts source ports
 * @param destinations destination addresses
 * @param destinationPorts destination ports
 */
public record PacketClass(
        Protocol protocol, AddressSet sources, PortSet sourcePorts, AddressSet destinations, PortSet destinationPorts) {
    /** Whether a packet is in it. */
    public boolean contains(Packet packet) {
        return packet.protocol() == protocol
                && packet.destination().isV6() == destinations.isV6()
                && destinationPorts.contains(packet.destinationPort())
                && sourcePorts.contains(packet.sourcePort())
                && destinations.contains(packet.destination())
                && sources.contains(packet.source());
    }

    /** A packet of the class: the one with the lowest addresses and ports. */
    public Packet sample() {
        return new Packet(
                protocol, sources.first(), sourcePorts.first(), destinations.first(), destinationPorts.first());
    }

    @Override
    public String toString() {
        return protocol.lower() + " " + sources + ":" + sourcePorts + " -> " + destinations + ":" + destinationPorts;
    }
}
