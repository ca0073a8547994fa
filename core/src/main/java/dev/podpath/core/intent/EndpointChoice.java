package dev.podpath.core.intent;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.net.AddressPort;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which endpoints a node uses for a port of a service, as {@code CategorizeEndpoints} in {@code pkg/proxy/topology.go}
 * does: ready ones that topology leaves, else ones that serve while they terminate; apart for the Cluster and the Local
 * policy, and topology never for Local or for terminating ones.
 *
 * @param known every endpoint of the port, each address once: the one on this node where there are several
 * @param ready those that are ready
 * @param draining those that serve while they terminate; empty where the version does not use them
 */
record EndpointChoice(List<Endpoint> known, List<Endpoint> ready, List<Endpoint> draining) {
    /** Sorts out the endpoints of one port in one family. */
    static EndpointChoice of(List<Endpoint> listed, boolean terminatingFallback, String node) {
        List<Endpoint> known = distinct(listed, node);
        List<Endpoint> ready = having(known, Endpoint::ready);
        List<Endpoint> draining = terminatingFallback && ready.size() < known.size()
                ? having(known, endpoint -> !endpoint.ready() && endpoint.serving() && endpoint.terminating())
                : List.of();
        return new EndpointChoice(known, ready, draining);
    }

    /** Candidates of the Cluster policy. */
    List<Endpoint> cluster(TopologyHints hints, Service service, NodeView node) {
        List<Endpoint> near = near(hints, service, node);
        return near.isEmpty() ? draining : near;
    }

    /** Candidates of the Local policy. */
    List<Endpoint> local(String node) {
        List<Endpoint> here = having(ready, endpoint -> isOn(endpoint, node));
        return here.isEmpty() ? having(draining, endpoint -> isOn(endpoint, node)) : here;
    }

    /** Whether some node could use one of them. */
    boolean isAnyUsable() {
        return !ready.isEmpty() || !draining.isEmpty();
    }

    /** Whether what another node chooses can be something else. */
    boolean dependsOnNode() {
        for (Endpoint endpoint : ready) {
            if (!endpoint.zoneHints().isEmpty() || !endpoint.nodeHints().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /**
     * The ready endpoints meant for a node: those with a hint for the node, else for its zone; all of them where one has
     * no hint, or none names the node or zone.
     */
    private List<Endpoint> near(TopologyHints hints, Service service, NodeView node) {
        if (hints == TopologyHints.NONE || ready.isEmpty() || !dependsOnNode()) {
            return ready;
        }
        if (hints == TopologyHints.REQUESTED_ZONES && !asksForTopology(service)) {
            return ready;
        }
        if (hints == TopologyHints.NODES_THEN_ZONES
                && ready.stream().noneMatch(endpoint -> endpoint.nodeHints().isEmpty())) {
            List<Endpoint> here = having(ready, endpoint -> endpoint.nodeHints().contains(node.name()));
            if (!here.isEmpty()) {
                return here;
            }
        }
        if (node.zone().isEmpty()
                || ready.stream().anyMatch(endpoint -> endpoint.zoneHints().isEmpty())) {
            return ready;
        }
        List<Endpoint> zone = having(
                ready, endpoint -> endpoint.zoneHints().contains(node.zone().get()));
        return zone.isEmpty() ? ready : zone;
    }

    /** By the annotation in one of exactly these spellings, or by trafficDistribution (KEP-2433, KEP-4444). */
    private static boolean asksForTopology(Service service) {
        Option<String> mode = service.annotations()
                .get("service.kubernetes.io/topology-mode")
                .orElse(() -> service.annotations().get("service.kubernetes.io/topology-aware-hints"));
        return mode.exists(value -> value.equals("Auto") || value.equals("auto"))
                || service.trafficDistribution().isDefined();
    }

    private static List<Endpoint> distinct(List<Endpoint> listed, String node) {
        if (listed.size() < 2) {
            return listed;
        }
        Map<AddressPort, Integer> places = new HashMap<>();
        List<Endpoint> known = new ArrayList<>(listed.size());
        for (Endpoint endpoint : listed) {
            Integer place = places.putIfAbsent(endpoint.address(), known.size());
            if (place == null) {
                known.add(endpoint);
            } else if (isOn(endpoint, node) && !isOn(known.get(place), node)) {
                known.set(place, endpoint);
            }
        }
        return known;
    }

    private static List<Endpoint> having(List<Endpoint> endpoints, Predicate<Endpoint> wanted) {
        List<Endpoint> out = new ArrayList<>(endpoints.size());
        for (Endpoint endpoint : endpoints) {
            if (wanted.test(endpoint)) {
                out.add(endpoint);
            }
        }
        return out.size() == endpoints.size() ? endpoints : out;
    }

    private static boolean isOn(Endpoint endpoint, String node) {
        return endpoint.node().contains(node);
    }
}
