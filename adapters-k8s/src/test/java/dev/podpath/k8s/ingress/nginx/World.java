package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.ContainerPort;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** A small cluster: two nodes, a controller on each, three services. */
final class World {
    static final String CONTROLLER = "ingress/controller-abcde";
    static final String REPLICA = "ingress/controller-fghij";

    private World() {}

    static Cluster cluster() {
        return cluster(Vector.empty());
    }

    /** The same, with controllers that were started with these arguments. */
    static Cluster cluster(Vector<String> arguments) {
        return new Cluster(
                Cluster.Captured.ALL,
                "cluster.local",
                Option.none(),
                Vector.of(
                        service("web", "172.16.0.10", ""),
                        service("api", "172.16.0.11", ""),
                        service("vip", "172.16.0.20", "http"),
                        service("sticky", "172.16.0.30", ""),
                        service("gone", "172.16.0.40", ""),
                        names()),
                Vector.of(
                        endpoint("web", "10.0.2.1", ""),
                        endpoint("web", "10.0.2.2", ""),
                        endpoint("api", "10.0.2.3", ""),
                        endpoint("vip", "10.0.2.4", "http"),
                        endpoint("sticky", "10.0.2.5", ""),
                        endpoint("sticky", "10.0.2.6", ""),
                        Endpoint.builder()
                                .service(new ServiceKey("app", "names"))
                                .portName("dns")
                                .protocol(Protocol.UDP)
                                .address(new AddressPort(IpAddress.of("10.0.2.8"), 5353))
                                .evidence(evidence())
                                .build()),
                Vector.of(
                        controller(CONTROLLER, "10.0.1.1", "n1", true, arguments),
                        controller(REPLICA, "10.0.3.9", "n2", false, arguments),
                        Pod.builder()
                                .namespace("app")
                                .name("other")
                                .addresses(Vector.of(IpAddress.of("10.0.1.1")))
                                .hostNetwork(true)
                                .node(Option.some("n1"))
                                .ports(Vector.of(new ContainerPort("http", Protocol.TCP, 80, Option.none())))
                                .evidence(evidence())
                                .build()),
                Vector.of(node("n1", "10.0.1.1"), node("n2", "10.0.1.2")));
    }

    private static Evidence evidence() {
        return Evidence.document("kubernetes/test.json", "{}");
    }

    private static Pod controller(
            String id, String address, String node, boolean hostNetwork, Vector<String> arguments) {
        return Pod.builder()
                .namespace(id.substring(0, id.indexOf('/')))
                .name(id.substring(id.indexOf('/') + 1))
                .addresses(Vector.of(IpAddress.of(address)))
                .node(Option.some(node))
                .hostNetwork(hostNetwork)
                .arguments(arguments)
                .labels(HashMap.of("app.kubernetes.io/name", "ingress-nginx"))
                .ports(Vector.of(
                        new ContainerPort("http", Protocol.TCP, 80, Option.none()),
                        new ContainerPort("https", Protocol.TCP, 443, Option.none()),
                        new ContainerPort("webhook", Protocol.TCP, 8443, Option.none())))
                .evidence(evidence())
                .build();
    }

    private static Service service(String name, String vip, String portName) {
        return Service.builder()
                .key(new ServiceKey("app", name))
                .clusterIps(Vector.of(IpAddress.of(vip)))
                .ports(Vector.of(new ServicePort(portName, Protocol.TCP, 80, "8080", Option.none())))
                .evidence(evidence())
                .build();
    }

    private static Service names() {
        return Service.builder()
                .key(new ServiceKey("app", "names"))
                .clusterIps(Vector.of(IpAddress.of("172.16.0.53")))
                .ports(Vector.of(
                        new ServicePort("dns-tcp", Protocol.TCP, 53, "5353", Option.none()),
                        new ServicePort("dns", Protocol.UDP, 53, "5353", Option.none())))
                .evidence(evidence())
                .build();
    }

    private static Endpoint endpoint(String service, String address, String portName) {
        return Endpoint.builder()
                .service(new ServiceKey("app", service))
                .portName(portName)
                .protocol(Protocol.TCP)
                .address(new AddressPort(IpAddress.of(address), 8080))
                .evidence(evidence())
                .build();
    }

    private static Node node(String name, String address) {
        return Node.builder()
                .name(name)
                .internalAddresses(Vector.of(IpAddress.of(address)))
                .evidence(evidence())
                .build();
    }
}
