package dev.podpath.k8s.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Liveness;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.intent.NodeView;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.MemorySnapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Collections;
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

    @Test
    @DisplayName("a field that makes no sense is named with its place, and the rest of the object is used")
    void unusableFields() {
        Reading<Cluster> reading = new KubernetesInventory()
                .read(MemorySnapshot.of(Map.of(
                        "kubernetes/services.json",
                        Kubectl.list(Kubectl.service("web", "10.96.0.300", ", \"externalIPs\": [\"192.0.2.7\"]")),
                        "kubernetes/endpointslices.json",
                        Kubectl.list(
                                Kubectl.slice(
                                        "web",
                                        List.of(
                                                Kubectl.endpoint("nonsense", "a", ""),
                                                Kubectl.endpoint("10.244.1.2", "b", ""))),
                                Kubectl.slice("odd", List.of(Kubectl.endpoint("10.244.1.3", "c", "")))
                                        .replace("\"TCP\"", "\"QUIC\""),
                                Kubectl.slice("far", List.of(Kubectl.endpoint("10.244.1.4", "d", "")))
                                        .replace("8080", "80800")))));
        assertThat(reading.value().services().head().externalIps()).containsExactly(IpAddress.of("192.0.2.7"));
        assertThat(reading.value()
                        .endpoints()
                        .map(endpoint -> endpoint.address().toString()))
                .containsExactly("10.244.1.2:8080");
        assertThat(reading.problems().map(DocumentProblem::found))
                .containsExactlyInAnyOrder(
                        "'10.96.0.300' as clusterIP at /items/0/spec",
                        "'nonsense' as addresses at /items/0/endpoints/0",
                        "'QUIC' as protocol at /items/1/ports/0",
                        "'80800' as port at /items/2/ports/0");
        assertThat(reading.problems()).allMatch(problem -> problem.line().isDefined());
    }

    @Test
    @DisplayName("what is wrong in a thousand places is named a hundred times and counted once")
    void manyProblems() {
        List<String> bad = Collections.nCopies(1_000, Kubectl.endpoint("nonsense", "a", ""));
        Reading<Cluster> reading = new KubernetesInventory()
                .read(MemorySnapshot.of(
                        Map.of("kubernetes/endpointslices.json", Kubectl.list(Kubectl.slice("web", bad)))));
        assertThat(reading.problems()).hasSize(101);
        assertThat(reading.problems().last().found()).contains("900 further places");
    }

    @Test
    @DisplayName("every endpoint is quoted by its own place, however many a slice has")
    void evidenceOfEndpoints() {
        Cluster cluster = read(Map.of(
                "kubernetes/endpointslices.json",
                Kubectl.list(Kubectl.slice(
                        "web",
                        List.of(Kubectl.endpoint("10.244.1.1", "a", ""), Kubectl.endpoint("10.244.1.2", "b", ""))))));
        assertThat(cluster.endpoints().map(Endpoint::evidence).flatMap(Evidence::pointer))
                .containsExactly("/items/0/endpoints/0", "/items/0/endpoints/1");
        assertThat(cluster.endpoints().get(1).evidence().excerpt()).contains("10.244.1.2");
    }

    @Test
    @DisplayName("an entry of a slice stands for each of its addresses at each port")
    void everyAddressAtEveryPort() {
        String slice = Kubectl.slice(
                        "web",
                        List.of(Kubectl.endpoint("10.244.1.1", "a", "")
                                .replace("\"10.244.1.1\"", "\"10.244.1.1\", \"10.244.1.2\"")))
                .replace(
                        "\"protocol\": \"TCP\"}",
                        "\"protocol\": \"TCP\"}, {\"name\": \"dns\", \"port\": 53, \"protocol\": \"UDP\"}");
        Cluster cluster = read(Map.of("kubernetes/endpointslices.json", Kubectl.list(slice)));
        assertThat(cluster.endpoints()
                        .map(endpoint -> endpoint.portName() + " " + endpoint.protocol() + " " + endpoint.address()))
                .containsExactly(
                        "http TCP 10.244.1.1:8080",
                        "dns UDP 10.244.1.1:53",
                        "http TCP 10.244.1.2:8080",
                        "dns UDP 10.244.1.2:53");
    }

    @Test
    @DisplayName("kube-proxy serves no address of a headless service or of an alias")
    void notProxied() {
        String headless = Kubectl.service("db", "None", ", \"externalIPs\": [\"192.0.2.7\"]");
        String alias = Kubectl.service("out", "10.96.0.9", ", \"externalName\": \"db.example\"")
                .replace("\"type\": \"ClusterIP\"", "\"type\": \"ExternalName\"");
        String lingering = Kubectl.service("web", "10.96.0.7", ", \"externalName\": \"db.example\"");
        Cluster cluster = read(Map.of("kubernetes/services.json", Kubectl.list(headless, alias, lingering)));
        assertThat(cluster.servicesAt(IpAddress.of("192.0.2.7"))).isEmpty();
        assertThat(cluster.servicesAt(IpAddress.of("10.96.0.9"))).isEmpty();
        assertThat(cluster.service(new ServiceKey("shop", "out")).get().externalName())
                .contains("db.example");
        assertThat(cluster.service(WEB.service()).get().externalName()).isEmpty();
    }

    @Test
    @DisplayName("endpoints without a port belong to headless services without ports, and to nobody else")
    void portless() {
        String none = Kubectl.service("bare", "None", "").replaceFirst("\"ports\": \\[.*?\\]", "\"ports\": []");
        Cluster cluster = read(Map.of(
                "kubernetes/services.json", Kubectl.list(none, Kubectl.service("web", "10.96.0.7", "")),
                "kubernetes/endpointslices.json",
                        Kubectl.list(
                                withoutPorts(Kubectl.slice("bare", List.of(Kubectl.endpoint("10.244.1.1", "a", "")))),
                                withoutPorts(Kubectl.slice("web", List.of(Kubectl.endpoint("10.244.1.2", "b", "")))))));
        assertThat(cluster.endpoints().map(Endpoint::service)).containsExactly(new ServiceKey("shop", "bare"));
    }

    private static String withoutPorts(String slice) {
        return slice.replaceFirst("\"ports\": \\[.*?\\]", "\"ports\": null");
    }

    @Test
    @DisplayName("a YAML stream holds several objects; items of a typed list need no kind")
    void streamsAndTypedLists() {
        Cluster cluster = read(
                Map.of(
                        "kubernetes/all.yaml",
                        "---\nkind: Pod\nmetadata: {name: p, namespace: shop}\n---\nkind: Node\nmetadata: {name: n1}\n",
                        "kubernetes/raw.json",
                        "{\"kind\": \"ServiceList\", \"items\": [{\"metadata\": {\"name\": \"web\", \"namespace\": \"shop\"}}]}"));
        assertThat(cluster.pod("shop/p")).isNotEmpty();
        assertThat(cluster.node("n1")).isNotEmpty();
        assertThat(cluster.service(WEB.service())).isNotEmpty();
    }

    @Test
    @DisplayName("a list whose items are gone says nothing about what there is")
    void noItems() {
        Reading<Cluster> reading = new KubernetesInventory()
                .read(MemorySnapshot.of(
                        Map.of("kubernetes/pods.json", "{\"kind\": \"PodList\"}", "kubernetes/nodes.json", "[]")));
        assertThat(reading.value().captured()).isEqualTo(Cluster.Captured.NOTHING);
        assertThat(reading.problems()).hasSize(2);
    }

    @Test
    @DisplayName("the cluster's domain comes out of the Corefile, else out of the kubelets' configuration")
    void domain() {
        String corefile = configMap("coredns", "Corefile", ".:53 {\\n    kubernetes corp.Example. in-addr.arpa {\\n");
        String kubelet = configMap("kubelet-config", "kubelet", "clusterDomain: kubelet.example\\n");
        String cache =
                configMap("node-local-dns", "Corefile", "# kubernetes nothing\\n.:53 { forward . /etc/resolv.conf }");
        assertThat(read(Map.of("kubernetes/cm.json", Kubectl.list(cache, kubelet, corefile)))
                        .domain())
                .isEqualTo("corp.example");
        assertThat(read(Map.of("kubernetes/cm.json", Kubectl.list(cache, kubelet)))
                        .domain())
                .isEqualTo("kubelet.example");
        assertThat(read(Map.of("kubernetes/cm.json", Kubectl.list(cache))).domain())
                .isEqualTo("cluster.local");
    }

    @Test
    @DisplayName("a broken configuration of kube-proxy is located in its ConfigMap; one of another namespace is not it")
    void brokenConfiguration() {
        Reading<Cluster> broken = new KubernetesInventory()
                .read(MemorySnapshot.of(Map.of(
                        "kubernetes/cm.json", Kubectl.list(configMap("kube-proxy", "config.conf", "mode: [\\n")))));
        assertThat(broken.value().kubeProxy()).isEmpty();
        assertThat(broken.problems().head().document()).isEqualTo("kubernetes/cm.json");
        assertThat(broken.problems().head().found()).contains("/items/0/data/config.conf, line ");
        String elsewhere = configMap("kube-proxy", "config.conf", "mode: ipvs").replace("kube-system", "shop");
        assertThat(read(Map.of("kubernetes/cm.json", Kubectl.list(elsewhere))).kubeProxy())
                .isEmpty();
    }

    private static String configMap(String name, String key, String text) {
        return "{\"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"" + name
                + "\", \"namespace\": \"kube-system\"}, \"data\": {\"" + key + "\": \"" + text + "\"}}";
    }

    @Test
    @DisplayName("a slice that means more endpoints than there is memory is refused at once")
    void overflow() {
        List<String> entries = Collections.nCopies(2_000, "{\"addresses\": [\"10.244.1.1\"]}");
        String ports = String.join(",", Collections.nCopies(2_000, "{\"port\": 80}"));
        String slice = Kubectl.slice("web", entries).replaceFirst("\"ports\": \\[.*?\\]", "\"ports\": [" + ports + "]");
        Reading<Cluster> reading = new KubernetesInventory()
                .read(MemorySnapshot.of(Map.of("kubernetes/endpointslices.json", Kubectl.list(slice))));
        assertThat(reading.value().captured().endpoints()).isFalse();
        assertThat(reading.value().endpoints()).isEmpty();
        assertThat(reading.problems().map(DocumentProblem::found)).containsExactly("more than 1000000 endpoints");
    }

    private static Liveness liveness(String address, String pod) {
        Cluster cluster = read(Map.of(
                "kubernetes/services.json", Kubectl.list(Kubectl.service("web", "10.96.0.7", "")),
                "kubernetes/endpointslices.json",
                        Kubectl.list(Kubectl.slice("web", List.of(Kubectl.endpoint("10.244.1.1", "a", "")))),
                "kubernetes/pods.json", Kubectl.list(pod)));
        return cluster.liveness(new AddressPort(IpAddress.of(address), 8080), WEB);
    }

    /** EndpointSlice API: ports are those of the slice, and endpoints of a service port are found by the port's name. */
    @Test
    @DisplayName("ports come from the slice by name, families are slices of their own, and names are no endpoints")
    void portsByName() {
        String service = """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
                 "spec": {"type": "ClusterIP", "clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.7", "fd00:96::7"],
                  "ipFamilies": ["IPv4", "IPv6"], "selector": {"app": "web"}, "ports": [
                  {"name": "http", "port": 80, "protocol": "TCP", "targetPort": "web"},
                  {"name": "metrics", "port": 9090, "protocol": "TCP", "targetPort": 9090}]}}""";
        String slice = """
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "%s",
                 "metadata": {"name": "web-%s", "namespace": "shop", "labels": {"kubernetes.io/service-name": "web"}},
                 "endpoints": [{"addresses": ["%s"], "conditions": {"ready": true}}],
                 "ports": [%s]}""";
        String http = "{\"name\": \"http\", \"port\": %d, \"protocol\": \"TCP\"}";
        String metrics = "{\"name\": \"metrics\", \"port\": 9090, \"protocol\": \"TCP\"}";
        Cluster cluster = read(Map.of(
                "kubernetes/services.json",
                Kubectl.list(service),
                "kubernetes/endpointslices.json",
                Kubectl.list(
                        slice.formatted("IPv4", "a", "10.244.1.1", http.formatted(8080) + "," + metrics),
                        slice.formatted("IPv4", "b", "10.244.1.2", http.formatted(8081)),
                        slice.formatted("IPv6", "c", "fd00:244::1", http.formatted(8080)),
                        slice.formatted("FQDN", "d", "web.example.net", http.formatted(8080)))));
        assertThat(cluster.endpointsOf(WEB)
                        .map(Endpoint::address)
                        .map(AddressPort::toString)
                        .sorted())
                .containsExactly("10.244.1.1:8080", "10.244.1.2:8081", "[fd00:244::1]:8080");
        assertThat(cluster.endpointsOf(new ServicePortRef(WEB.service(), 9090, Protocol.TCP))
                        .map(Endpoint::address)
                        .map(AddressPort::toString))
                .containsExactly("10.244.1.1:9090");
        ServiceIntent intent = ServiceIntent.of(
                cluster.service(WEB.service()).get(),
                cluster.endpointsOf(WEB.service()),
                ProxySettings.builder().mode(ProxyMode.IPTABLES).build(),
                NodeView.of("n1", Option.none(), Vector.empty()));
        assertThat(intent.ports()
                        .map(port -> port.port().name()
                                + (port.isV6() ? " IPv6 " : " IPv4 ")
                                + port.cluster().all().map(Endpoint::address).mkString(" "))
                        .sorted())
                .containsExactly(
                        "http IPv4 10.244.1.1:8080 10.244.1.2:8081",
                        "http IPv6 [fd00:244::1]:8080",
                        "metrics IPv4 10.244.1.1:9090",
                        "metrics IPv6 ");
    }

    private static Cluster read(Map<String, String> texts) {
        return new KubernetesInventory().read(MemorySnapshot.of(texts)).value();
    }
}
