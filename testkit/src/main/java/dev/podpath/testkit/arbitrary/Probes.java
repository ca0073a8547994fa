package dev.podpath.testkit.arbitrary;

import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import io.vavr.collection.Vector;

/**
 * Every pair of a place a service is reached at and a kind of sender: the packets to try where a sample may miss the
 * one that matters.
 */
public final class Probes {
    private Probes() {}

    /** Packets to every service address and node port of a scene's cluster. */
    public static Vector<Probe> systematic(Scene scene) {
        Vector<Probe> virtual = scene.cluster()
                .services()
                .flatMap(service -> service.clusterIps()
                        .appendAll(service.externalIps())
                        .appendAll(service.loadBalancerIps())
                        .distinct()
                        .flatMap(address -> service.ports()
                                .flatMap(port -> to(scene, port.protocol(), new AddressPort(address, port.port())))));
        Vector<IpAddress> local = scene.nodeAddresses().append(IpAddress.of("127.0.0.1"));
        Vector<Probe> nodePorts = scene.cluster()
                .services()
                .flatMap(Service::ports)
                .flatMap(port -> port.nodePort()
                        .toVector()
                        .flatMap(number -> local.flatMap(
                                address -> to(scene, port.protocol(), new AddressPort(address, number)))));
        return virtual.appendAll(nodePorts);
    }

    /** Packets of every kind of sender to one address. */
    public static Vector<Probe> to(Scene scene, Protocol protocol, AddressPort destination) {
        Vector<IpAddress> senders = scene.cluster()
                .pods()
                .flatMap(Pod::addresses)
                .appendAll(scene.cluster().nodes().flatMap(Node::internalAddresses))
                .appendAll(scene.cluster().services().flatMap(Service::loadBalancerIps))
                .appendAll(scene.cluster()
                        .services()
                        .flatMap(Service::sourceRanges)
                        .flatMap(range -> Vector.of(range.address(), range.last())))
                .append(IpAddress.of("198.18.0.9"))
                .append(IpAddress.of("2001:db8:9999::9"));
        return senders.filter(address -> address.isV6() == destination.address().isV6())
                .distinct()
                .map(source -> Packet.of(protocol, source, destination))
                .map(packet -> new Probe(packet, PacketArbitraries.arrival(scene, packet)));
    }
}
