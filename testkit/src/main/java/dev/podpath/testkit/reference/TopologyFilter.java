package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Keeps the ready endpoints that are meant for a node. One ready endpoint without a hint switches the filter off, and so
 * does a node that no hint names.
 *
 * @param node name of the node
 * @param zone its zone
 * @param hints which hints count
 */
record TopologyFilter(String node, Option<String> zone, TopologyHints hints) {
    Vector<Endpoint> apply(Service service, Vector<Endpoint> ready) {
        if (hints == TopologyHints.IGNORED || (hints == TopologyHints.ANNOTATED_ZONES && !isAskedFor(service))) {
            return ready;
        }
        boolean byNode = hints == TopologyHints.NODES_THEN_ZONES
                && ready.forAll(endpoint -> !endpoint.nodeHints().isEmpty())
                && ready.exists(endpoint -> endpoint.nodeHints().contains(node));
        if (byNode) {
            return ready.filter(endpoint -> endpoint.nodeHints().contains(node));
        }
        boolean byZone = ready.forAll(endpoint -> !endpoint.zoneHints().isEmpty()) && ready.exists(this::isForZone);
        return byZone ? ready.filter(this::isForZone) : ready;
    }

    private boolean isForZone(Endpoint endpoint) {
        return zone.exists(name -> endpoint.zoneHints().contains(name));
    }

    /** By {@code trafficDistribution}, or by an annotation, of which only these two spellings count. */
    private static boolean isAskedFor(Service service) {
        if (service.trafficDistribution().isDefined()) {
            return true;
        }
        Option<String> mode = service.annotations()
                .get("service.kubernetes.io/topology-mode")
                .orElse(() -> service.annotations().get("service.kubernetes.io/topology-aware-hints"));
        return mode.exists(value -> value.equals("Auto") || value.equals("auto"));
    }
}
