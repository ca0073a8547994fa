package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.PathTracer;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Map;
import java.util.TreeMap;

/** Documents of one small cluster, and what this module's resolvers make of them. */
public record ClusterWorld(Map<String, String> documents) {
    static final Flow FROM_POD = new Flow(Protocol.TCP, Option.some(IpAddress.of("10.244.1.1")), Option.none());
    static final Flow FROM_CLIENT = new Flow(Protocol.TCP, Option.none(), Option.none());
    public static final Vantage POD = new Vantage.OnNode("n1", Arrival.of(Arrival.Kind.POD), Option.some("shop/a"));

    /** The cluster with another text in the place of a document; empty text takes it away. */
    public ClusterWorld with(String path, String text) {
        Map<String, String> changed = new TreeMap<>(documents);
        changed.put(path, text);
        changed.values().removeIf(String::isEmpty);
        return new ClusterWorld(changed);
    }

    public Trace trace(Location start) {
        return new PathTracer(resolvers()).trace("request", start);
    }

    Vector<HopResolver> resolvers() {
        Snapshot snapshot = MemorySnapshot.of(documents);
        return new KubernetesResolvers().open(snapshot, cluster(snapshot)).value();
    }

    static Cluster cluster(Snapshot snapshot) {
        return new KubernetesInventory().read(snapshot).value();
    }

    public Trace ask(String host, int port) {
        return trace(new DnsName(host, port, FROM_POD, POD));
    }

    public static Hop first(Trace trace) {
        return trace.hops().head().hop();
    }

    /** Every sentence of the decisions of a trace. */
    public static String text(Trace trace) {
        return trace.hops()
                .flatMap(hop -> hop.hop().decisions())
                .map(decision -> decision.text())
                .mkString("\n");
    }

    /** A cluster with one of everything that names can lead to. */
    public static ClusterWorld sound() {
        return of(
                Vector.of(
                        Kubectl.service("web", "10.96.0.7", ", \"externalIPs\": [\"192.0.2.200\"]"),
                        balanced("front", "10.96.0.5", "203.0.113.5"),
                        Kubectl.service("db", "None", ""),
                        Kubectl.service("gone", "None", ""),
                        alias("out", "DB.shop.svc.cluster.local."),
                        alias("number", "192.0.2.9")),
                Vector.of(
                        Kubectl.slice("web", java.util.List.of(Kubectl.endpoint("10.244.1.1", "a", ""))),
                        Kubectl.slice(
                                "db",
                                java.util.List.of(
                                        Kubectl.endpoint("10.244.1.1", "a", ""),
                                        Kubectl.endpoint("10.244.1.2", "b", "\"ready\": false"),
                                        "{\"addresses\": [\"10.244.1.3\"], \"hostname\": \"db-2\"}"))),
                Vector.of(
                        Kubectl.pod("a", "10.244.1.1", "Running", "True"),
                        Kubectl.pod("b", "10.244.1.2", "Running", "False")),
                Vector.of(Kubectl.node("n1", "10.0.0.11"), Kubectl.node("n2", "10.0.0.12")));
    }

    static ClusterWorld of(Vector<String> services, Vector<String> slices, Vector<String> pods, Vector<String> nodes) {
        return new ClusterWorld(Map.of(
                "kubernetes/services.json", list(services),
                "kubernetes/endpointslices.json", list(slices),
                "kubernetes/pods.json", list(pods),
                "kubernetes/nodes.json", list(nodes)));
    }

    public static String list(Vector<String> items) {
        return Kubectl.list(items.toJavaArray(String[]::new));
    }

    static String alias(String name, String target) {
        return Kubectl.service(name, "", ", \"externalName\": \"" + target + "\"")
                .replace("\"type\": \"ClusterIP\"", "\"type\": \"ExternalName\"");
    }

    static String balanced(String name, String clusterIp, String address) {
        return Kubectl.service(name, clusterIp, "")
                .replace("\"loadBalancer\": {}", "\"loadBalancer\": {\"ingress\": [{\"ip\": \"" + address + "\"}]}");
    }

    /** A pod with something else in its spec, such as a DNS policy. */
    public static String podWith(String name, String address, String spec) {
        return Kubectl.pod(name, address, "Running", "True").replace("\"nodeName\"", spec + ", \"nodeName\"");
    }
}
