package dev.podpath.core.location;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.trace.Location;

/**
 * A packet that enters the network stack of a node.
 *
 * @param node name of the node
 * @param arrival how it enters
 * @param packet the packet
 * @param flow what travels along; its source is empty where the packet's source only stands for an unknown client
 */
public record NodePacket(String node, Arrival arrival, Packet packet, Flow flow) implements Location {
    /** Stands for a client outside the cluster whose address is not known (RFC 5737). */
    public static final IpAddress SOME_CLIENT = IpAddress.of("198.51.100.1");
    /** The same for IPv6 (RFC 3849). */
    public static final IpAddress SOME_CLIENT_V6 = IpAddress.of("2001:db8::1");

    /** The packet of this flow to this address; an unknown client is given an address that stands for it. */
    public static NodePacket of(String node, Arrival arrival, NetworkAddress to) {
        IpAddress destination = to.address().address();
        IpAddress standIn = destination.isV6() ? SOME_CLIENT_V6 : SOME_CLIENT;
        IpAddress source = to.flow()
                .source()
                .filter(address -> address.isV6() == destination.isV6())
                .getOrElse(standIn);
        return new NodePacket(node, arrival, Packet.of(to.flow().protocol(), source, to.address()), to.flow());
    }

    @Override
    public String label() {
        return packet + " on node " + node;
    }
}
