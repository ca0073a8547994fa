package dev.podpath.core.intent;

import dev.podpath.core.net.IpAddress;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What kube-proxy knows of its own node.
 *
 * @param name its name
 * @param zone its zone, where it has one
 * @param primary the address of its Node object kube-proxy goes by, at most one of each family
 * @param addresses the addresses of its interfaces, without loopback ones and without addresses of services
 */
public record NodeView(String name, Option<String> zone, Vector<IpAddress> primary, Set<IpAddress> addresses) {
    /** A node with these addresses, the first of each family being its main one. */
    public static NodeView of(String name, Option<String> zone, Iterable<IpAddress> addresses) {
        Vector<IpAddress> own = Vector.ofAll(addresses).reject(IpAddress::isLoopback);
        return new NodeView(name, zone, own.distinctBy(IpAddress::isV6), HashSet.ofAll(own));
    }

    /** Whether an address is one of the node's own, the loopback ones included. */
    public boolean owns(IpAddress address) {
        return address.isLoopback() || addresses.contains(address);
    }

    /** The main address of a family. */
    public Option<IpAddress> primary(boolean v6) {
        return primary.find(address -> address.isV6() == v6);
    }
}
