package dev.podpath.core.intent;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is meant to happen to every packet on a node, for all services of a cluster. */
public final class ClusterIntent {
    private final ProxySettings settings;
    private final NodeView node;
    private final Map<ServiceKey, ServiceIntent> byKey = new HashMap<>();
    private final Map<IpAddress, List<ServiceIntent>> byAddress = new HashMap<>();
    private final Map<Integer, List<ServiceIntent>> byNodePort = new HashMap<>();

    private ClusterIntent(ProxySettings settings, NodeView node) {
        this.settings = settings;
        this.node = node;
    }

    /** The intent for all services of a cluster on one node. */
    public static ClusterIntent of(Cluster cluster, ProxySettings settings, NodeView node) {
        ClusterIntent intent = new ClusterIntent(settings, node);
        for (Service service : cluster.services()) {
            intent.add(ServiceIntent.of(service, cluster.endpointsOf(service.key()), settings, node));
        }
        return intent;
    }

    private void add(ServiceIntent intent) {
        byKey.put(intent.service().key(), intent);
        for (PortIntent port : intent.ports()) {
            intent.vips(port).forEach(vip -> put(byAddress, vip.address().address(), intent));
            port.port().nodePort().forEach(number -> put(byNodePort, number, intent));
        }
        intent.healthCheckNodePort().forEach(number -> put(byNodePort, number, intent));
    }

    private static <K> void put(Map<K, List<ServiceIntent>> map, K key, ServiceIntent intent) {
        List<ServiceIntent> list = map.computeIfAbsent(key, any -> new ArrayList<>(1));
        if (!list.contains(intent)) {
            list.add(intent);
        }
    }

    /** The intent for one service. */
    public Option<ServiceIntent> of(ServiceKey service) {
        return Option.of(byKey.get(service));
    }

    /** How the first packet of a connection is meant to end. Where two services claim an address, the first decides. */
    public Expectation expect(Packet packet, Arrival arrival) {
        List<ServiceIntent> owners = byAddress.getOrDefault(packet.destination(), List.of());
        List<ServiceIntent> ports = node.owns(packet.destination())
                ? byNodePort.getOrDefault(packet.destinationPort(), List.of())
                : List.of();
        return Vector.ofAll(owners)
                .appendAll(ports)
                .flatMap(intent -> intent.expect(packet, arrival))
                .headOption()
                .getOrElse(() -> elsewhere(packet.destination(), owners));
    }

    /** A packet to no service port. */
    private Expectation elsewhere(IpAddress destination, List<ServiceIntent> owners) {
        boolean ofCluster = owners.stream()
                .anyMatch(intent -> ServiceIntent.clusterIp(intent.service(), destination.isV6())
                        .contains(destination));
        if (ofCluster) {
            return settings.unusedPort();
        }
        return owners.isEmpty() ? settings.unallocated(destination) : Expectation.LET_PASS;
    }
}
