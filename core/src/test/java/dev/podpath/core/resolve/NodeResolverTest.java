package dev.podpath.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeResolverTest {
    private static final AddressPort VIP = new AddressPort(IpAddress.of("10.96.0.10"), 80);
    private static final AddressPort POD = new AddressPort(IpAddress.of("10.244.1.5"), 8080);
    private static final IpAddress NODE_ADDRESS = IpAddress.of("192.0.2.11");
    private static final Evidence LINE = Evidence.line("nodes/n1/iptables-save.txt", 7, "-A KUBE-SERVICES");

    private final Cluster cluster = new Cluster(
            Cluster.Captured.ALL,
            "cluster.local",
            Option.none(),
            Vector.of(Service.builder()
                    .key(new ServiceKey("default", "web"))
                    .clusterIps(Vector.of(VIP.address()))
                    .ports(Vector.of(new ServicePort("", Protocol.TCP, 80, "8080", Option.none())))
                    .evidence(Evidence.document("kubernetes/services.json", ""))
                    .build()),
            Vector.empty(),
            Vector.empty(),
            Vector.of(Node.builder()
                    .name("n1")
                    .internalAddresses(Vector.of(NODE_ADDRESS))
                    .evidence(Evidence.document("kubernetes/nodes.json", ""))
                    .build()));

    @Test
    @DisplayName("each endpoint of the verdict becomes a branch with its share, checked on behalf of the service")
    void endpoints() {
        Hop hop = resolve(
                VIP,
                branch(new ProxyOutcome.ToEndpoint(POD), Share.of(1, 3)),
                branch(new ProxyOutcome.ToEndpoint(new AddressPort(POD.address(), 9090)), Share.of(2, 3)));
        assertThat(hop.branches().map(Branch::share)).containsExactly(Share.of(1, 3), Share.of(2, 3));
        PodPort first = (PodPort) hop.branches().head().to();
        assertThat(first.address()).isEqualTo(POD);
        assertThat(first.service().map(Object::toString)).contains("default/web:80/tcp");
    }

    @Test
    @DisplayName("a masqueraded packet reaches the pod with the node's address")
    void masquerade() {
        Hop hop = resolve(
                VIP,
                ProxyBranch.builder()
                        .outcome(new ProxyOutcome.ToEndpoint(POD))
                        .share(Share.all())
                        .sourceNat(new SourceNat.Masquerade(Vector.empty()))
                        .build());
        assertThat(((PodPort) hop.branches().head().to()).flow().source()).contains(NODE_ADDRESS);
    }

    @Test
    @DisplayName("rejected, dropped and unknown parts end there")
    void endings() {
        Hop hop = resolve(
                VIP,
                branch(new ProxyOutcome.Rejected("icmp-port-unreachable"), Share.of(1, 4)),
                branch(new ProxyOutcome.Dropped(), Share.of(1, 4)),
                branch(new ProxyOutcome.Unknown("a match nobody knows", Vector.empty()), Share.of(1, 2)));
        assertThat(hop.branches().map(branch -> ((Ending) branch.to()).disposition()))
                .containsExactly(Disposition.REJECTED, Disposition.DROPPED, Disposition.UNKNOWN);
    }

    @Test
    @DisplayName("a VIP that no rule serves does not leak to the network")
    void leakedVip() {
        Hop hop = resolve(VIP, branch(new ProxyOutcome.Untouched(), Share.all()));
        assertThat(((Ending) hop.branches().head().to()).disposition()).isEqualTo(Disposition.BLACKHOLED);
    }

    @Test
    @DisplayName("what no rule touches goes to the node itself, or out with the source it has on the wire")
    void untouched() {
        AddressPort own = new AddressPort(NODE_ADDRESS, 22);
        assertThat(resolve(own, branch(new ProxyOutcome.Untouched(), Share.all()))
                        .branches()
                        .head()
                        .to())
                .isInstanceOf(PodPort.class);
        AddressPort far = new AddressPort(IpAddress.of("198.51.100.9"), 443);
        Outbound out = (Outbound) resolve(
                        far,
                        ProxyBranch.builder()
                                .outcome(new ProxyOutcome.Untouched())
                                .share(Share.all())
                                .sourceNat(new SourceNat.Masquerade(Vector.of(NODE_ADDRESS)))
                                .build())
                .branches()
                .head()
                .to();
        assertThat(out.source()).isEqualTo(NODE_ADDRESS);
    }

    @Test
    @DisplayName("a node whose rules were not captured is unknown, with the commands to capture them")
    void notCaptured() {
        NodeResolver resolver = new NodeResolver(cluster, node -> Option.none());
        Hop hop = ((Resolution.Resolved) resolver.resolve(packet(VIP))).hop();
        assertThat(hop.disposition()).contains(Disposition.UNKNOWN);
        assertThat(hop.decisions().flatMap(decision -> decision.missing())).isNotEmpty();
    }

    private Hop resolve(AddressPort to, ProxyBranch... branches) {
        ServiceProxy proxy = new ServiceProxy() {
            @Override
            public String mode() {
                return "test";
            }

            @Override
            public ProxyVerdict route(Packet packet, Arrival arrival) {
                return ProxyVerdict.builder().branches(Vector.of(branches)).build();
            }
        };
        NodePlane plane = NodePlane.builder()
                .node("n1")
                .mode(Option.some("test"))
                .proxy(Option.some(proxy))
                .localAddresses(Vector.of(NODE_ADDRESS))
                .build();
        NodeResolver resolver = new NodeResolver(cluster, node -> Option.some(plane));
        return ((Resolution.Resolved) resolver.resolve(packet(to))).hop();
    }

    private static NodePacket packet(AddressPort to) {
        Flow flow = new Flow(Protocol.TCP, Option.some(IpAddress.of("10.244.1.9")), Option.none());
        Arrival arrival = Arrival.of(Arrival.Kind.POD);
        return NodePacket.of(
                "n1", arrival, new NetworkAddress(to, flow, new Vantage.OnNode("n1", arrival, Option.none())));
    }

    private static ProxyBranch branch(ProxyOutcome outcome, Share share) {
        return ProxyBranch.builder()
                .outcome(outcome)
                .share(share)
                .trail(Vector.of(new RuleStep("nat", "KUBE-SERVICES", LINE)))
                .build();
    }
}
