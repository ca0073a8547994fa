package dev.podpath.testkit.arbitrary;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.testkit.reference.LocalDetector;
import io.vavr.Tuple2;
import io.vavr.collection.Vector;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Packets for a node, mostly to places where the rules have something to decide, and just beside them. */
public final class PacketArbitraries {
    /** Name of the bridge pods are attached to, where the detector goes by it. */
    public static final String BRIDGE = "cni0";
    /** Beginning of the names of pods' interfaces, where the detector goes by it. */
    public static final String POD_PREFIX = "veth";

    private static final Vector<IpAddress> STRANGERS = Vector.of(
                    "192.0.2.7",
                    "192.0.2.127",
                    "192.0.2.128",
                    "192.0.2.200",
                    "8.8.8.8",
                    "2001:db8:9::7",
                    "2001:db8:99::1")
            .map(IpAddress::of);

    private PacketArbitraries() {}

    /** Packets that can come about: the way in fits the source. */
    public static Arbitrary<Probe> probes(Scene scene) {
        return packets(scene.cluster(), scene.node()).map(packet -> new Probe(packet, arrival(scene, packet)));
    }

    /** Packets with any way in. */
    public static Arbitrary<Probe> wildProbes(Scene scene) {
        return Combinators.combine(packets(scene.cluster(), scene.node()), arrivals())
                .as(Probe::new);
    }

    /** Any way in, on any interface. */
    public static Arbitrary<Arrival> arrivals() {
        Arbitrary<String> devices = Arbitraries.of("", BRIDGE, POD_PREFIX + "0a1b", "eth0", "lo");
        return Combinators.combine(Arbitraries.of(Arrival.Kind.class), devices)
                .as((kind, device) ->
                        kind == Arrival.Kind.NODE || device.isEmpty() ? Arrival.of(kind) : Arrival.on(kind, device));
    }

    /** Packets biased to service addresses, node ports, endpoints, and what lies just beside them. */
    public static Arbitrary<Packet> packets(Cluster cluster, String node) {
        Vector<Target> targets = targets(cluster);
        Vector<Target> pods = podTargets(cluster);
        Arbitrary<Target> vips = Arbitraries.of(targets.isEmpty() ? pods.asJava() : targets.asJava());
        Arbitrary<Target> nodePorts = nodePortTargets(cluster, node, vips);
        Arbitrary<Target> beside =
                Combinators.combine(vips, Arbitraries.integers().between(0, 3)).as(Target::beside);
        Arbitrary<Target> destinations = Arbitraries.frequencyOf(
                Tuple.of(8, vips),
                Tuple.of(4, nodePorts),
                Tuple.of(2, beside),
                Tuple.of(1, Arbitraries.of(pods.asJava())),
                Tuple.of(1, Arbitraries.of(Target.STRANGE.asJava())));
        return destinations
                .flatMap(target -> Combinators.combine(
                                sources(cluster, node, target),
                                Arbitraries.integers().between(0, 65535))
                        .as((source, port) -> new Packet(
                                target.protocol(),
                                source,
                                port,
                                target.address().address(),
                                target.address().port())))
                .withoutEdgeCases();
    }

    /** The way in that fits a packet's source. */
    public static Arrival arrival(Scene scene, Packet packet) {
        IpAddress source = packet.source();
        if (scene.isLocal(source)) {
            return Arrival.of(Arrival.Kind.NODE);
        }
        boolean podHere =
                scene.cluster().podsAt(source).exists(pod -> pod.node().contains(scene.node()))
                        || scene.cluster()
                                .node(scene.node())
                                .exists(node -> node.podPrefixes().exists(p -> p.contains(source)));
        if (podHere) {
            LocalDetector detector = scene.config().detector();
            return Arrival.on(
                    Arrival.Kind.POD,
                    detector instanceof LocalDetector.ByBridge bridge ? bridge.name() : POD_PREFIX + "0a1b");
        }
        boolean cluster = scene.cluster().nodeAt(source).isDefined()
                || !scene.cluster().podsAt(source).isEmpty();
        return Arrival.on(cluster ? Arrival.Kind.OTHER_NODE : Arrival.Kind.EXTERNAL, "eth0");
    }

    private static Vector<Target> targets(Cluster cluster) {
        return cluster.services()
                .flatMap(service -> service.clusterIps()
                        .appendAll(service.externalIps())
                        .appendAll(service.loadBalancerIps())
                        .flatMap(address -> service.ports()
                                .map(port -> new Target(port.protocol(), new AddressPort(address, port.port())))));
    }

    private static Vector<Target> podTargets(Cluster cluster) {
        Vector<Target> endpoints =
                cluster.endpoints().map(endpoint -> new Target(endpoint.protocol(), endpoint.address()));
        return endpoints.appendAll(cluster.pods()
                .flatMap(Pod::addresses)
                .map(address -> new Target(Protocol.TCP, new AddressPort(address, 22))));
    }

    private static Arbitrary<Target> nodePortTargets(Cluster cluster, String node, Arbitrary<Target> otherwise) {
        Vector<Tuple2<Protocol, Integer>> ports = cluster.services()
                .flatMap(Service::ports)
                .flatMap(port -> port.nodePort().map(number -> io.vavr.Tuple.of(port.protocol(), number)));
        if (ports.isEmpty()) {
            return otherwise;
        }
        Vector<IpAddress> own = cluster.node(node).toVector().flatMap(Node::internalAddresses);
        Vector<IpAddress> addresses = own.appendAll(own)
                .appendAll(cluster.nodes().flatMap(Node::internalAddresses))
                .append(IpAddress.of("127.0.0.1"))
                .append(IpAddress.of("::1"))
                .appendAll(cluster.services().flatMap(Service::loadBalancerIps).take(1));
        return Combinators.combine(Arbitraries.of(ports.asJava()), Arbitraries.of(addresses.asJava()))
                .as((port, address) -> new Target(port._1, new AddressPort(address, port._2)));
    }

    private static Arbitrary<IpAddress> sources(Cluster cluster, String node, Target target) {
        boolean v6 = target.address().address().isV6();
        Vector<IpAddress> pods = cluster.pods().reject(Pod::hostNetwork).flatMap(Pod::addresses);
        Vector<IpAddress> here = cluster.node(node)
                .toVector()
                .flatMap(Node::internalAddresses)
                .append(IpAddress.of(v6 ? "::1" : "127.0.0.1"));
        Vector<IpAddress> edges = cluster.services()
                .flatMap(Service::sourceRanges)
                .flatMap(range -> Vector.of(range.address(), range.last()));
        // The endpoints behind the destination, for hairpins.
        Vector<IpAddress> behind = cluster.servicesAt(target.address().address())
                .flatMap(service -> cluster.endpointsOf(service.key()))
                .map(endpoint -> endpoint.address().address());
        Vector<IpAddress> balancers = cluster.services().flatMap(Service::loadBalancerIps);
        return Arbitraries.frequencyOf(
                Tuple.of(4, oneOf(STRANGERS, v6)),
                Tuple.of(4, oneOf(pods, v6)),
                Tuple.of(3, oneOf(here, v6)),
                Tuple.of(1, oneOf(cluster.nodes().flatMap(Node::internalAddresses), v6)),
                Tuple.of(2, oneOf(behind, v6)),
                Tuple.of(2, oneOf(edges, v6)),
                Tuple.of(1, oneOf(balancers, v6)));
    }

    private static Arbitrary<IpAddress> oneOf(Vector<IpAddress> addresses, boolean v6) {
        Vector<IpAddress> wanted =
                addresses.filter(address -> address.isV6() == v6).distinct();
        return wanted.isEmpty()
                ? Arbitraries.of(
                        STRANGERS.filter(address -> address.isV6() == v6).asJava())
                : Arbitraries.of(wanted.asJava());
    }

    /** Where a packet goes. */
    private record Target(Protocol protocol, AddressPort address) {
        static final Vector<Target> STRANGE = Vector.of("8.8.4.4:53", "10.96.255.254:443", "[2001:db8:77::1]:80")
                .flatMap(AddressPort::parse)
                .map(address -> new Target(Protocol.TCP, address));

        /** The next port, another protocol, or the next address. */
        Target beside(int which) {
            AddressPort at = address;
            IpAddress ip = at.address();
            return switch (which) {
                case 0 -> new Target(protocol, new AddressPort(ip, Math.min(65535, at.port() + 1)));
                case 1 -> new Target(protocol == Protocol.TCP ? Protocol.UDP : Protocol.TCP, at);
                case 2 -> new Target(protocol, new AddressPort(next(ip), at.port()));
                default -> new Target(protocol, new AddressPort(ip, Math.max(0, at.port() - 1)));
            };
        }

        private static IpAddress next(IpAddress address) {
            return address.isV6()
                    ? IpAddress.v6(address.high(), address.low() + 1)
                    : IpAddress.v4(address.v4Bits() + 1);
        }
    }
}
