package dev.podpath.k8s.objects;

import static dev.podpath.k8s.objects.ClusterWorld.FROM_CLIENT;
import static dev.podpath.k8s.objects.ClusterWorld.FROM_POD;
import static dev.podpath.k8s.objects.ClusterWorld.POD;
import static dev.podpath.k8s.objects.ClusterWorld.first;
import static dev.podpath.k8s.objects.ClusterWorld.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.location.ClusterService;
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
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResolversTest {
    private static final Vantage INTERNET = new Vantage.Internet();
    private static final Vantage PRIVATE = new Vantage.PrivateNetwork(Option.none());
    private static final ServicePortRef WEB = new ServicePortRef(new ServiceKey("shop", "web"), 80, Protocol.TCP);
    private final ClusterWorld sound = ClusterWorld.sound();

    @Test
    @DisplayName("from a node every address enters the node's own stack, a service's as a VIP")
    void onNode() {
        Hop vip = first(to("10.96.0.7:80", POD));
        assertThat(vip.kind()).isEqualTo(HopKind.VIP);
        assertThat(vip.title()).isEqualTo("VIP 10.96.0.7:80 of service shop/web, from pod shop/a on node n1");
        assertThat(vip.findings()).isEmpty();
        for (String address : Vector.of("10.96.0.7:80", "10.244.1.2:8080", "10.0.0.12:30080", "203.0.113.99:443")) {
            Hop hop = first(to(address, POD));
            assertThat(((NodePacket) hop.branches().head().to()).node()).isEqualTo("n1");
            assertThat(hop.kind()).isEqualTo(address.startsWith("10.96") ? HopKind.VIP : HopKind.ROUTE);
        }
    }

    @Test
    @DisplayName("a load balancer's address is served by the node itself, for packets from inside only")
    void bypassed() {
        Hop inside = first(to("203.0.113.5:80", POD));
        assertThat(inside.findings().map(finding -> finding.code().code())).containsExactly("PP-LB-023");
        assertThat(inside.decisions().map(Decision::action)).contains(Decision.Action.SKIPPED);
        Vantage arrived = new Vantage.OnNode("n1", Arrival.of(Arrival.Kind.EXTERNAL), Option.none());
        assertThat(first(to("203.0.113.5:80", arrived)).findings()).isEmpty();
        assertThat(first(to("203.0.113.5:81", POD)).findings())
                .as("a port that the service does not have is not served")
                .isEmpty();
    }

    @Test
    @DisplayName("a node is entered from outside, or from another node where the source is one's or a pod's")
    void node() {
        assertThat(arrival(sound.trace(new NetworkAddress(address("10.0.0.12:30080"), FROM_CLIENT, PRIVATE))))
                .isEqualTo(Arrival.Kind.EXTERNAL);
        assertThat(arrival(sound.trace(new NetworkAddress(address("10.0.0.12:30080"), FROM_POD, PRIVATE))))
                .isEqualTo(Arrival.Kind.OTHER_NODE);
        Flow node = new Flow(Protocol.TCP, Option.some(IpAddress.of("10.0.0.11")), Option.none());
        assertThat(arrival(sound.trace(new NetworkAddress(address("10.0.0.12:30080"), node, PRIVATE))))
                .isEqualTo(Arrival.Kind.OTHER_NODE);
    }

    @Test
    @DisplayName("nothing on the Internet leads to a private address; from the private network a pod is reached")
    void privateAddresses() {
        for (String address : Vector.of("10.244.1.1:8080", "10.0.0.12:30080", "10.96.0.7:80")) {
            assertThat(end(to(address, INTERNET))).as(address).isEqualTo(Disposition.BLACKHOLED);
        }
        assertThat(end(to("10.244.1.1:8080", PRIVATE))).isEqualTo(Disposition.DELIVERED);
        assertThat(end(to("10.244.1.2:8080", PRIVATE))).isEqualTo(Disposition.DELIVERED_STALE);
        assertThat(end(to("10.96.0.7:80", PRIVATE))).isEqualTo(Disposition.BLACKHOLED);
    }

    @Test
    @DisplayName("which node gets an external address is open unless one has it on an interface")
    void externalAddress() {
        Hop open = first(to("192.0.2.200:80", INTERNET));
        assertThat(open.branches().flatMap(Branch::condition))
                .containsExactly("if the network brings it to node n1", "if the network brings it to node n2");
        assertThat(open.branches().map(branch -> branch.share().toString())).containsOnly("unknown");
        assertThat(open.assumptions()).isNotEmpty();
        ClusterWorld held = sound.with(
                "nodes/n2/ip-addr.json",
                "[{\"ifname\": \"eth0\", \"addr_info\": [{\"local\": \"192.0.2.200\", \"prefixlen\": 32}]}]");
        Hop one = first(held.trace(new NetworkAddress(address("192.0.2.200:80"), FROM_CLIENT, INTERNET)));
        assertThat(one.branches().map(branch -> ((NodePacket) branch.to()).node()))
                .containsExactly("n2");
    }

    @Test
    @DisplayName("an address nobody has is declined with what was looked up or is missing")
    void nobodys() {
        assertThat(text(to("203.0.113.99:80", INTERNET))).contains("no address of a node, a pod or a service");
        Trace poor = sound.with("kubernetes/pods.json", "")
                .with("kubernetes/services.json", "")
                .trace(new NetworkAddress(address("203.0.113.99:80"), FROM_CLIENT, INTERNET));
        assertThat(missing(poor)).contains("kubernetes/pods.json", "kubernetes/services.json");
    }

    @Test
    @DisplayName("an address that is no live endpoint is delivered stale, with the finding")
    void stale() {
        Trace gone = sound.trace(new PodPort(address("10.244.9.9:8080"), Option.some(WEB), FROM_POD));
        assertThat(end(gone)).isEqualTo(Disposition.DELIVERED_STALE);
        assertThat(gone.findings().map(placed -> placed.finding().code().code()))
                .containsExactly("PP-NODE-030");
        Trace other = sound.trace(new PodPort(address("10.244.1.2:8080"), Option.some(WEB), FROM_POD));
        assertThat(text(other)).contains("the address now belongs to pod shop/b");
        Trace untold = sound.with("kubernetes/endpointslices.json", "")
                .trace(new PodPort(address("10.244.1.1:8080"), Option.some(WEB), FROM_POD));
        assertThat(end(untold)).isEqualTo(Disposition.UNKNOWN);
        assertThat(text(untold)).contains("is the address of pod shop/a");
        assertThat(untold.outcomes().head().target().pod()).contains("shop/a");
    }

    @Test
    @DisplayName("without a service a pod, a pod on the node's network or an unknown process answers")
    void direct() {
        assertThat(end(sound.trace(new PodPort(address("10.244.1.1:8080"), Option.none(), FROM_POD))))
                .isEqualTo(Disposition.DELIVERED);
        Trace process = sound.trace(new PodPort(address("10.0.0.11:22"), Option.none(), FROM_POD));
        assertThat(end(process)).isEqualTo(Disposition.UNKNOWN);
        assertThat(missing(process)).contains("the sockets of node n1");
        String proxy = ClusterWorld.podWith("p", "10.0.0.11", "\"hostNetwork\": true");
        ClusterWorld host = sound.with("kubernetes/pods.json", ClusterWorld.list(Vector.of(proxy)));
        assertThat(host.trace(new PodPort(address("10.0.0.11:8080"), Option.none(), FROM_POD))
                        .outcomes()
                        .head()
                        .target()
                        .pod())
                .contains("shop/p");
    }

    @Test
    @DisplayName("an endpoint without a pod is reached by its address, another address of nobody's is not known")
    void withoutPod() {
        assertThat(end(sound.trace(new PodPort(address("10.244.1.3:8080"), Option.none(), FROM_POD))))
                .isEqualTo(Disposition.DELIVERED);
        Trace otherPort = sound.trace(new PodPort(address("10.244.1.3:9090"), Option.none(), FROM_POD));
        assertThat(end(otherPort)).isEqualTo(Disposition.UNKNOWN);
        assertThat(text(otherPort)).contains("is an address of service shop/db");
        Trace noPods = sound.with("kubernetes/pods.json", "")
                .trace(new PodPort(address("10.244.7.7:80"), Option.none(), FROM_POD));
        assertThat(missing(noPods)).containsExactly("kubernetes/pods.json");
    }

    @Test
    @DisplayName("a headless service without ports answers with its endpoints")
    void portless() {
        String bare = Kubectl.service("bare", "None", "").replaceFirst("\"ports\": \\[.*?\\]", "\"ports\": []");
        String slice = Kubectl.slice("bare", java.util.List.of(Kubectl.endpoint("10.244.1.1", "a", "")))
                .replaceFirst("\"ports\": \\[.*?\\]", "\"ports\": null");
        ClusterWorld world = sound.with("kubernetes/services.json", ClusterWorld.list(Vector.of(bare)))
                .with("kubernetes/endpointslices.json", ClusterWorld.list(Vector.of(slice)));
        assertThat(end(world.ask("bare", 8080))).isEqualTo(Disposition.DELIVERED);
    }

    @Test
    @DisplayName("a service that does not exist is a dead end; where services are missing that is not known")
    void services() {
        ClusterService none = new ClusterService(
                new ServicePortRef(new ServiceKey("shop", "nothing"), 80, Protocol.TCP), FROM_POD, POD);
        assertThat(end(sound.trace(none))).isEqualTo(Disposition.BLACKHOLED);
        assertThat(missing(sound.with("kubernetes/services.json", "").trace(none)))
                .containsExactly("kubernetes/services.json");
        Hop web = first(sound.trace(new ClusterService(WEB, FROM_POD, POD)));
        assertThat(web.title()).isEqualTo("service shop/web:80/tcp, web.shop.svc.cluster.local");
        assertThat(web.branches().map(Branch::to))
                .containsExactly(new NetworkAddress(address("10.96.0.7:80"), FROM_POD, POD));
    }

    @Test
    @DisplayName("the way out ends where the documents do, with the source on the wire")
    void outbound() {
        Trace trace = sound.trace(new Outbound("n1", IpAddress.of("10.0.0.11"), address("203.0.113.99:443"), FROM_POD));
        assertThat(end(trace)).isEqualTo(Disposition.UNKNOWN);
        assertThat(text(trace)).contains("with the source 10.0.0.11");
        assertThat(missing(trace)).isNotEmpty();
    }

    private Trace to(String address, Vantage vantage) {
        return sound.trace(new NetworkAddress(
                address(address), vantage instanceof Vantage.OnNode ? FROM_POD : FROM_CLIENT, vantage));
    }

    private static Arrival.Kind arrival(Trace trace) {
        Hop hop = first(trace);
        assertThat(hop.kind()).isEqualTo(HopKind.NODE);
        return ((NodePacket) hop.branches().head().to()).arrival().kind();
    }

    private static Disposition end(Trace trace) {
        return trace.outcomes().head().disposition();
    }

    private static Vector<String> missing(Trace trace) {
        return trace.hops()
                .flatMap(hop -> hop.hop().decisions())
                .flatMap(Decision::missing)
                .map(Missing::what);
    }

    private static AddressPort address(String text) {
        return AddressPort.parse(text).get();
    }
}
