package dev.podpath.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster.Captured;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClusterTest {
    private static final Evidence EVIDENCE = Evidence.document("kubernetes/objects.json", "");
    private static final ServiceKey WEB = new ServiceKey("app", "web");
    private static final ServiceKey API = new ServiceKey("app", "api");

    private static Node node(int number) {
        return Node.builder()
                .name("n" + number)
                .internalAddresses(Vector.of(IpAddress.of("192.0.2." + number)))
                .externalAddresses(Vector.of(IpAddress.of("203.0.113." + number)))
                .providerId(Option.some("aws:///zone-a/i-" + number))
                .evidence(EVIDENCE)
                .build();
    }

    private static Pod pod(String name, String address, boolean hostNetwork) {
        return Pod.builder()
                .namespace("app")
                .name(name)
                .addresses(Vector.of(IpAddress.of(address)))
                .hostNetwork(hostNetwork)
                .evidence(EVIDENCE)
                .build();
    }

    private static Endpoint endpoint(ServiceKey service, boolean ready, Option<String> node) {
        return Endpoint.builder()
                .service(service)
                .protocol(Protocol.TCP)
                .address(new AddressPort(IpAddress.of("10.0.0.5"), 8080))
                .ready(ready)
                .node(node)
                .evidence(EVIDENCE)
                .build();
    }

    private static Cluster cluster(Captured captured, Vector<Endpoint> endpoints, Vector<Pod> pods) {
        return new Cluster(
                captured, "cluster.local", Option.none(), Vector.empty(), endpoints, pods, Vector.of(node(1), node(2)));
    }

    private static Option<Boolean> hasReady(Endpoint... endpoints) {
        return cluster(Captured.ALL, Vector.of(endpoints), Vector.empty()).hasReadyEndpoint(WEB, "i-1");
    }

    @Test
    @DisplayName("an instance has a ready endpoint where one of this service is on its node")
    void readyEndpoint() {
        assertThat(hasReady(endpoint(WEB, true, Option.some("n1")))).contains(true);
        assertThat(hasReady(endpoint(WEB, false, Option.some("n1")), endpoint(WEB, true, Option.some("n1"))))
                .contains(true);
    }

    @Test
    @DisplayName("one that is not ready, of another service, on another node or on none does not count")
    void noReadyEndpoint() {
        assertThat(hasReady()).contains(false);
        assertThat(hasReady(endpoint(WEB, false, Option.some("n1")))).contains(false);
        assertThat(hasReady(endpoint(API, true, Option.some("n1")))).contains(false);
        assertThat(hasReady(endpoint(WEB, true, Option.some("n2")))).contains(false);
        assertThat(hasReady(endpoint(WEB, true, Option.none()))).contains(false);
    }

    @Test
    @DisplayName("without endpoints captured, or for an instance that is no node, it is not known")
    void readyEndpointNotKnown() {
        Vector<Endpoint> ready = Vector.of(endpoint(WEB, true, Option.some("n1")));
        Captured noEndpoints = new Captured(true, false, true, true);
        assertThat(cluster(noEndpoints, ready, Vector.empty()).hasReadyEndpoint(WEB, "i-1"))
                .isEmpty();
        assertThat(cluster(Captured.ALL, ready, Vector.empty()).hasReadyEndpoint(WEB, "i-3"))
                .isEmpty();
        assertThat(Cluster.unknown().hasReadyEndpoint(WEB, "i-1")).isEmpty();
    }

    @Test
    @DisplayName("an address is gone that neither a pod of its own network nor a node has")
    void gone() {
        Vector<Pod> pods = Vector.of(pod("own", "10.0.0.5", false), pod("host", "192.0.2.9", true));
        Cluster cluster = cluster(Captured.ALL, Vector.empty(), pods);
        assertThat(cluster.isGone(IpAddress.of("10.0.0.6"))).isTrue();
        assertThat(cluster.isGone(IpAddress.of("192.0.2.9"))).isTrue();
        assertThat(cluster.isGone(IpAddress.of("10.0.0.5"))).isFalse();
        assertThat(cluster.isGone(IpAddress.of("192.0.2.1"))).isFalse();
        assertThat(cluster.isGone(IpAddress.of("203.0.113.2"))).isFalse();
    }

    @Test
    @DisplayName("without pods captured no address is gone")
    void goneNotKnown() {
        Cluster cluster = cluster(new Captured(true, true, false, true), Vector.empty(), Vector.empty());
        assertThat(cluster.isGone(IpAddress.of("10.0.0.6"))).isFalse();
    }
}
