package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.Protocol;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Finds the service port behind an upstream name, which is {@code namespace-service-port}: which dashes separate must be found out by
 * comparing with the services there are.
 */
final class ServiceOfUpstream {
    private final Cluster cluster;
    private final Protocol protocol;

    ServiceOfUpstream(Cluster cluster) {
        this(cluster, Protocol.TCP);
    }

    ServiceOfUpstream(Cluster cluster, Protocol protocol) {
        this.cluster = cluster;
        this.protocol = protocol;
    }

    /**
     * The service port.
     *
     * @param upstream upstream name
     * @param labels the service that {@code $namespace} and {@code $service_name} name, which wins where several fit
     */
    Option<ServicePortRef> find(String upstream, Option<ServiceKey> labels) {
        Vector<ServicePortRef> fitting = cluster.services()
                .filter(service -> upstream.startsWith(prefix(service.key())))
                .flatMap(service ->
                        port(service, upstream.substring(prefix(service.key()).length())));
        return fitting.find(ref -> labels.contains(ref.service())).orElse(fitting::headOption);
    }

    /** The name's part that the service makes. */
    static String prefix(ServiceKey key) {
        return key.namespace() + "-" + key.name() + "-";
    }

    /** The port as the controller matches it: by number, target port or name. */
    private Option<ServicePortRef> port(Service service, String wanted) {
        Vector<ServicePort> ports = service.ports().filter(port -> port.protocol() == protocol);
        return ports.find(port -> Integer.toString(port.port()).equals(wanted))
                .orElse(() -> ports.find(port -> port.targetPort().equals(wanted)))
                .orElse(() -> ports.find(port -> port.name().equals(wanted)))
                .map(service::ref);
    }
}
