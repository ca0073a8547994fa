package dev.podpath.k8s.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A node port of a service with externalTrafficPolicy Local, on nodes with and without a pod of it. */
class LocalPolicyTest {
    private static Vector<String> codes(String policy, String node) {
        String service = Kubectl.service("edge", "10.96.0.9", ", \"externalTrafficPolicy\": \"" + policy + "\"")
                .replace("\"type\": \"ClusterIP\"", "\"type\": \"NodePort\"")
                .replace("\"port\": 80,", "\"port\": 80, \"nodePort\": 30080,");
        ClusterWorld world = ClusterWorld.of(
                Vector.of(service),
                Vector.of(Kubectl.slice("edge", List.of(Kubectl.endpoint("10.244.1.1", "a", "")))),
                Vector.of(Kubectl.pod("a", "10.244.1.1", "Running", "True")),
                Vector.of(Kubectl.node("n1", "10.0.0.11"), Kubectl.node("n2", "10.0.0.12")));
        Trace trace = world.trace(new NetworkAddress(
                AddressPort.parse(node + ":30080").get(),
                ClusterWorld.FROM_CLIENT,
                new Vantage.PrivateNetwork(Option.none())));
        return trace.hops()
                .flatMap(hop -> hop.hop().findings())
                .map(finding -> finding.code().code());
    }

    @Test
    @DisplayName(
            "a node without a pod drops what a balancer sends there; one with a pod, and the policy Cluster, are the twins")
    void local() {
        assertThat(codes("Local", "10.0.0.12")).containsExactly("PP-ING-056");
        assertThat(codes("Local", "10.0.0.11")).isEmpty();
        assertThat(codes("Cluster", "10.0.0.12")).isEmpty();
    }
}
