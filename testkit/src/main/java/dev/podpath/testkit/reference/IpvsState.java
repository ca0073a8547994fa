package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What kube-proxy makes of a cluster in IPVS mode, for one address family: virtual servers, the entries of its sets, and
 * the addresses on its dummy interface (pkg/proxy/ipvs/proxier.go, {@code syncProxyRules}).
 */
final class IpvsState {
    private final boolean v6;
    private final Vector<IpAddress> nodeAddresses;
    private final Vector<IpAddress> nodePortAddresses;
    private final NodeFacts node;
    private final Map<KubeSet, Set<String>> sets = new EnumMap<>(KubeSet.class);
    private final List<IpvsServer> servers = new ArrayList<>();
    private final TreeSet<IpAddress> bound = new TreeSet<>();
    private final List<Barred> barred = new ArrayList<>();

    /**
     * A load balancer's address that the node itself must not reach: its sources are restricted, and the node's own
     * address is in no range.
     *
     * @param address the address and port
     * @param protocol transport protocol
     */
    record Barred(AddressPort address, Protocol protocol) {}

    private IpvsState(NodeFacts node, WriterConfig config, boolean v6) {
        this.v6 = v6;
        this.node = node;
        this.nodeAddresses = node.local().reject(address -> address.isLoopback() || (v6 && address.isLinkLocal()));
        Vector<IpPrefix> wanted =
                config.nodePortAddresses().filter(prefix -> prefix.address().isV6() == v6);
        this.nodePortAddresses = wanted.isEmpty()
                ? nodeAddresses
                : nodeAddresses.filter(address -> wanted.exists(prefix -> prefix.contains(address)));
        for (KubeSet set : KubeSet.values()) {
            sets.put(set, new LinkedHashSet<>());
        }
    }

    static IpvsState of(Cluster cluster, NodeFacts node, WriterConfig config, boolean v6) {
        IpvsState state = new IpvsState(node, config, v6);
        for (PortPlan plan : PortPlan.all(cluster, node, config, v6)) {
            state.add(plan);
        }
        state.bound.forEach(address -> state.put(KubeSet.IPVS_IPS, address.toString()));
        return state;
    }

    boolean isV6() {
        return v6;
    }

    /** The virtual servers, sorted. */
    Vector<IpvsServer> servers() {
        return Vector.ofAll(servers).sorted(IpvsServer::compare);
    }

    /** The addresses on the dummy interface, sorted. */
    Vector<IpAddress> bound() {
        return Vector.ofAll(bound);
    }

    Vector<Barred> barred() {
        return Vector.ofAll(barred);
    }

    boolean has(KubeSet set) {
        return !entries(set).isEmpty();
    }

    Collection<String> entries(KubeSet set) {
        return sets.getOrDefault(set, Set.of());
    }

    private void put(KubeSet set, String entry) {
        sets.getOrDefault(set, Set.of()).add(entry);
    }

    private void add(PortPlan plan) {
        plan.endpoints()
                .filter(endpoint -> endpoint.node().contains(node.name()))
                .forEach(endpoint -> put(
                        KubeSet.LOOP_BACK,
                        entry(plan, endpoint.address()) + ","
                                + endpoint.address().address()));
        AddressPort internal = new AddressPort(plan.clusterIp(), plan.port().port());
        put(KubeSet.CLUSTER_IP, entry(plan, internal));
        bound.add(plan.clusterIp());
        server(plan, internal, plan.internalLocal());
        for (IpAddress address : plan.externalIps()) {
            AddressPort at = new AddressPort(address, plan.port().port());
            put(plan.externalLocal() ? KubeSet.EXTERNAL_IP_LOCAL : KubeSet.EXTERNAL_IP, entry(plan, at));
            external(plan, at);
        }
        for (IpAddress address : plan.loadBalancerIps()) {
            AddressPort at = new AddressPort(address, plan.port().port());
            put(KubeSet.LOAD_BALANCER, entry(plan, at));
            if (plan.externalLocal()) {
                put(KubeSet.LOAD_BALANCER_LOCAL, entry(plan, at));
            }
            if (!plan.sourceRanges().isEmpty()) {
                sources(plan, at);
            }
            external(plan, at);
        }
        plan.port().nodePort().filter(port -> !nodePortAddresses.isEmpty()).forEach(port -> nodePort(plan, port));
        plan.healthCheckNodePort().forEach(port -> put(KubeSet.HEALTH_CHECK_NODE_PORT, Integer.toString(port)));
    }

    /** An address that is on another interface already is not put on the dummy one. */
    private void external(PortPlan plan, AddressPort at) {
        if (!nodeAddresses.contains(at.address())) {
            bound.add(at.address());
        }
        server(plan, at, plan.externalLocal());
    }

    private void sources(PortPlan plan, AddressPort at) {
        String entry = entry(plan, at);
        put(KubeSet.LOAD_BALANCER_FW, entry);
        for (IpPrefix range : plan.sourceRanges()) {
            halves(range)
                    .forEach(half -> put(
                            KubeSet.LOAD_BALANCER_SOURCE_CIDR,
                            entry + "," + (half.length() == half.address().bits() ? half.address() : half)));
        }
        if (node.primary().exists(own -> plan.sourceRanges().exists(range -> range.contains(own)))) {
            put(KubeSet.LOAD_BALANCER_SOURCE_IP, entry + "," + at.address());
        } else {
            barred.add(new Barred(at, plan.protocol()));
        }
    }

    /** No set can hold a prefix of length 0. */
    private static Vector<IpPrefix> halves(IpPrefix range) {
        if (range.length() > 0) {
            return Vector.of(range);
        }
        return range.address().isV6()
                ? Vector.of(IpPrefix.of("::/1"), IpPrefix.of("8000::/1"))
                : Vector.of(IpPrefix.of("0.0.0.0/1"), IpPrefix.of("128.0.0.0/1"));
    }

    private void nodePort(PortPlan plan, int port) {
        KubeSet set = switch (plan.protocol()) {
            case TCP -> KubeSet.NODE_PORT_TCP;
            case UDP -> KubeSet.NODE_PORT_UDP;
            case SCTP -> KubeSet.NODE_PORT_SCTP;
        };
        KubeSet local = switch (plan.protocol()) {
            case TCP -> KubeSet.NODE_PORT_LOCAL_TCP;
            case UDP -> KubeSet.NODE_PORT_LOCAL_UDP;
            case SCTP -> KubeSet.NODE_PORT_LOCAL_SCTP;
        };
        for (IpAddress address : nodePortAddresses) {
            AddressPort at = new AddressPort(address, port);
            String entry = plan.protocol() == Protocol.SCTP ? entry(plan, at) : Integer.toString(port);
            put(set, entry);
            if (plan.externalLocal()) {
                put(local, entry);
            }
            server(plan, at, plan.externalLocal());
        }
    }

    /** With the Local policy, and nobody here, the candidates of the Cluster policy stand in. */
    private void server(PortPlan plan, AddressPort at, boolean localOnly) {
        EndpointCategories use = plan.use();
        Vector<Endpoint> chosen = localOnly && !use.local().isEmpty() ? use.local() : use.cluster();
        servers.add(new IpvsServer(
                plan.protocol(),
                at,
                plan.affinity(),
                chosen.map(Endpoint::address).distinct().sorted()));
    }

    private static String entry(PortPlan plan, AddressPort at) {
        return at.address() + "," + plan.protocol().lower() + ":" + at.port();
    }
}
