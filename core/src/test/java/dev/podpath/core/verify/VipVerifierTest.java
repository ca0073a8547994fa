package dev.podpath.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.intent.NodePortAddresses;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each kind of fault, on a node that does it, beside the same node without it. */
class VipVerifierTest {
    private static final ServiceKey WEB = new ServiceKey("default", "web");
    private static final String VIP = "10.96.0.10:80";
    private static final String HERE = "10.244.0.5:8080";
    private static final String THERE = "10.244.1.5:8080";
    private static final ProxySettings IPTABLES = ProxySettings.of(ProxyMode.IPTABLES);
    private static final ProxyOutcome REJECTED = new ProxyOutcome.Rejected("icmp-port-unreachable");

    private Supplier<Service.Builder> service = VipVerifierTest::plain;
    private Vector<Endpoint> endpoints = Vector.of(endpoint(HERE, "n1"), endpoint(THERE, "n2"));
    private Vector<Pod> pods = Vector.of(pod("default", "web-0", HERE), pod("default", "web-1", THERE));

    private static Service.Builder plain() {
        Service.Builder builder = Service.builder();
        builder.key(WEB)
                .clusterIps(Vector.of(IpAddress.of("10.96.0.10")))
                .evidence(Evidence.document("kubernetes/services.json", "web"));
        return builder;
    }

    private static Endpoint endpoint(String address, String node) {
        return Endpoint.builder()
                .service(WEB)
                .protocol(Protocol.TCP)
                .address(AddressPort.parse(address).get())
                .node(Option.some(node))
                .pod(Option.some("default/web-" + (node.equals("n1") ? 0 : 1)))
                .evidence(Evidence.document("kubernetes/endpointslices.json", address))
                .build();
    }

    private static Pod pod(String namespace, String name, String address) {
        return Pod.builder()
                .namespace(namespace)
                .name(name)
                .addresses(Vector.of(AddressPort.parse(address).get().address()))
                .node(Option.some("n1"))
                .evidence(Evidence.document("kubernetes/pods.json", name))
                .build();
    }

    private Cluster cluster() {
        Service built = service.get()
                .ports(Vector.of(new ServicePort("", Protocol.TCP, 80, "8080", nodePort)))
                .build();
        Node node = Node.builder()
                .name("n1")
                .internalAddresses(Vector.of(FakeNode.OWN))
                .evidence(Evidence.document("kubernetes/nodes.json", "n1"))
                .build();
        return new Cluster(
                Cluster.Captured.ALL,
                "cluster.local",
                Option.none(),
                Vector.of(built),
                endpoints,
                pods,
                Vector.of(node));
    }

    private Option<Integer> nodePort = Option.none();

    private Vector<FindingCode> codes(FakeNode node) {
        return codes(node, IPTABLES);
    }

    private Vector<FindingCode> codes(FakeNode node, ProxySettings settings) {
        NodeVerification result = new VipVerifier(cluster()).verify(node.plane(), settings);
        assertThat(result.unknowns()).isEmpty();
        for (Violation violation : result.violations()) {
            assertThat(node.route(
                            violation.witness().packet(), violation.witness().arrival()))
                    .extracting(EndLists::actual)
                    .isEqualTo(violation.actual());
        }
        return result.violations().map(Violation::code);
    }

    private static FakeNode node() {
        return new FakeNode("iptables");
    }

    @Test
    @DisplayName("a node that sends to every endpoint equally is as intended")
    void clean() {
        assertThat(codes(node().sends(VIP, HERE, THERE))).isEmpty();
    }

    @Test
    @DisplayName("an address in no slice is stale, and the endpoint whose place it takes is missing")
    void stale() {
        assertThat(codes(node().sends(VIP, HERE, "10.244.9.9:8080")))
                .contains(VerifyFindings.STALE_ENDPOINT, VerifyFindings.MISSING_ENDPOINT)
                .hasSize(2);
    }

    @Test
    @DisplayName("an address that another pod has is a misdelivery")
    void misdelivery() {
        pods = pods.append(pod("other", "db-0", "10.244.7.7:8080"));
        assertThat(codes(node().sends(VIP, HERE, THERE, "10.244.7.7:8080")))
                .containsExactly(VerifyFindings.MISDELIVERY);
    }

    @Test
    @DisplayName("an endpoint that gets nothing is missing")
    void missing() {
        assertThat(codes(node().sends(VIP, HERE))).containsExactly(VerifyFindings.MISSING_ENDPOINT);
    }

    @Test
    @DisplayName("unequal shares are skewed")
    void skewed() {
        assertThat(codes(node().sendsUnevenly(VIP, List.of(60, 40), HERE, THERE)))
                .containsExactly(VerifyFindings.SKEWED_SHARE);
        assertThat(codes(node().sendsUnevenly(VIP, List.of(50, 50), HERE, THERE)))
                .isEmpty();
    }

    @Test
    @DisplayName("another port of an endpoint is a wrong port")
    void wrongPort() {
        assertThat(codes(node().sends(VIP, HERE, "10.244.1.5:9090"))).containsExactly(VerifyFindings.WRONG_PORT);
    }

    @Test
    @DisplayName("a service with endpoints is not to be refused, nor left to the network")
    void refusedOrNotServed() {
        assertThat(codes(node().answers(VIP, REJECTED))).containsExactly(VerifyFindings.REFUSED);
        assertThat(codes(node().answers(VIP, new ProxyOutcome.Untouched()))).containsExactly(VerifyFindings.NOT_SERVED);
        assertThat(codes(node())).containsExactly(VerifyFindings.NOT_SERVED);
    }

    @Test
    @DisplayName("a service without endpoints is to be rejected")
    void empty() {
        endpoints = Vector.empty();
        assertThat(codes(node().answers(VIP, REJECTED))).isEmpty();
        assertThat(codes(node())).containsExactly(VerifyFindings.NOT_REFUSED);
        assertThat(codes(node().answers(VIP, new ProxyOutcome.Dropped()))).containsExactly(VerifyFindings.NOT_REFUSED);
        assertThat(codes(node().sends(VIP, "10.244.9.9:8080"))).containsExactly(VerifyFindings.STALE_ENDPOINT);
    }

    @Test
    @DisplayName("the source is to be kept where nobody asks for more, and changed with masqueradeAll")
    void masquerade() {
        assertThat(codes(node().masquerades(VIP, HERE, THERE))).containsExactly(VerifyFindings.MASQUERADE);
        assertThat(codes(node().masquerades(VIP, HERE, THERE), IPTABLES.withMasqueradeAll(true)))
                .isEmpty();
        assertThat(codes(node().sends(VIP, HERE, THERE), IPTABLES.withMasqueradeAll(true)))
                .containsExactly(VerifyFindings.MASQUERADE);
    }

    @Test
    @DisplayName("clients stay for the time the service says")
    void affinity() {
        service = () -> plain().affinitySeconds(Option.some(10_800));
        assertThat(codes(node().keepsFor(300, VIP, HERE, THERE))).containsExactly(VerifyFindings.AFFINITY);
        service = () -> plain().affinitySeconds(Option.some(10_800));
        assertThat(codes(node().keepsFor(10_800, VIP, HERE, THERE))).isEmpty();
    }

    @Test
    @DisplayName("the Local policy leaves only what is on the node")
    void policy() {
        service = () -> plain().internalLocal(true);
        assertThat(codes(node().sends(VIP, HERE, THERE))).containsExactly(VerifyFindings.POLICY);
        service = () -> plain().internalLocal(true);
        assertThat(codes(node().sends(VIP, HERE))).isEmpty();
    }

    @Test
    @DisplayName("who is outside the source ranges does not come in by the load balancer's address")
    void sourceRanges() {
        service = () -> plain().type(Service.Type.LOAD_BALANCER)
                .loadBalancerIps(Vector.of(IpAddress.of("203.0.113.1")))
                .sourceRanges(Vector.of(IpPrefix.of("192.0.2.0/24")));
        assertThat(codes(node().sends(VIP, HERE, THERE).masquerades("203.0.113.1:80", HERE, THERE)))
                .containsExactly(VerifyFindings.SOURCE_RANGES);
    }

    @Test
    @DisplayName("an address of no service is not to be served")
    void noSuchService() {
        assertThat(codes(node().sends(VIP, HERE, THERE).sends("10.96.0.99:80", HERE)))
                .containsExactly(VerifyFindings.NO_SUCH_SERVICE);
        service = () -> plain();
        assertThat(codes(node().sends(VIP, HERE, THERE).sends("10.96.0.10:443", HERE)))
                .containsExactly(VerifyFindings.NO_SUCH_SERVICE);
    }

    @Test
    @DisplayName("node ports are not to be served where they are not wanted")
    void nodePortAddress() {
        service = () -> plain().type(Service.Type.NODE_PORT);
        nodePort = Option.some(30_080);
        ProxySettings nowhere = IPTABLES.withNodePortAddresses(NodePortAddresses.of(Vector.of("172.16.0.0/12")))
                .withLocalhostNodePorts(false);
        FakeNode serving = node().sends(VIP, HERE, THERE).masquerades("192.168.1.10:30080", HERE, THERE);
        assertThat(codes(serving, nowhere)).containsExactly(VerifyFindings.NODE_PORT_ADDRESS);
        service = () -> plain().type(Service.Type.NODE_PORT);
        assertThat(codes(serving, IPTABLES.withLocalhostNodePorts(false))).isEmpty();
    }

    @Test
    @DisplayName("an endpoint whose pod is gone is dead, although the rules follow the slice")
    void dead() {
        pods = pods.take(1);
        assertThat(codes(node().sends(VIP, HERE, THERE))).containsExactly(VerifyFindings.DEAD_ENDPOINT);
        service = () -> plain();
        pods = pods.append(pod("other", "db-0", THERE));
        assertThat(codes(node().sends(VIP, HERE, THERE))).containsExactly(VerifyFindings.MISDELIVERY);
    }

    @Test
    @DisplayName("a slice that publishes what is not ready is believed")
    void publishNotReady() {
        pods = Vector.of(
                pods.head(),
                Pod.builder()
                        .namespace("default")
                        .name("web-1")
                        .addresses(Vector.of(IpAddress.of("10.244.1.5")))
                        .ready(false)
                        .evidence(Evidence.document("kubernetes/pods.json", "web-1"))
                        .build());
        assertThat(codes(node().sends(VIP, HERE, THERE))).containsExactly(VerifyFindings.DEAD_ENDPOINT);
        service = () -> plain().publishNotReadyAddresses(true);
        assertThat(codes(node().sends(VIP, HERE, THERE))).isEmpty();
    }

    @Test
    @DisplayName("rules of another mode are told as such")
    void otherMode() {
        assertThat(codes(new FakeNode("ipvs").sends(VIP, HERE, "10.244.9.9:8080"), ProxySettings.of(ProxyMode.IPVS)))
                .containsOnly(VerifyFindings.OTHER_MODE);
    }

    @Test
    @DisplayName(
            "after an EndpointSlice changed only that service is looked at, with the same result as from the start")
    void again() {
        NodeVerifier verifier =
                new VipVerifier(cluster()).open(node().sends(VIP, HERE).plane());
        assertThat(verifier.verify().result()).isEqualTo(Result.VIOLATED);
        assertThat(verifier.reverify(WEB, endpoints.take(1)).result()).isEqualTo(Result.HOLDS);
        assertThat(verifier.reverify(WEB, endpoints).violations().map(Violation::code))
                .containsExactly(VerifyFindings.MISSING_ENDPOINT);
    }

    @Test
    @DisplayName("a node that is alone with a fault is told from those that are as intended")
    void agreement() {
        Cluster cluster = cluster();
        VipVerifier verifier = new VipVerifier(cluster);
        NodeVerification good = verifier.verify(node().sends(VIP, HERE, THERE).plane(), IPTABLES);
        NodeVerification bad = verifier.verify(node().sends(VIP, HERE).plane(), IPTABLES);
        assertThat(Agreement.check(cluster, Vector.of(good, bad)).violations().map(Violation::code))
                .containsExactly(VerifyFindings.MISSING_ENDPOINT, VerifyFindings.NODES_DISAGREE);
        assertThat(Agreement.check(cluster, Vector.of(good, good)).result()).isEqualTo(Result.HOLDS);
    }
}
