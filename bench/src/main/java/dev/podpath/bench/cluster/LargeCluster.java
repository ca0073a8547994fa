package dev.podpath.bench.cluster;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.ContainerPort;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.KubeProxyConfig;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes the cluster of a shape. Nodes are 172.16.0.0/12, pods 10.128.0.0/9 with a /24 for each node, cluster addresses
 * are scattered over 10.96.0.0/12, load balancers are in 198.18.0.0/15. Every pod serves one service.
 */
public final class LargeCluster {
    /** The addresses of all pods. */
    public static final IpPrefix PODS = IpPrefix.of("10.128.0.0/9");

    private static final int PODS_OF_A_NODE = 200;
    private static final int NAMESPACES = 100;
    private static final int FIRST_NODE_PORT = 30_000;
    private static final int LAST_NODE_PORT = 32_767;
    private static final int FIRST_BALANCER = 0xC6120001;
    private static final int LAST_BALANCER = 0xC613FFFE;
    private static final int AFFINITY_SECONDS = 10_800;
    private static final int[] PORTS = {80, 443, 8080, 9090, 5432, 6379};
    private static final int[] TARGETS = {8080, 8443, 3000, 9000, 5432, 6379};

    private final ClusterShape shape;
    private final String mode;
    private final SplittableRandom random;
    private final List<Service> services = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();
    private final Vector<Node> nodes;
    private int nextNodePort = FIRST_NODE_PORT;
    private int nextBalancer = FIRST_BALANCER;

    private LargeCluster(ClusterShape shape, String mode) {
        this.shape = shape;
        this.mode = mode;
        this.random = new SplittableRandom(shape.seed());
        int most = shape.services() * shape.endpoints();
        this.nodes = Vector.range(0, Math.max(3, (most + PODS_OF_A_NODE - 1) / PODS_OF_A_NODE))
                .map(LargeCluster::node);
    }

    /**
     * The cluster.
     *
     * @param mode what kube-proxy's configuration gives as its mode
     * @throws IllegalArgumentException where the pods do not fit into the addresses for them: beyond 6,500,000
     */
    public static Cluster of(ClusterShape shape, String mode) {
        if ((long) shape.services() * shape.endpoints() > 32_500L * PODS_OF_A_NODE) {
            throw new IllegalArgumentException("more than 6500000 pods");
        }
        LargeCluster cluster = new LargeCluster(shape, mode);
        for (int i = 0; i < shape.services(); i++) {
            cluster.add(i);
        }
        return cluster.build();
    }

    /** The name of a node, counted from 0. */
    public static String nodeName(int index) {
        return "node-" + (10_000 + index);
    }

    private static Node node(int index) {
        return Node.builder()
                .name(nodeName(index))
                .internalAddresses(Vector.of(IpAddress.v4(0xAC100000 + 10 + index)))
                .podPrefixes(Vector.of(new IpPrefix(IpAddress.v4(0x0A800000 + (index << 8)), 24)))
                .evidence(pointer("nodes", index, ""))
                .build();
    }

    private void add(int index) {
        double kind = random.nextDouble();
        boolean balanced = kind < shape.loadBalancers() && nextBalancer <= LAST_BALANCER;
        boolean published = kind < shape.loadBalancers() + shape.nodePorts() && (balanced || hasNodePort());
        boolean sticky = random.nextDouble() < shape.affinity();
        boolean empty = random.nextDouble() < shape.empty();
        int what = random.nextInt(PORTS.length);
        boolean datagrams = random.nextInt(32) == 0;
        ServiceKey key = new ServiceKey("team-" + (100 + index % NAMESPACES), "service-" + (100_000 + index));
        ServicePort port = new ServicePort(
                datagrams ? "dns" : "main",
                datagrams ? Protocol.UDP : Protocol.TCP,
                datagrams ? 53 : PORTS[what],
                Integer.toString(datagrams ? 5353 : TARGETS[what]),
                published && hasNodePort() ? Option.some(nextNodePort++) : Option.none());
        services.add(Service.builder()
                .key(key)
                .type(
                        balanced
                                ? Service.Type.LOAD_BALANCER
                                : published ? Service.Type.NODE_PORT : Service.Type.CLUSTER_IP)
                .clusterIps(Vector.of(clusterIp(index)))
                .loadBalancerIps(balanced ? Vector.of(IpAddress.v4(nextBalancer++)) : Vector.empty())
                .ports(Vector.of(port))
                .affinitySeconds(sticky ? Option.some(AFFINITY_SECONDS) : Option.none())
                .evidence(pointer("services", index, ""))
                .build());
        for (int i = 0; i < (empty ? 0 : shape.endpoints()); i++) {
            add(index, i, key, port);
        }
    }

    /** NodePort services beyond the usual range of ports are of type ClusterIP, and load balancers get none. */
    private boolean hasNodePort() {
        return nextNodePort <= LAST_NODE_PORT;
    }

    /** An odd factor makes every address of the block come once; the network's own address never. */
    private static IpAddress clusterIp(int index) {
        return IpAddress.v4(0x0A600000 + ((index + 1) * 0x9E375 & 0xFFFFF));
    }

    private void add(int service, int number, ServiceKey key, ServicePort port) {
        int index = pods.size();
        Node node = nodes.get(index % nodes.size());
        IpAddress address = IpAddress.v4(node.podPrefixes().head().address().v4Bits() + 2 + index / nodes.size());
        int target = Integer.parseInt(port.targetPort());
        String name = key.name() + "-" + (10_000 + number);
        pods.add(Pod.builder()
                .namespace(key.namespace())
                .name(name)
                .addresses(Vector.of(address))
                .node(Option.some(node.name()))
                .ports(Vector.of(new ContainerPort(port.name(), port.protocol(), target, Option.none())))
                .evidence(pointer("pods", index, ""))
                .build());
        endpoints.add(Endpoint.builder()
                .service(key)
                .portName(port.name())
                .protocol(port.protocol())
                .address(new AddressPort(address, target))
                .node(Option.some(node.name()))
                .pod(Option.some(key.namespace() + "/" + name))
                .evidence(pointer("endpointslices", service, "/endpoints/" + number))
                .build());
    }

    private Cluster build() {
        KubeProxyConfig config = KubeProxyConfig.builder()
                .mode(mode)
                .clusterPrefixes(Vector.of(PODS))
                .evidence(pointer("configmaps", 0, ""))
                .build();
        return new Cluster(
                Cluster.Captured.ALL,
                "cluster.local",
                Option.some(config),
                Vector.ofAll(services),
                Vector.ofAll(endpoints),
                Vector.ofAll(pods),
                nodes);
    }

    private static Evidence pointer(String kind, int index, String below) {
        return Evidence.pointer("kubernetes/" + kind + ".json", "/items/" + index + below, "");
    }
}
