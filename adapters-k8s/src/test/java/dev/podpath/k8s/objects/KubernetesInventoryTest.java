package dev.podpath.k8s.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Liveness;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.MemorySnapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KubernetesInventoryTest {
    private static final ServicePortRef WEB = new ServicePortRef(new ServiceKey("shop", "web"), 80, Protocol.TCP);

    @Test
    @DisplayName("objects are taken by their kind, from lists and single objects, JSON and YAML")
    void shapes() {
        Cluster cluster = read(Map.of(
                "kubernetes/services.json", Kubectl.list(Kubectl.service("web", "10.96.0.7", "")),
                "kubernetes/one-node.json", Kubectl.node("n1", "192.0.2.11"),
                "kubernetes/pods.yaml",
                        "apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  metadata: {name: p, namespace: shop}\n"));
        assertThat(cluster.services().map(Service::key)).containsExactly(WEB.service());
        assertThat(cluster.node("n1").get().instanceId()).contains("i-bp1");
        assertThat(cluster.pod("shop/p")).isNotEmpty();
        assertThat(cluster.captured().endpoints()).isFalse();
        assertThat(cluster.captured().pods()).isTrue();
    }

    @Test
    @DisplayName("an empty list means there is none, a missing document means nobody knows")
    void emptyIsNotMissing() {
        assertThat(read(Map.of("kubernetes/pods.json", Kubectl.list()))
                        .captured()
                        .pods())
                .isTrue();
        assertThat(read(Map.of("kubernetes/endpointslices.json", Kubectl.list()))
                        .captured()
                        .endpoints())
                .isTrue();
        assertThat(read(Map.of()).captured()).isEqualTo(Cluster.Captured.NOTHING);
    }

    @Test
    @DisplayName("conditions that are not given mean what the API says")
    void conditions() {
        Cluster cluster = read(Map.of(
                "kubernetes/endpointslices.json",
                Kubectl.list(Kubectl.slice(
                        "web",
                        List.of(
                                Kubectl.endpoint("10.244.1.1", "a", ""),
                                Kubectl.endpoint("10.244.1.2", "b", "\"ready\": false"),
                                Kubectl.endpoint(
                                        "10.244.1.3",
                                        "c",
                                        "\"ready\": false, \"serving\": true, \"terminating\": true"))))));
        assertThat(cluster.endpoints().map(Endpoint::ready)).containsExactly(true, false, false);
        assertThat(cluster.endpoints().map(Endpoint::serving)).containsExactly(true, false, true);
        assertThat(cluster.endpoints().map(Endpoint::terminating)).containsExactly(false, false, true);
    }

    @Test
    @DisplayName("where slices were not captured, Endpoints are used")
    void fallback() {
        String endpoints = """
                {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "web", "namespace": "shop"},
                 "subsets": [{"addresses": [{"ip": "10.244.1.1"}], "notReadyAddresses": [{"ip": "10.244.1.2"}],
                  "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}]}]}""";
        Cluster old = read(Map.of("kubernetes/endpoints.json", Kubectl.list(endpoints)));
        assertThat(old.endpoints().map(Endpoint::ready)).containsExactly(true, false);
        Cluster both = read(Map.of(
                "kubernetes/endpoints.json", Kubectl.list(endpoints),
                "kubernetes/endpointslices.json", Kubectl.list()));
        assertThat(both.endpoints()).isEmpty();
    }

    @Test
    @DisplayName("addresses are read as kube-proxy reads them")
    void addresses() {
        Cluster cluster = read(Map.of(
                "kubernetes/services.json",
                Kubectl.list(Kubectl.service("web", " 010.096.000.041 ", ", \"externalIPs\": [\"198.51.100.07\"]"))));
        assertThat(cluster.services().head().clusterIps()).containsExactly(IpAddress.of("10.96.0.41"));
        assertThat(cluster.services().head().externalIps()).containsExactly(IpAddress.of("198.51.100.7"));
    }

    @Test
    @DisplayName("kube-proxy's mode and pod range come out of its ConfigMap")
    void kubeProxy() {
        String map = """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kube-proxy", "namespace": "kube-system"},
                 "data": {"config.conf": "mode: ipvs\\nclusterCIDR: 10.244.0.0/16\\nipvs:\\n  scheduler: wrr\\n"}}""";
        Cluster cluster = read(Map.of("kubernetes/configmaps.json", Kubectl.list(map)));
        assertThat(cluster.kubeProxy().get().mode()).isEqualTo("ipvs");
        assertThat(cluster.kubeProxy().get().clusterPrefixes().mkString()).isEqualTo("10.244.0.0/16");
        assertThat(cluster.kubeProxy().get().scheduler()).contains("wrr");
    }

    @Test
    @DisplayName("an endpoint lives only with a pod that runs, is ready and owns the address")
    void liveness() {
        assertThat(liveness("10.244.1.1", Kubectl.pod("a", "10.244.1.1", "Running", "True")))
                .isInstanceOf(Liveness.Live.class);
        assertThat(liveness("10.244.1.1", Kubectl.pod("a", "10.244.1.1", "Running", "False")))
                .isInstanceOf(Liveness.Stale.class);
        assertThat(liveness("10.244.1.1", Kubectl.pod("a", "10.244.1.1", "Failed", "True")))
                .isInstanceOf(Liveness.Stale.class);
        assertThat(liveness("10.244.1.1", Kubectl.pod("a", "10.244.1.9", "Running", "True")))
                .isInstanceOf(Liveness.Stale.class);
        assertThat(liveness("10.244.1.1", Kubectl.pod("b", "10.244.1.1", "Running", "True")))
                .isInstanceOf(Liveness.Stale.class);
        assertThat(liveness("10.244.1.5", Kubectl.pod("a", "10.244.1.1", "Running", "True")))
                .isInstanceOf(Liveness.Stale.class);
    }

    @Test
    @DisplayName("what cannot be read is said with its line, the rest is read")
    void problems() {
        Reading<Cluster> reading = new KubernetesInventory()
                .read(MemorySnapshot.of(Map.of(
                        "kubernetes/services.json", Kubectl.list(Kubectl.service("web", "10.96.0.7", "")),
                        "kubernetes/nodes.json", "{\n\"items\": [\n{\"kind\": \"Node\"},\n",
                        "kubernetes/pods.json", "{\"items\": [{\"kind\": \"Pod\", \"metadata\": {}}]}",
                        "kubernetes/other.json", "{}")));
        assertThat(reading.value().services()).hasSize(1);
        assertThat(reading.problems().map(problem -> problem.document()).sorted())
                .containsExactly("kubernetes/nodes.json", "kubernetes/other.json", "kubernetes/pods.json");
        assertThat(reading.problems()
                        .find(p -> p.document().endsWith("nodes.json"))
                        .get()
                        .line())
                .isNotEmpty();
    }

    private static Liveness liveness(String address, String pod) {
        Cluster cluster = read(Map.of(
                "kubernetes/services.json", Kubectl.list(Kubectl.service("web", "10.96.0.7", "")),
                "kubernetes/endpointslices.json",
                        Kubectl.list(Kubectl.slice("web", List.of(Kubectl.endpoint("10.244.1.1", "a", "")))),
                "kubernetes/pods.json", Kubectl.list(pod)));
        return cluster.liveness(new AddressPort(IpAddress.of(address), 8080), WEB);
    }

    private static Cluster read(Map<String, String> texts) {
        return new KubernetesInventory().read(MemorySnapshot.of(texts)).value();
    }
}
