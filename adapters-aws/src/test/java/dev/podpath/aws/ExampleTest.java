package dev.podpath.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.PathTracer;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The bundled EKS example: three names, three ways into a pod, and the way out. */
class ExampleTest {
    private static final Snapshot SNAPSHOT = Snapshots.open(
                    Path.of(System.getProperty("podpath.root", ".."), "cli/src/main/resources/examples/eks-basic")
                            .toString())
            .get();
    private static final Cluster CLUSTER = cluster();

    @Test
    void everyDocumentIsUnderstood() {
        Reading<Vector<HopResolver>> reading = new AwsProvider().open(SNAPSHOT, CLUSTER);

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.reports()).allSatisfy(report -> {
            assertThat(report.count(Support.UNRECOGNIZED)).as(report.document()).isZero();
        });
        Vector<String> aws = SNAPSHOT.paths().filter(path -> path.startsWith("aws/"));
        assertThat(reading.reports().map(report -> report.document())).containsAll(aws);
    }

    @Test
    void theShopIsReachedThroughAnApplicationLoadBalancer() {
        Trace trace = trace(Account.https("shop.example.com", "/cart"));

        assertThat(pods(trace)).containsExactly("10.40.16.31:8080", "10.40.32.49:8080");
        assertThat(trace.hop("h2").hop().branches().map(branch -> branch.share()))
                .containsExactly(Share.of(1, 2), Share.of(1, 2));
        assertThat(Account.codes(trace)).isEmpty();
        assertThat(texts(trace))
                .contains("target group k8s-shop-shop-8c1d2e3f4a is bound to service shop/shop port 80");
        assertThat(trace.outcomes().map(outcome -> outcome.disposition()).distinct())
                .containsExactly(Disposition.UNKNOWN);
    }

    @Test
    void anInternalPageIsAnsweredByARule() {
        Trace trace = trace(Account.https("shop.example.com", "/internal/stats"));

        assertThat(Account.ends(trace)).containsExactly(Disposition.FIXED_RESPONSE);
        assertThat(trace.outcomes().head().target().answer()).containsExactly("403");
    }

    @Test
    void withoutTlsTheShopRedirects() {
        Trace trace = trace(Account.url("http", "shop.example.com", 80, "/a?b=c", Option.some("203.0.113.99")));

        assertThat(trace.outcomes().head().target().answer()).containsExactly("301 https://shop.example.com/a?b=c");
    }

    @Test
    void theApiIsReachedThroughNodePorts() {
        Trace trace = trace(Account.https("api.example.com", "/v1/orders"));

        assertThat(packets(trace))
                .containsExactly("tcp 198.51.100.7 -> 10.40.16.11:30443", "tcp 198.51.100.7 -> 10.40.32.12:30443");
        assertThat(Account.codes(trace)).isEmpty();
    }

    @Test
    void theWebIsReachedThroughPodsOfTheIngressController() {
        Trace trace = trace(Account.https("web.example.com", "/"));

        assertThat(pods(trace)).containsExactly("10.40.16.35:443", "10.40.32.53:443");
        assertThat(Account.codes(trace)).isEmpty();
        Vector<PodPort> places =
                Account.places(trace).filter(PodPort.class::isInstance).map(PodPort.class::cast);
        assertThat(places.map(pod -> pod.flow().source().get().toString()))
                .containsExactly("10.40.0.121", "10.40.1.121");
    }

    @Test
    void theWorldSeesTheNatGateway() {
        IpAddress node = IpAddress.of("10.40.16.11");
        Trace trace = trace(new Outbound(
                "ip-10-40-16-11.us-west-2.compute.internal",
                node,
                AddressPort.parse("192.0.2.80:443").get(),
                Account.tcp("10.40.16.11")));

        assertThat(trace.outcomes().head().target().seenAs()).containsExactly(IpAddress.of("198.51.100.40"));
        assertThat(Account.codes(trace)).containsExactly("PP-EGR-060");
    }

    @Test
    void everyDecisionThatQuotesALineQuotesTheRightDocument() {
        for (DnsName start :
                Vector.of(Account.https("shop.example.com", "/cart"), Account.https("api.example.com", "/"))) {
            trace(start)
                    .hops()
                    .flatMap(hop -> hop.hop().decisions())
                    .flatMap(Decision::evidence)
                    .forEach(evidence -> assertThat(SNAPSHOT.document(evidence.document()))
                            .as(evidence.where())
                            .isNotEmpty());
        }
    }

    private static Trace trace(Location start) {
        return new PathTracer(new AwsProvider().open(SNAPSHOT, CLUSTER).value()).trace("test", start);
    }

    private static Vector<String> pods(Trace trace) {
        return Account.places(trace)
                .filter(PodPort.class::isInstance)
                .map(place -> ((PodPort) place).address().toString());
    }

    private static Vector<String> packets(Trace trace) {
        return Account.places(trace)
                .filter(NodePacket.class::isInstance)
                .map(place -> ((NodePacket) place).packet().toString());
    }

    private static Vector<String> texts(Trace trace) {
        return trace.hops().map(TracedHop::hop).flatMap(hop -> hop.decisions()).map(Decision::text);
    }

    /** As much of the cluster as these paths need. */
    private static Cluster cluster() {
        Vector<Node> nodes = items("nodes")
                .map(node -> Node.builder()
                        .name(node.text("metadata", "name").get())
                        .providerId(node.text("spec", "providerID"))
                        .internalAddresses(node.items("status", "addresses")
                                .filter(address -> address.text("type").contains("InternalIP"))
                                .flatMap(address -> address.text("address"))
                                .flatMap(IpAddress::parse))
                        .evidence(node.evidence("metadata"))
                        .build());
        Vector<Pod> pods = items("pods")
                .map(pod -> Pod.builder()
                        .namespace(pod.text("metadata", "namespace").get())
                        .name(pod.text("metadata", "name").get())
                        .hostNetwork(pod.isTrue("spec", "hostNetwork"))
                        .addresses(pod.items("status", "podIPs")
                                .flatMap(ip -> ip.text("ip"))
                                .flatMap(IpAddress::parse))
                        .evidence(pod.evidence("metadata"))
                        .build());
        return new Cluster(
                Cluster.Captured.ALL, "cluster.local", Option.none(), Vector.empty(), Vector.empty(), pods, nodes);
    }

    private static Vector<Json> items(String kind) {
        return SNAPSHOT.document("kubernetes/" + kind + ".json")
                .get()
                .json()
                .get()
                .items("items");
    }
}
