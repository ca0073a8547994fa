package dev.podpath.it.verify;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Clusters in which many services are alike. */
final class Twins {
    private Twins() {}

    /** The same cluster with a second service for each that has only cluster addresses, like it but for all addresses. */
    static Scene with(Scene scene) {
        Cluster cluster = scene.cluster();
        Vector<Service> single = cluster.services()
                .filter(service -> service.type() == Service.Type.CLUSTER_IP
                        && service.externalIps().isEmpty()
                        && !service.headless());
        Set<ServiceKey> keys = single.map(Service::key).toSet();
        Vector<Service> services = single.map(service -> Service.builder()
                .type(service.type())
                .headless(service.headless())
                .externalIps(service.externalIps())
                .loadBalancerIps(service.loadBalancerIps())
                .loadBalancerHostnames(service.loadBalancerHostnames())
                .ports(service.ports())
                .internalLocal(service.internalLocal())
                .externalLocal(service.externalLocal())
                .affinitySeconds(service.affinitySeconds())
                .sourceRanges(service.sourceRanges())
                .healthCheckNodePort(service.healthCheckNodePort())
                .publishNotReadyAddresses(service.publishNotReadyAddresses())
                .trafficDistribution(service.trafficDistribution())
                .allocateLoadBalancerNodePorts(service.allocateLoadBalancerNodePorts())
                .externalName(service.externalName())
                .uid(service.uid())
                .labels(service.labels())
                .annotations(service.annotations())
                .evidence(service.evidence())
                .key(twin(service.key()))
                .clusterIps(service.clusterIps().map(Twins::twin))
                .build());
        Vector<Endpoint> endpoints = cluster.endpoints()
                .filter(endpoint -> keys.contains(endpoint.service()))
                .map(endpoint -> Endpoint.builder()
                        .portName(endpoint.portName())
                        .protocol(endpoint.protocol())
                        .ready(endpoint.ready())
                        .serving(endpoint.serving())
                        .terminating(endpoint.terminating())
                        .node(endpoint.node())
                        .zone(endpoint.zone())
                        .zoneHints(endpoint.zoneHints())
                        .nodeHints(endpoint.nodeHints())
                        .hostname(endpoint.hostname())
                        .evidence(endpoint.evidence())
                        .service(twin(endpoint.service()))
                        .address(new AddressPort(
                                twin(endpoint.address().address()),
                                endpoint.address().port()))
                        .pod(Option.none())
                        .build());
        Cluster doubled = new Cluster(
                cluster.captured(),
                cluster.domain(),
                cluster.kubeProxy(),
                cluster.services().appendAll(services),
                cluster.endpoints().appendAll(endpoints),
                cluster.pods(),
                cluster.nodes());
        return new Scene(doubled, scene.node(), scene.config());
    }

    private static ServiceKey twin(ServiceKey key) {
        return new ServiceKey(key.namespace(), key.name() + "-twin");
    }

    /** An address 100 above, which in the clusters of the test kit nobody has. */
    private static IpAddress twin(IpAddress address) {
        return address.isV6()
                ? IpAddress.v6(address.high(), address.low() + 0x1_0000)
                : IpAddress.v4((int) address.low() + 100);
    }
}
