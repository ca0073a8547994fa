package dev.podpath.core.cluster;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes says, indexed for lookups by address and by name. Built once per snapshot.
 *
 * <p>A kind of object that was not captured is told apart from one of which there is none: see {@link Captured}.
 */
public final class Cluster {
    private final Captured captured;
    private final String domain;
    private final Option<KubeProxyConfig> kubeProxy;
    private final Vector<Service> services;
    private final Vector<Endpoint> endpoints;
    private final Vector<Pod> pods;
    private final Vector<Node> nodes;
    private final Map<ServiceKey, Service> serviceByKey;
    private final Lazy<Map<IpAddress, List<Service>>> servicesByAddress;
    private final Map<Integer, List<Service>> servicesByNodePort = new HashMap<>();
    private final Map<ServiceKey, List<Endpoint>> endpointsByService;
    private final Map<String, Pod> podById = new HashMap<>();
    private final Map<IpAddress, List<Pod>> podsByAddress = new HashMap<>();
    private final Map<String, Node> nodeByName = new HashMap<>();
    private final Map<IpAddress, Node> nodeByAddress = new HashMap<>();
    private final Map<String, Node> nodeByInstance = new HashMap<>();

    /**
     * Indexes the objects.
     *
     * @param captured which kinds were captured at all
     * @param domain the cluster's DNS domain, usually {@code cluster.local}
     * @param kubeProxy what kube-proxy was configured with, where its ConfigMap was captured
     */
    public Cluster(
            Captured captured,
            String domain,
            Option<KubeProxyConfig> kubeProxy,
            Vector<Service> services,
            Vector<Endpoint> endpoints,
            Vector<Pod> pods,
            Vector<Node> nodes) {
        this.captured = captured;
        this.domain = domain;
        this.kubeProxy = kubeProxy;
        this.services = services;
        this.endpoints = endpoints;
        this.pods = pods;
        this.nodes = nodes;
        this.serviceByKey = new HashMap<>(2 * services.size());
        this.endpointsByService = new HashMap<>(2 * services.size());
        this.servicesByAddress = Lazy.of(() -> servicesByAddress(services));
        for (Service service : services) {
            serviceByKey.put(service.key(), service);
            service.ports()
                    .forEach(port -> port.nodePort().forEach(number -> addOnce(servicesByNodePort, number, service)));
        }
        indexEndpoints();
        for (Pod pod : pods) {
            podById.put(pod.id(), pod);
            pod.addresses().forEach(address -> add(podsByAddress, address, pod));
        }
        for (Node node : nodes) {
            nodeByName.put(node.name(), node);
            node.internalAddresses()
                    .appendAll(node.externalAddresses())
                    .forEach(address -> nodeByAddress.putIfAbsent(address, node));
            node.instanceId().forEach(id -> nodeByInstance.put(id, node));
        }
    }

    private static Map<IpAddress, List<Service>> servicesByAddress(Vector<Service> services) {
        Map<IpAddress, List<Service>> byAddress = new HashMap<>();
        for (Service service : services) {
            service.clusterIps().forEach(address -> addOnce(byAddress, address, service));
            service.externalIps().forEach(address -> addOnce(byAddress, address, service));
            service.loadBalancerIps().forEach(address -> addOnce(byAddress, address, service));
        }
        return byAddress;
    }

    /** Endpoints of one slice follow each other, and have their service in common. */
    @SuppressWarnings("ReferenceEquality")
    private void indexEndpoints() {
        @Nullable ServiceKey last = null;
        List<Endpoint> of = List.of();
        for (Endpoint endpoint : endpoints) {
            ServiceKey service = endpoint.service();
            if (service != last) {
                last = service;
                of = endpointsByService.computeIfAbsent(service, key -> new ArrayList<>(4));
            }
            of.add(endpoint);
        }
    }

    /** A cluster of which nothing was captured. */
    public static Cluster unknown() {
        return new Cluster(
                Captured.NOTHING,
                "cluster.local",
                Option.none(),
                Vector.empty(),
                Vector.empty(),
                Vector.empty(),
                Vector.empty());
    }

    /** Which kinds of objects were captured. */
    public Captured captured() {
        return captured;
    }

    /** The DNS domain, usually {@code cluster.local}. */
    public String domain() {
        return domain;
    }

    /** What kube-proxy was configured with, where that was captured. */
    public Option<KubeProxyConfig> kubeProxy() {
        return kubeProxy;
    }

    /** All services. */
    public Vector<Service> services() {
        return services;
    }

    /** All endpoints of all slices. */
    public Vector<Endpoint> endpoints() {
        return endpoints;
    }

    /** All pods. */
    public Vector<Pod> pods() {
        return pods;
    }

    /** All nodes. */
    public Vector<Node> nodes() {
        return nodes;
    }

    /** The service of this name. */
    public Option<Service> service(ServiceKey key) {
        return Option.of(serviceByKey.get(key));
    }

    /** Services that have this address as cluster, external or load-balancer address. */
    public Vector<Service> servicesAt(IpAddress address) {
        return Vector.ofAll(servicesByAddress.get().getOrDefault(address, List.of()));
    }

    /** The service port that a virtual address and port belong to. */
    public Option<ServicePortRef> servicePortAt(AddressPort address, Protocol protocol) {
        return servicesAt(address.address())
                .flatMap(service -> service.port(address.port(), protocol).map(service::ref))
                .headOption();
    }

    /** The service port that is published at this port of every node. */
    public Option<ServicePortRef> servicePortAtNodePort(int nodePort, Protocol protocol) {
        return Vector.ofAll(servicesByNodePort.getOrDefault(nodePort, List.of()))
                .flatMap(service -> service.ports()
                        .filter(port ->
                                port.protocol() == protocol && port.nodePort().contains(nodePort))
                        .map(service::ref))
                .headOption();
    }

    /** All endpoints of a service. */
    public Vector<Endpoint> endpointsOf(ServiceKey service) {
        return Vector.ofAll(endpointsByService.getOrDefault(service, List.of()));
    }

    /** The endpoints of one port of a service, joined by port name and protocol as kube-proxy does. */
    public Vector<Endpoint> endpointsOf(ServicePortRef ref) {
        return service(ref.service())
                .flatMap(service -> service.port(ref.port(), ref.protocol()))
                .map(port -> endpointsOf(ref.service())
                        .filter(endpoint ->
                                endpoint.portName().equals(port.name()) && endpoint.protocol() == port.protocol()))
                .getOrElse(Vector.empty());
    }

    /** The pod {@code namespace/name}. */
    public Option<Pod> pod(String id) {
        return Option.of(podById.get(id));
    }

    /** Pods with this address; several where they share the node's. */
    public Vector<Pod> podsAt(IpAddress address) {
        return Vector.ofAll(podsByAddress.getOrDefault(address, List.of()));
    }

    /** The pod that owns this address alone, not through the node's network. */
    public Option<Pod> podWithOwnAddress(IpAddress address) {
        return podsAt(address)
                .filter(pod -> !pod.hostNetwork())
                .sortBy(pod -> pod.isLive() ? 0 : 1)
                .headOption();
    }

    /** Host-network pods of a node that declare this port, or pods published there by hostPort. */
    public Vector<Pod> podsListeningOn(String node, int port, Protocol protocol) {
        return pods.filter(pod -> pod.node().contains(node)
                && pod.ports()
                        .exists(p -> p.protocol() == protocol
                                && (pod.hostNetwork()
                                        ? p.port() == port
                                        : p.hostPort().contains(port))));
    }

    /** The node of this name. */
    public Option<Node> node(String name) {
        return Option.of(nodeByName.get(name));
    }

    /** The node that has this address in its status. */
    public Option<Node> nodeAt(IpAddress address) {
        return Option.of(nodeByAddress.get(address));
    }

    /** The node that is this instance of the cloud, by its provider id. */
    public Option<Node> nodeOfInstance(String instanceId) {
        return Option.of(nodeByInstance.get(instanceId));
    }

    /** Whether the node that is this instance of the cloud has a ready endpoint of a service; empty where that is not known. */
    public Option<Boolean> hasReadyEndpoint(ServiceKey service, String instanceId) {
        return nodeOfInstance(instanceId)
                .filter(node -> captured.endpoints())
                .map(node -> endpointsOf(service)
                        .exists(endpoint -> endpoint.ready() && endpoint.node().contains(node.name())));
    }

    /** Whether pods were captured, and neither one of them nor a node has an address. */
    public boolean isGone(IpAddress address) {
        return captured.pods()
                && podWithOwnAddress(address).isEmpty()
                && nodeAt(address).isEmpty();
    }

    /**
     * Whether an address is a live endpoint of a service port: in a slice, ready (or serving while terminating), and
     * where pods were captured, with a pod that runs, is ready and owns the address.
     */
    public Liveness liveness(AddressPort address, ServicePortRef ref) {
        if (!captured.endpoints()) {
            return new Liveness.Untold("EndpointSlices were not captured");
        }
        // An address may stand in several slices, and one of them may not have followed yet.
        Option<Endpoint> found = endpointsOf(ref)
                .filter(endpoint -> endpoint.address().equals(address))
                .sortBy(endpoint -> endpoint.ready() ? 0 : 1)
                .headOption();
        if (found.isEmpty()) {
            Vector<Evidence> owner =
                    podWithOwnAddress(address.address()).map(Pod::evidence).toVector();
            String now = podWithOwnAddress(address.address())
                    .map(pod -> "; the address now belongs to pod " + pod.id())
                    .getOrElse("");
            return new Liveness.Stale(address + " is not in any EndpointSlice of " + ref + now, owner);
        }
        return liveness(found.get());
    }

    /** Whether an endpoint of a slice is a live one. */
    public Liveness liveness(Endpoint endpoint) {
        AddressPort address = endpoint.address();
        boolean draining = !endpoint.ready() && endpoint.serving() && endpoint.terminating();
        if (!endpoint.ready() && !draining) {
            return new Liveness.Stale(
                    "the EndpointSlice says that " + address + " is not ready", Vector.of(endpoint.evidence()));
        }
        if (!captured.pods() || endpoint.pod().isEmpty()) {
            return new Liveness.Live(endpoint, Option.none(), draining);
        }
        Pod pod = podById.get(endpoint.pod().get());
        if (pod == null) {
            return new Liveness.Stale(
                    "pod " + endpoint.pod().get() + " of the EndpointSlice does not exist",
                    Vector.of(endpoint.evidence()));
        }
        boolean published = Option.of(serviceByKey.get(endpoint.service())).exists(Service::publishNotReadyAddresses);
        Option<String> wrong = problem(pod, address.address(), published, published || draining);
        return wrong.isDefined()
                ? new Liveness.Stale(wrong.get(), Vector.of(pod.evidence(), endpoint.evidence()))
                : new Liveness.Live(endpoint, Option.some(pod), draining);
    }

    /** A service may publish pods that still start; one that drains has started. */
    private static Option<String> problem(Pod pod, IpAddress address, boolean mayBePending, boolean mayBeUnready) {
        if (!pod.addresses().contains(address)) {
            return Option.some("pod " + pod.id() + " does not own " + address);
        }
        if (!pod.phase().equals("Running") && !(mayBePending && pod.phase().equals("Pending"))) {
            return Option.some("pod " + pod.id() + " is in phase " + pod.phase());
        }
        return mayBeUnready || pod.ready() ? Option.none() : Option.some("pod " + pod.id() + " is not ready");
    }

    /** Adds a value that may have been added for this key just before. */
    private static <K, V> void addOnce(Map<K, List<V>> map, K key, V value) {
        List<V> values = map.computeIfAbsent(key, k -> new ArrayList<>(1));
        if (values.isEmpty() || values.get(values.size() - 1) != value) {
            values.add(value);
        }
    }

    private static <K, V> void add(Map<K, List<V>> map, K key, V value) {
        map.computeIfAbsent(key, k -> new ArrayList<>(1)).add(value);
    }

    /**
     * Which kinds of objects a snapshot holds. What was not captured must not be taken for absent.
     *
     * @param services services
     * @param endpoints EndpointSlices or Endpoints
     * @param pods pods
     * @param nodes nodes
     */
    public record Captured(boolean services, boolean endpoints, boolean pods, boolean nodes) {
        /** Nothing was captured. */
        public static final Captured NOTHING = new Captured(false, false, false, false);
        /** All kinds were captured. */
        public static final Captured ALL = new Captured(true, true, true, true);
    }
}
