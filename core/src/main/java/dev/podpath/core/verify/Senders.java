package dev.podpath.core.verify;

import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import io.vavr.collection.Vector;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Chooses the packet of a class that a person would try: from a pod that exists, from a node, from a usual address. Safe for
 * use from several threads.
 */
final class Senders {
    private static final Vector<IpAddress> STRANGERS =
            Vector.of("203.0.113.77", "198.18.0.9", "2001:db8:77::77").map(IpAddress::of);
    private static final Comparator<Pod> BY_NAME =
            Comparator.comparing(Pod::namespace).thenComparing(Pod::name);

    private static final int USUAL_PORT = 40_000;
    private static final int TRIED = 6;

    private final Context context;
    private final Map<Arrival.Kind, Vector<IpAddress>> usual = new EnumMap<>(Arrival.Kind.class);

    Senders(Context context) {
        this.context = context;
    }

    /**
     * A packet of a class.
     *
     * @param packets the class
     * @param sources the sources to choose from; some of the class's, at least one
     * @param to the address it goes to
     * @param port the port it goes to
     * @param arrival how it comes
     * @param preferred sources to try first
     * @param shows whether a packet shows what it should; the first one tried is taken where none does
     */
    Packet choose(
            PacketClass packets,
            AddressSet sources,
            IpAddress to,
            int port,
            Arrival arrival,
            Vector<IpAddress> preferred,
            Predicate<Packet> shows) {
        AddressSet.Range first = sources.ranges().head();
        Vector<Packet> tried = preferred
                .appendAll(usual(arrival.kind()))
                .filter(address -> address.isV6() == to.isV6() && sources.contains(address))
                .take(TRIED)
                .append(first.first())
                .append(first.last())
                .distinct()
                .map(source -> new Packet(packets.protocol(), source, sourcePort(packets.sourcePorts()), to, port));
        return tried.find(shows).getOrElse(tried.head());
    }

    private static int sourcePort(PortSet ports) {
        int usual = ports.next(USUAL_PORT);
        return usual > 0 ? usual : Math.max(ports.next(1), 0);
    }

    private synchronized Vector<IpAddress> usual(Arrival.Kind kind) {
        return usual.computeIfAbsent(kind, this::find);
    }

    private Vector<IpAddress> find(Arrival.Kind kind) {
        String node = context.plane().node();
        return switch (kind) {
            case POD ->
                context.cluster()
                        .pods()
                        .toJavaStream()
                        .filter(pod ->
                                !pod.hostNetwork() && pod.isLive() && pod.node().contains(node))
                        .sorted(BY_NAME)
                        .limit(2)
                        .flatMap(pod -> pod.addresses().toJavaStream())
                        .collect(Vector.collector());
            case NODE -> context.node().primary();
            case EXTERNAL -> STRANGERS;
            case OTHER_NODE ->
                context.cluster()
                        .nodes()
                        .filter(other -> !other.name().equals(node))
                        .minBy(Node::name)
                        .toVector()
                        .flatMap(Node::internalAddresses)
                        .appendAll(context.cluster()
                                .pods()
                                .toJavaStream()
                                .filter(pod -> !pod.hostNetwork() && !pod.node().contains(node))
                                .min(BY_NAME)
                                .map(Pod::addresses)
                                .orElse(Vector.empty()));
        };
    }
}
