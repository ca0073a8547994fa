package dev.podpath.aliyun;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.PathTracer;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Target;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.MemorySnapshot;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A small account in documents written for tests; quotes may be single. */
final class Account {
    static final String REGION = "aliyun/cn-test/";

    private final Map<String, String> documents;
    private final Cluster cluster;

    private Account(Map<String, String> documents, Cluster cluster) {
        this.documents = documents;
        this.cluster = cluster;
    }

    static Account empty() {
        return new Account(HashMap.empty(), Cluster.unknown());
    }

    /** The documents of the bundled example of an ACK cluster, with its nodes. */
    static Account article() {
        Path root = Path.of(System.getProperty("podpath.root"), "cli/src/main/resources/examples/ack-article");
        Map<String, String> documents = HashMap.empty();
        try (Stream<Path> files = Files.walk(root.resolve("aliyun"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                documents = documents.put(root.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Vector<Node> nodes = Vector.of("11", "12", "13")
                .map(n -> Node.builder()
                        .name("n" + n)
                        .internalAddresses(Vector.of(IpAddress.of("10.17.1." + n)))
                        .providerId(Option.some("cn-hangzhou.i-bp1node" + n + "qas"))
                        .evidence(Evidence.document("kubernetes/nodes.json", ""))
                        .build());
        return new Account(
                documents,
                new Cluster(
                        Cluster.Captured.ALL,
                        "cluster.local",
                        Option.none(),
                        Vector.empty(),
                        Vector.empty(),
                        Vector.empty(),
                        nodes));
    }

    Map<String, String> documents() {
        return documents;
    }

    Cluster cluster() {
        return cluster;
    }

    /** One node n1 = i-n1 at 10.0.1.11 with a pod app/p at 10.0.2.21. */
    static Account withNode() {
        Evidence evidence = Evidence.document("kubernetes/nodes.json", "");
        Node node = Node.builder()
                .name("n1")
                .internalAddresses(Vector.of(IpAddress.of("10.0.1.11")))
                .providerId(Option.some("cn-test.i-n1"))
                .evidence(evidence)
                .build();
        Pod pod = Pod.builder()
                .namespace("app")
                .name("p")
                .addresses(Vector.of(IpAddress.of("10.0.2.21")))
                .node(Option.some("n1"))
                .evidence(evidence)
                .build();
        return new Account(
                HashMap.empty(),
                new Cluster(
                        Cluster.Captured.ALL,
                        "cluster.local",
                        Option.none(),
                        Vector.empty(),
                        Vector.empty(),
                        Vector.of(pod),
                        Vector.of(node)));
    }

    /** The cluster of that node with these services and, on the node, a ready endpoint of the first of them, or none. */
    static Cluster serving(boolean ready, Service... services) {
        Cluster before = withNode().cluster();
        Endpoint endpoint = Endpoint.builder()
                .service(services[0].key())
                .portName("https")
                .protocol(Protocol.TCP)
                .address(AddressPort.parse("10.0.2.21:8443").get())
                .node(Option.some("n1"))
                .evidence(Evidence.document("kubernetes/endpointslices.json", ""))
                .build();
        return new Cluster(
                Cluster.Captured.ALL,
                "cluster.local",
                Option.none(),
                Vector.of(services),
                ready ? Vector.of(endpoint) : Vector.empty(),
                before.pods(),
                before.nodes());
    }

    Account with(String name, String json) {
        return new Account(documents.put(REGION + name + ".json", json.replace('\'', '"')), cluster);
    }

    /** In another cluster. */
    Account in(Cluster other) {
        return new Account(documents, other);
    }

    /** With a file of any path and kind. */
    Account withFile(String path, String text) {
        return new Account(documents.put(path, text), cluster);
    }

    Account without(String name) {
        return new Account(documents.remove(REGION + name + ".json"), cluster);
    }

    Reading<Vector<HopResolver>> open() {
        return new AliyunProvider().open(MemorySnapshot.of(documents.toJavaMap()), cluster);
    }

    Trace trace(Location start) {
        return new PathTracer(open().value().append(new Arrived())).trace("test", start);
    }

    Hop first(Location start) {
        return trace(start).hops().head().hop();
    }

    static Flow flow(String source) {
        return new Flow(
                Protocol.TCP, source.isEmpty() ? Option.none() : Option.some(IpAddress.of(source)), Option.none());
    }

    static Flow url(String scheme, String host, String path) {
        return new Flow(Protocol.TCP, Option.none(), Option.some(new HttpRequest(scheme, host, path)));
    }

    static NetworkAddress fromInternet(String to, String source) {
        return fromInternet(to, flow(source));
    }

    static NetworkAddress fromInternet(String to, Flow flow) {
        return new NetworkAddress(AddressPort.parse(to).get(), flow, new Vantage.Internet());
    }

    static NetworkAddress inVpc(String to, String source) {
        return new NetworkAddress(
                AddressPort.parse(to).get(), flow(source), new Vantage.PrivateNetwork(Option.some("vpc-1")));
    }

    static DnsName name(String host, Vantage vantage) {
        return new DnsName(host, 80, flow(""), vantage);
    }

    static DnsName name(String host) {
        return name(host, new Vantage.Internet());
    }

    static Outbound out(String source, String to) {
        return new Outbound("n1", IpAddress.of(source), AddressPort.parse(to).get(), flow(source));
    }

    /** Stands for whatever is behind this cloud: every location it is given is delivered. */
    private static final class Arrived implements HopResolver {
        @Override
        public String id() {
            return "arrived";
        }

        @Override
        public int order() {
            return 900;
        }

        @Override
        public boolean handles(Location location) {
            return true;
        }

        @Override
        public Resolution resolve(Location location) {
            Target target = location instanceof NetworkAddress at
                    ? Target.at(at.address())
                    : Target.builder().answer(Option.some(location.label())).build();
            return Resolution.of(Hop.at(location, HopKind.END, location.label())
                    .ends(Disposition.DELIVERED, target)
                    .build());
        }
    }
}
