package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A service port as one address family of a node sees it, with the names of its chains.
 *
 * @param service the service
 * @param port the port
 * @param v6 the address family
 * @param clusterIp its cluster address
 * @param endpoints all its endpoints of the family, whatever their state
 * @param use which of them the node uses
 */
record PortPlan(
        Service service,
        ServicePort port,
        boolean v6,
        IpAddress clusterIp,
        Vector<Endpoint> endpoints,
        EndpointCategories use) {

    /** The service ports of a family that kube-proxy deals with. */
    static Vector<PortPlan> all(Cluster cluster, NodeFacts node, WriterConfig config, boolean v6) {
        return cluster.services()
                .flatMap(service -> EndpointCategories.clusterIp(service, v6)
                        .toVector()
                        .flatMap(clusterIp ->
                                service.ports().map(port -> plan(cluster, service, port, clusterIp, node, config))));
    }

    private static PortPlan plan(
            Cluster cluster,
            Service service,
            ServicePort port,
            IpAddress clusterIp,
            NodeFacts node,
            WriterConfig config) {
        boolean v6 = clusterIp.isV6();
        Vector<Endpoint> endpoints = cluster.endpointsOf(service.ref(port))
                .filter(endpoint -> endpoint.address().address().isV6() == v6);
        EndpointCategories use =
                EndpointCategories.of(service, port, endpoints, node.name(), node.zone(), v6, config.hints());
        return new PortPlan(service, port, v6, clusterIp, EndpointCategories.deduplicated(endpoints, node.name()), use);
    }

    /** How rules name it in comments. */
    String label() {
        return ChainNames.servicePort(service.key(), port);
    }

    Protocol protocol() {
        return port.protocol();
    }

    String chain(String prefix) {
        return ChainNames.ofService(prefix, label(), protocol());
    }

    String svc() {
        return chain("KUBE-SVC-");
    }

    String svl() {
        return chain("KUBE-SVL-");
    }

    String ext() {
        return chain("KUBE-EXT-");
    }

    String fw() {
        return chain("KUBE-FW-");
    }

    String xlb() {
        return chain("KUBE-XLB-");
    }

    String sep(AddressPort endpoint) {
        return ChainNames.ofEndpoint(label(), protocol(), endpoint);
    }

    boolean internalLocal() {
        return service.internalLocal();
    }

    boolean externalLocal() {
        return EndpointCategories.isExternalLocal(service);
    }

    boolean isExternal() {
        return EndpointCategories.isExternal(service, port, v6);
    }

    Vector<IpAddress> externalIps() {
        return service.externalIps().filter(address -> address.isV6() == v6);
    }

    Vector<IpAddress> loadBalancerIps() {
        return service.loadBalancerIps().filter(address -> address.isV6() == v6);
    }

    Vector<IpPrefix> sourceRanges() {
        return service.sourceRanges().filter(range -> range.address().isV6() == v6);
    }

    Option<Integer> affinity() {
        return service.affinitySeconds();
    }

    /** The port of the load balancer's health check, where one is asked for. */
    Option<Integer> healthCheckNodePort() {
        return service.type() == Service.Type.LOAD_BALANCER && externalLocal()
                ? service.healthCheckNodePort()
                : Option.none();
    }
}
