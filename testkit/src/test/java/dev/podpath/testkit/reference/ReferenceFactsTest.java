package dev.podpath.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.testkit.conformance.ConformanceCase;
import dev.podpath.testkit.conformance.Oracles;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceFactsTest {
    private static final Evidence NOWHERE = Evidence.document("generated", "");

    @ParameterizedTest
    @CsvSource({
        "2, 0.50000000000",
        "3, 0.33333333349",
        "4, 0.25000000000",
        "5, 0.20000000019",
        "6, 0.16666666651",
        "7, 0.14285714272",
        "8, 0.12500000000",
        "9, 0.11111111101",
        "10, 0.10000000009"
    })
    @DisplayName("iptables-save prints the probability the kernel keeps")
    void probabilities(int n, String printed) {
        assertThat(Probability.saved(n, RuleStyle.SINCE_1_26)).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource({"3, 0.33332999982", "6, 0.16667000018", "7, 0.14286000002"})
    @DisplayName("up to 1.23 five decimals were written")
    void oldProbabilities(int n, String printed) {
        assertThat(Probability.saved(n, RuleStyle.UP_TO_1_23)).isEqualTo(printed);
    }

    @Test
    @DisplayName("probabilities are written as kube-proxy's own test has them")
    void writtenProbabilities() {
        Json expected = only("iptables_TestComputeProbability").data().at("expectedProbabilities");
        assertThat(expected.names()).isNotEmpty();
        for (String n : expected.names()) {
            assertThat(Probability.written(Integer.parseInt(n), RuleStyle.SINCE_1_26))
                    .isEqualTo(expected.text(n).get());
        }
    }

    @Test
    @DisplayName("a load balancer that proxies by itself gets no rule")
    void proxyMode() {
        Vector<ConformanceCase> cases = Oracles.cases("iptables_TestLoadBalancerIngressRouteTypeProxy")
                .filter(test -> test.data().isTrue("config", "featureGates", "LoadBalancerIPMode"));
        assertThat(cases).isNotEmpty();
        for (ConformanceCase test : cases) {
            Json expected = test.data().at("expectedRuleExists");
            String match = expected.textOr("", "match") + "/32 ";
            assertThat(chains(test).getOrDefault("nat KUBE-SERVICES", List.of()).stream()
                            .anyMatch(rule -> rule.startsWith(match)))
                    .as(test.id())
                    .isEqualTo(expected.isTrue("exists"));
        }
    }

    @Test
    @DisplayName("the number of rules grows as kube-proxy's own test counts it")
    void counts() {
        for (int services : new int[] {0, 1, 10}) {
            for (int endpoints : new int[] {1, 2, 10}) {
                Map<String, List<String>> chains = chains(
                        generated(services, endpoints), WriterConfig.byClusterPrefixes(IpPrefix.of("10.9.0.0/16")));
                long nat = chains.entrySet().stream()
                        .filter(chain -> chain.getKey().startsWith("nat KUBE-"))
                        .mapToLong(chain -> chain.getValue().size())
                        .sum();
                assertThat(nat).isEqualTo(5 + services * (2 + 3L * endpoints));
            }
        }
    }

    @Test
    @DisplayName("in a large cluster the rules of endpoints carry no comments, those of services still do")
    void largeCluster() {
        Cluster cluster = generated(2, 501);
        Map<String, List<String>> chains = chains(cluster, WriterConfig.byClusterPrefixes(IpPrefix.of("10.9.0.0/16")));
        chains.forEach((chain, rules) -> {
            if (chain.contains("KUBE-SEP-")) {
                assertThat(rules).noneMatch(rule -> rule.contains("--comment"));
            } else if (chain.equals("nat KUBE-SERVICES")) {
                assertThat(rules).allMatch(rule -> rule.contains("--comment"));
            }
        });
    }

    @Test
    @DisplayName("up to 1.23 the Local policy has a KUBE-XLB chain that ends in a marked drop where nobody is local")
    void xlb() {
        Service service = Service.builder()
                .key(new ServiceKey("default", "web"))
                .type(Service.Type.NODE_PORT)
                .clusterIps(Vector.of(IpAddress.of("10.96.0.10")))
                .ports(Vector.of(new ServicePort("", Protocol.TCP, 80, "80", Option.some(30080))))
                .externalLocal(true)
                .evidence(NOWHERE)
                .build();
        Cluster cluster = cluster(Vector.of(service), Vector.of(endpoint(service, "10.9.0.1:80")));
        WriterConfig config = WriterConfig.builder()
                .detector(new LocalDetector.ByAddress(Vector.of(IpPrefix.of("10.9.0.0/16"))))
                .style(RuleStyle.UP_TO_1_23)
                .build();
        Map<String, List<String>> chains = chains(cluster, config);
        String xlb = ChainNames.ofService("KUBE-XLB-", "default/web", Protocol.TCP);
        String svc = ChainNames.ofService("KUBE-SVC-", "default/web", Protocol.TCP);
        assertThat(chains.get("nat KUBE-NODEPORTS")).last().asString().endsWith("-j " + xlb);
        assertThat(chains.get("nat " + xlb))
                .first()
                .asString()
                .startsWith("-s 10.9.0.0/16 ")
                .endsWith("-j " + svc);
        assertThat(chains.get("nat " + xlb)).last().asString().endsWith("-j KUBE-MARK-DROP");
        assertThat(chains.getOrDefault("nat KUBE-SERVICES", List.of("")).get(0))
                .startsWith("! -s 10.9.0.0/16 -d 10.96.0.10/32 ");
    }

    private static ConformanceCase only(String file) {
        return Oracles.cases(file).head();
    }

    private static Map<String, List<String>> chains(ConformanceCase test) {
        return chains(test.cluster(), test.node(), test.config());
    }

    private static Map<String, List<String>> chains(Cluster cluster, WriterConfig config) {
        return chains(cluster, "n1", config);
    }

    private static Map<String, List<String>> chains(Cluster cluster, String node, WriterConfig config) {
        return SavedText.chains(
                new IptablesWriter().save(cluster, node, config, false).lines().toList());
    }

    private static Cluster generated(int services, int endpoints) {
        Vector<Service> all = Vector.range(0, services)
                .map(i -> Service.builder()
                        .key(new ServiceKey("default", "svc" + i))
                        .clusterIps(Vector.of(IpAddress.of("10.96.0." + (i + 1))))
                        .ports(Vector.of(new ServicePort("", Protocol.TCP, 80 + i, "8080", Option.none())))
                        .evidence(NOWHERE)
                        .build());
        return cluster(
                all,
                all.flatMap(service -> Vector.range(0, endpoints)
                        .map(j -> endpoint(service, "172.16." + j / 250 + "." + (j % 250 + 1) + ":8080"))));
    }

    private static Endpoint endpoint(Service service, String address) {
        return Endpoint.builder()
                .service(service.key())
                .protocol(Protocol.TCP)
                .address(AddressPort.parse(address).get())
                .evidence(NOWHERE)
                .build();
    }

    private static Cluster cluster(Vector<Service> services, Vector<Endpoint> endpoints) {
        Node node = Node.builder()
                .name("n1")
                .internalAddresses(Vector.of(IpAddress.of("192.0.2.11")))
                .evidence(NOWHERE)
                .build();
        return new Cluster(
                Cluster.Captured.ALL,
                "cluster.local",
                Option.none(),
                services,
                endpoints,
                Vector.empty(),
                Vector.of(node));
    }
}
