package dev.podpath.core.intent;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import io.vavr.collection.Vector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The services of a cluster with their endpoints, numbered; makes the intent of each for one node after another and does
 * anew only what depends on the node. Safe for use from several threads.
 */
public final class IntentTable {
    private final Service[] services;
    private final Vector<Endpoint>[] endpoints;
    private final boolean[] dependsOnNode;
    private final Map<ProxyFeatures, PortIntent[] @Nullable []> shared = new ConcurrentHashMap<>();

    /** The services of a cluster, in their order. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public IntentTable(Cluster cluster) {
        services = cluster.services().toJavaArray(Service[]::new);
        endpoints = new Vector[services.length];
        dependsOnNode = new boolean[services.length];
        IntStream.range(0, services.length).parallel().forEach(i -> {
            endpoints[i] = cluster.endpointsOf(services[i].key());
            dependsOnNode[i] = PortIntent.dependsOnNode(services[i], endpoints[i]);
        });
    }

    /** How many services there are. */
    public int size() {
        return services.length;
    }

    /** One of them. */
    public Service service(int number) {
        return services[number];
    }

    /** The endpoints of one of them. */
    public Vector<Endpoint> endpoints(int number) {
        return endpoints[number];
    }

    /** The intent of all services on a node, by their numbers. */
    public ServiceIntent[] on(ProxySettings settings, NodeView node) {
        PortIntent[] @Nullable [] common =
                shared.computeIfAbsent(settings.features(), any -> new PortIntent[services.length][]);
        ServiceIntent[] intents = new ServiceIntent[services.length];
        IntStream.range(0, services.length)
                .parallel()
                .forEach(i ->
                        intents[i] = ServiceIntent.of(services[i], ports(i, common, settings, node), settings, node));
        return intents;
    }

    /** The intent of one service on a node, worked out anew. */
    public ServiceIntent on(int number, ProxySettings settings, NodeView node) {
        return ServiceIntent.of(services[number], endpoints[number], settings, node);
    }

    private PortIntent[] ports(int number, PortIntent[] @Nullable [] common, ProxySettings settings, NodeView node) {
        PortIntent[] known = dependsOnNode[number] ? null : common[number];
        if (known != null) {
            return known;
        }
        PortIntent[] ports = ServiceIntent.ports(services[number], endpoints[number], settings, node);
        if (!dependsOnNode[number]) {
            // Two threads may do it twice, with equal results.
            common[number] = ports;
        }
        return ports;
    }
}
