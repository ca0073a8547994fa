package dev.podpath.testkit.arbitrary;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.testkit.arbitrary.ServiceSpec.BackendSpec;
import dev.podpath.testkit.arbitrary.ServiceSpec.Hints;
import dev.podpath.testkit.arbitrary.ServiceSpec.Kind;
import dev.podpath.testkit.arbitrary.ServiceSpec.PortSpec;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Gives a generated cluster its names and addresses. Nodes are 192.168.1.10 onwards, pods 10.244.N.0/24 of their node,
 * cluster addresses 10.96.0.0/16, load balancers 203.0.113.0/24, external addresses 198.51.100.0/24 or a node's own;
 * the second family follows the same plan.
 */
final class ClusterBuilder {
    static final IpPrefix PODS_V4 = IpPrefix.of("10.244.0.0/16");
    static final IpPrefix PODS_V6 = IpPrefix.of("fd00:244::/32");
    /** Ranges of allowed sources: some strangers, the nodes, the pods of the first node, one stranger. */
    static final Vector<IpPrefix> RANGES_V4 = Vector.of(
                    "192.0.2.0/25", "192.168.1.0/24", "10.244.0.0/24", "192.0.2.200")
            .map(IpPrefix::of);
    /** The same ranges of the second family. */
    static final Vector<IpPrefix> RANGES_V6 = Vector.of(
                    "2001:db8:9::/64", "2001:db8:1::/64", "fd00:244:0::/48", "2001:db8:99::1")
            .map(IpPrefix::of);

    private static final ServiceKey CLIENTS = new ServiceKey("default", "client");

    private final ClusterSpec spec;
    private final Vector<Node> nodes;
    private Vector<Service> services = Vector.empty();
    private Vector<Endpoint> endpoints = Vector.empty();
    private Vector<Pod> pods = Vector.empty();

    private ClusterBuilder(ClusterSpec spec) {
        this.spec = spec;
        this.nodes = Vector.range(0, spec.zones().size()).map(this::node);
    }

    static Cluster build(ClusterSpec spec) {
        ClusterBuilder builder = new ClusterBuilder(spec);
        for (int i = 0; i < spec.services().size(); i++) {
            builder.add(i, spec.services().get(i));
        }
        builder.nodes.zipWithIndex().forEach(node -> builder.clients(node._2));
        return new Cluster(
                Cluster.Captured.ALL,
                "cluster.local",
                Option.none(),
                builder.services,
                builder.endpoints,
                builder.pods,
                builder.nodes);
    }

    private Node node(int index) {
        int zone = spec.zones().get(index);
        Vector<IpPrefix> prefixes = Vector.of(IpPrefix.of("10.244." + index + ".0/24"));
        return Node.builder()
                .name("n" + index)
                .internalAddresses(addresses("192.168.1." + (10 + index), "2001:db8:1::" + (10 + index)))
                .podPrefixes(spec.dual() ? prefixes.append(IpPrefix.of("fd00:244:" + index + "::/48")) : prefixes)
                .labels(zone < 0 ? HashMap.empty() : HashMap.of("topology.kubernetes.io/zone", "z" + zone))
                .evidence(Evidence.pointer("kubernetes/nodes.json", "/items/" + index, ""))
                .build();
    }

    private Vector<IpAddress> addresses(String v4, String v6) {
        return spec.dual() ? Vector.of(IpAddress.of(v4), IpAddress.of(v6)) : Vector.of(IpAddress.of(v4));
    }

    /** On each node a pod that serves nobody, and one in the node's own network. */
    private void clients(int node) {
        pod(
                CLIENTS.name() + "-" + node,
                node,
                addresses("10.244." + node + ".250", "fd00:244:" + node + "::250"),
                false);
        pod("agent-" + node, node, nodes.get(node).internalAddresses(), true);
    }

    private void pod(String name, int node, Vector<IpAddress> addresses, boolean hostNetwork) {
        pods = pods.append(Pod.builder()
                .namespace(CLIENTS.namespace())
                .name(name)
                .addresses(addresses)
                .node(Option.some(nodes.get(node).name()))
                .hostNetwork(hostNetwork)
                .evidence(Evidence.pointer("kubernetes/pods.json", "/items/" + pods.size(), ""))
                .build());
    }

    private void add(int index, ServiceSpec service) {
        ServiceKey key = new ServiceKey(index % 3 == 2 ? "kube-system" : "default", "svc" + index);
        boolean external = service.kind() == Kind.NODE_PORT
                || service.kind() == Kind.LOAD_BALANCER && service.reach().nodePorts();
        Vector<ServicePort> ports = Vector.ofAll(service.ports())
                .zipWithIndex()
                .map(port -> new ServicePort(
                        service.ports().size() == 1 && index % 2 == 0 ? "" : "p" + port._2,
                        port._1.protocol(),
                        port._1.port(),
                        port._1.named() ? "web" : Integer.toString(port._1.target()),
                        external ? Option.some(30000 + 10 * index + port._2) : Option.none()));
        services = services.append(object(index, service, key, ports));
        if (service.kind() != Kind.EXTERNAL_NAME) {
            for (int i = 0; i < service.backends().size(); i++) {
                backend(index, i, service, key, ports);
            }
        }
    }

    private Service object(int index, ServiceSpec service, ServiceKey key, Vector<ServicePort> ports) {
        boolean virtual = service.kind() != Kind.HEADLESS && service.kind() != Kind.EXTERNAL_NAME;
        boolean external = service.kind() == Kind.NODE_PORT || service.kind() == Kind.LOAD_BALANCER;
        boolean balanced = service.kind() == Kind.LOAD_BALANCER;
        ServiceSpec.Policy policy = service.policy();
        ServiceSpec.Reach reach = service.reach();
        Vector<IpAddress> externalIps = Vector.range(0, virtual ? reach.externalIps() : 0)
                .flatMap(i -> of(service, "198.51.100." + (10 * index + i + 1), "2001:db8:51::" + index + i));
        boolean externallyLocal = policy.externalLocal() && (external || !externalIps.isEmpty());
        return Service.builder()
                .key(key)
                .type(type(service.kind()))
                .headless(service.kind() == Kind.HEADLESS)
                .clusterIps(
                        virtual ? of(service, "10.96.0." + (10 + index), "fd00:96::" + (10 + index)) : Vector.empty())
                .externalIps(
                        index == 0 && reach.atNode() && !externalIps.isEmpty()
                                ? externalIps.append(
                                        nodes.head().internalAddresses().head())
                                : externalIps)
                .loadBalancerIps(Vector.range(0, balanced ? reach.loadBalancerIps() : 0)
                        .flatMap(i -> of(service, "203.0.113." + (10 * index + i + 1), "2001:db8:1b::" + index + i)))
                .ports(ports)
                .internalLocal(policy.internalLocal())
                .externalLocal(externallyLocal)
                .affinitySeconds(policy.affinity() ? Option.some(10800) : Option.none())
                .sourceRanges(
                        balanced
                                ? Vector.ofAll(reach.ranges())
                                        .flatMap(i -> Vector.of(RANGES_V4.get(i), RANGES_V6.get(i)))
                                : Vector.empty())
                .healthCheckNodePort(balanced && externallyLocal ? Option.some(32000 + index) : Option.none())
                .externalName(
                        service.kind() == Kind.EXTERNAL_NAME
                                ? Option.some("db" + index + ".example.com")
                                : Option.none())
                .allocateLoadBalancerNodePorts(!balanced || reach.nodePorts())
                .publishNotReadyAddresses(policy.publishNotReady())
                .trafficDistribution(distribution(policy.hints(), index))
                .labels(
                        policy.owner() == ServiceSpec.Owner.OTHERS
                                ? HashMap.of("service.kubernetes.io/service-proxy-name", "other")
                                : HashMap.empty())
                .annotations(
                        policy.hints() == Hints.NONE
                                        || distribution(policy.hints(), index).isDefined()
                                ? HashMap.empty()
                                : HashMap.of("service.kubernetes.io/topology-mode", "Auto"))
                .evidence(Evidence.pointer("kubernetes/services.json", "/items/" + index, ""))
                .build();
    }

    /** Hints are asked for in one of two ways. */
    private static Option<String> distribution(Hints hints, int index) {
        if (hints == Hints.NODES) {
            return Option.some("PreferSameNode");
        }
        return hints == Hints.NONE || index % 2 == 0 ? Option.none() : Option.some("PreferClose");
    }

    private static Service.Type type(Kind kind) {
        return switch (kind) {
            case NODE_PORT -> Service.Type.NODE_PORT;
            case LOAD_BALANCER -> Service.Type.LOAD_BALANCER;
            case EXTERNAL_NAME -> Service.Type.EXTERNAL_NAME;
            case CLUSTER_IP, HEADLESS -> Service.Type.CLUSTER_IP;
        };
    }

    /** The addresses of the families a service has; one of the second family alone needs a cluster that has it. */
    private Vector<IpAddress> of(ServiceSpec service, String v4, String v6) {
        if (!spec.dual()) {
            return Vector.of(IpAddress.of(v4));
        }
        Vector<IpAddress> first = service.families().hasV4() ? Vector.of(IpAddress.of(v4)) : Vector.empty();
        return service.families().hasV6() ? first.append(IpAddress.of(v6)) : first;
    }

    private void backend(int index, int number, ServiceSpec service, ServiceKey key, Vector<ServicePort> ports) {
        BackendSpec backend = service.backends().get(number);
        int node = backend.node() % nodes.size();
        int host = 10 * index + number + 1;
        Vector<IpAddress> addresses = addresses("10.244." + node + "." + host, "fd00:244:" + node + "::" + host);
        String name = key.name() + "-" + number;
        pods = pods.append(Pod.builder()
                .namespace(key.namespace())
                .name(name)
                .addresses(addresses)
                .node(Option.some(nodes.get(node).name()))
                .ready(backend.state().ready || backend.state().serving)
                .terminating(backend.state().terminating)
                .evidence(Evidence.pointer("kubernetes/pods.json", "/items/" + pods.size(), ""))
                .build());
        Vector<IpAddress> wanted = addresses.filter(address -> !spec.dual()
                || (address.isV6()
                        ? service.families().hasV6()
                        : service.families().hasV4()));
        for (IpAddress address : wanted) {
            for (int i = 0; i < ports.size(); i++) {
                PortSpec port = service.ports().get(i);
                Endpoint endpoint = endpoint(service, key, ports.get(i), backend, number, node)
                        .pod(Option.some(key.namespace() + "/" + name))
                        .address(new AddressPort(address, target(port, number)))
                        .evidence(Evidence.pointer(
                                "kubernetes/endpointslices.json",
                                "/items/" + (2 * index + number % 2) + "/endpoints/" + number / 2,
                                ""))
                        .build();
                endpoints = endpoints.append(endpoint);
                if (backend.twice()) {
                    // A second slice may still list what the first one lists: the API server gives no guarantee.
                    endpoints = endpoints.append(endpoint);
                }
            }
        }
    }

    /** A port by name can be another number in another pod. */
    private static int target(PortSpec port, int backend) {
        return port.named() ? port.target() + backend % 2 : port.target();
    }

    private Endpoint.Builder endpoint(
            ServiceSpec service, ServiceKey key, ServicePort port, BackendSpec backend, int number, int node) {
        Node on = nodes.get(node);
        Hints hints = service.policy().hints();
        boolean hinted = hints != Hints.NONE && !(hints == Hints.ONE_MISSING && number == 0);
        Vector<String> zones =
                hints == Hints.SPREAD ? Vector.of("z" + number % 2) : on.zone().toVector();
        Endpoint.Builder endpoint = Endpoint.builder();
        endpoint.service(key);
        endpoint.portName(port.name());
        endpoint.protocol(port.protocol());
        endpoint.ready(backend.state().ready || service.policy().publishNotReady());
        endpoint.serving(backend.state().serving);
        endpoint.terminating(backend.state().terminating);
        endpoint.node(Option.some(on.name()));
        endpoint.zone(on.zone());
        endpoint.zoneHints(hinted ? zones : Vector.empty());
        endpoint.nodeHints(hinted && hints == Hints.NODES ? Vector.of(on.name()) : Vector.empty());
        return endpoint;
    }
}
