package dev.podpath.core.packet;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;

/**
 * The first packet of a connection, as it stands when it enters a node's network stack.
 *
 * @param protocol transport protocol
 * @param source source address
 * @param sourcePort 1 to 65535, or 0 where it is open: nothing kube-proxy writes looks at it
 * @param destination destination address
 * @param destinationPort 0 to 65535
 */
public record Packet(Protocol protocol, IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
    /** Checks that the ports are in range and both addresses of one family. */
    public Packet {
        if (source.isV6() != destination.isV6()) {
            throw new IllegalArgumentException("addresses of two families: " + source + ", " + destination);
        }
        if (sourcePort < 0 || sourcePort > 65535 || destinationPort < 0 || destinationPort > 65535) {
            throw new IllegalArgumentException("port out of range: " + sourcePort + ", " + destinationPort);
        }
    }

    /** A packet with an open source port. */
    public static Packet of(Protocol protocol, IpAddress source, AddressPort destination) {
        return new Packet(protocol, source, 0, destination.address(), destination.port());
    }

    /** Where the packet goes. */
    public AddressPort to() {
        return new AddressPort(destination, destinationPort);
    }

    /** Where the packet comes from. */
    public AddressPort from() {
        return new AddressPort(source, sourcePort);
    }

    @Override
    public String toString() {
        String from = sourcePort == 0 ? source.toString() : from().toString();
        return protocol.lower() + " " + from + " -> " + to();
    }
}
