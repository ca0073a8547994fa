package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Which endpoints of a service port a node uses, for one address family: the candidates of the Cluster policy, those of
 * the Local policy, and whether any node has one.
 *
 * <p>Ready endpoints come first; where a list has none, those that still serve while terminating stand in, for each list
 * by itself and without a look at topology (kube-proxy {@code pkg/proxy/topology.go}; KEP-1669).
 *
 * @param cluster candidates of the Cluster policy; empty where the port has no use for them
 * @param local candidates of the Local policy; empty where the port has no use for them
 * @param usesCluster whether the port has a use for Cluster candidates
 * @param usesLocal whether the port has a use for Local candidates
 * @param hasAny whether some node could serve the port
 */
public record EndpointCategories(
        Vector<Endpoint> cluster, Vector<Endpoint> local, boolean usesCluster, boolean usesLocal, boolean hasAny) {

    /**
     * Sorts out the endpoints of a service port.
     *
     * @param service the service
     * @param port one of its ports
     * @param endpoints endpoints of that port, of any family
     * @param node name of the node
     * @param zone zone of the node
     * @param v6 the address family
     * @param hints which topology hints count
     */
    public static EndpointCategories of(
            Service service,
            ServicePort port,
            Vector<Endpoint> endpoints,
            String node,
            Option<String> zone,
            boolean v6,
            TopologyHints hints) {
        Vector<Endpoint> known = deduplicated(
                endpoints.filter(endpoint -> endpoint.address().address().isV6() == v6), node);
        boolean external = isExternal(service, port, v6);
        boolean usesCluster = !service.internalLocal() || external;
        boolean usesLocal = service.internalLocal() || (external && isExternalLocal(service));
        Vector<Endpoint> ready = known.filter(Endpoint::ready);
        Vector<Endpoint> draining = known.filter(EndpointCategories::isDraining);
        Vector<Endpoint> cluster = Vector.empty();
        if (usesCluster) {
            Vector<Endpoint> near = new TopologyFilter(node, zone, hints).apply(service, ready);
            cluster = near.isEmpty() ? draining : near;
        }
        Vector<Endpoint> local = Vector.empty();
        if (usesLocal) {
            Vector<Endpoint> here = ready.filter(endpoint -> isOn(endpoint, node));
            local = here.isEmpty() ? draining.filter(endpoint -> isOn(endpoint, node)) : here;
        }
        boolean elsewhere = usesLocal && !(ready.isEmpty() && draining.isEmpty());
        return new EndpointCategories(
                cluster, local, usesCluster, usesLocal, !cluster.isEmpty() || !local.isEmpty() || elsewhere);
    }

    /** Whether a port of this family can be reached at anything but its cluster address. */
    public static boolean isExternal(Service service, ServicePort port, boolean v6) {
        return port.nodePort().isDefined()
                || service.externalIps().appendAll(service.loadBalancerIps()).exists(a -> a.isV6() == v6);
    }

    /** Whether the external traffic policy is in force and Local. */
    public static boolean isExternalLocal(Service service) {
        boolean accessible = service.type() == Service.Type.NODE_PORT
                || service.type() == Service.Type.LOAD_BALANCER
                || !service.externalIps().isEmpty();
        return accessible && service.externalLocal();
    }

    /** The cluster address of a family; services without one are none of kube-proxy's business there. */
    public static Option<IpAddress> clusterIp(Service service, boolean v6) {
        boolean skipped =
                service.headless() || service.type() == Service.Type.EXTERNAL_NAME || service.isLeftToOthers();
        return skipped ? Option.none() : service.clusterIps().find(address -> address.isV6() == v6);
    }

    /** One endpoint for each address, the one on this node where there are several, in the order of their text. */
    static Vector<Endpoint> deduplicated(Vector<Endpoint> endpoints, String node) {
        return endpoints
                .sortBy(endpoint -> isOn(endpoint, node) ? 0 : 1)
                .distinctBy(Endpoint::address)
                .sortBy(endpoint -> endpoint.address().toString());
    }

    private static boolean isDraining(Endpoint endpoint) {
        return !endpoint.ready() && endpoint.serving() && endpoint.terminating();
    }

    private static boolean isOn(Endpoint endpoint, String node) {
        return endpoint.node().contains(node);
    }
}
