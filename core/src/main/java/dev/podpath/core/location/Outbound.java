package dev.podpath.core.location;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Location;
import io.vavr.control.Option;

/**
 * A packet that has left a node and is on its way out of the cluster.
 *
 * @param node the node it left
 * @param source its source address on the wire, after the node's own translation
 * @param destination where it goes
 * @param flow what travels along; its source is the one before the node's translation
 */
public record Outbound(String node, IpAddress source, AddressPort destination, Flow flow) implements Location {
    /** The source before the node gave the packet an address of its own; empty where it kept it, or it is not known. */
    public Option<IpAddress> sourceBefore() {
        return flow.source().filter(before -> !before.equals(source));
    }

    @Override
    public String label() {
        return source + " to " + destination;
    }
}
