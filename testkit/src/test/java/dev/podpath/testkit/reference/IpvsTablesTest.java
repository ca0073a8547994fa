package dev.podpath.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.snapshot.Json;
import dev.podpath.testkit.conformance.ConformanceCase;
import dev.podpath.testkit.conformance.Oracles;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The IPVS writer against the tables that kube-proxy's own tests expect for the same objects. */
class IpvsTablesTest {
    @TestFactory
    @DisplayName("virtual servers, sets and chains are those kube-proxy makes of the same objects")
    Stream<DynamicTest> tables() {
        Vector<ConformanceCase> cases = Oracles.cases("ipvs_").filter(IpvsTablesTest::isWhole);
        assertThat(cases.count(
                        test -> !test.data().items("expectedVirtualServers").isEmpty()))
                .isGreaterThanOrEqualTo(17);
        return cases.toJavaStream().map(test -> DynamicTest.dynamicTest(test.id(), () -> check(test)));
    }

    /**
     * Some cases name only what they assert of their objects. With the gate LoadBalancerIPMode off, which no supported
     * version has any more, an address for another proxy is taken for one of ours.
     */
    private static boolean isWhole(ConformanceCase test) {
        return !test.data()
                        .items("objects", "services")
                        .exists(service -> service.at("asserted").isPresent())
                && !test.id().contains("LoadBalancerIPMode disabled, ipMode Proxy");
    }

    private static void check(ConformanceCase test) {
        IpvsState state = IpvsState.of(
                test.cluster(),
                NodeFacts.of(test.cluster(), test.node(), test.config(), test.v6()),
                test.config(),
                test.v6());
        servers(test, state);
        sets(test, state);
        chains(test, state);
    }

    private static void servers(ConformanceCase test, IpvsState state) {
        Vector<Json> expected = test.data().items("expectedVirtualServers");
        test.data()
                .integer("expectedVirtualServerCount")
                .forEach(count -> assertThat(state.servers()).hasSize(count));
        if (expected.isEmpty()) {
            return;
        }
        Map<String, Json> byName = new TreeMap<>();
        expected.forEach(server -> byName.put(name(server), server));
        assertThat(state.servers().map(IpvsTablesTest::name)).containsExactlyInAnyOrderElementsOf(byName.keySet());
        for (IpvsServer server : state.servers()) {
            Json wanted = byName.get(name(server));
            boolean persistent = wanted.texts("flags").contains("persistent");
            assertThat(server.persistence().isDefined()).isEqualTo(persistent);
            server.persistence()
                    .forEach(seconds -> assertThat(wanted.integer("timeout")).contains(seconds));
            if (wanted.at("realServers").isArray()) {
                assertThat(server.servers().map(Object::toString))
                        .containsExactlyInAnyOrderElementsOf(
                                wanted.items("realServers").map(IpvsTablesTest::address));
            }
        }
    }

    private static String name(Json server) {
        return server.textOr("", "protocol") + " " + address(server);
    }

    private static String name(IpvsServer server) {
        return server.protocol() + " " + server.address();
    }

    private static String address(Json server) {
        String ip = server.textOr("", "address");
        return (ip.contains(":") ? "[" + ip + "]" : ip)
                + server.integer("port").map(port -> ":" + port).getOrElse("");
    }

    private static void sets(ConformanceCase test, IpvsState state) {
        Json expected = test.data().at("expectedIPSets");
        for (KubeSet set : KubeSet.values()) {
            if (expected.at(set.name(false)).isArray()) {
                assertThat(Set.copyOf(state.entries(set)))
                        .as(set.name(false))
                        .isEqualTo(expected.items(set.name(false))
                                .flatMap(entry -> entry.text("entry"))
                                .toJavaSet());
            }
        }
    }

    /** Rules of both tables by chain, those of nat first. Expected rules begin the chain and leave nothing out. */
    private static void chains(ConformanceCase test, IpvsState state) {
        Json expected = test.data().at("expectedChains");
        String text = new IpvsRules(state, test.config())
                .write(NodeFacts.of(test.cluster(), test.node(), test.config(), test.v6()));
        Map<String, List<String>> written = SavedText.chains(text.lines().toList());
        for (String chain : new String[] {"KUBE-SERVICES", "KUBE-LOAD-BALANCER", "KUBE-NODE-PORT"}) {
            Vector<String> wanted = expected.items(chain).map(IpvsTablesTest::rule);
            Vector<String> rules = Vector.ofAll(written.getOrDefault("nat " + chain, List.of()))
                    .appendAll(written.getOrDefault("filter " + chain, List.of()))
                    .map(IpvsTablesTest::rule);
            assertThat(rules.take(wanted.size())).as(chain).isEqualTo(wanted);
        }
    }

    private static String rule(Json rule) {
        return rule.text("source").getOrElse("") + " " + rule.text("matchSet").getOrElse("") + " "
                + rule.textOr("", "jump");
    }

    private static String rule(String text) {
        String source = text.startsWith("-s ") ? text.split(" ")[1] : "";
        int set = text.indexOf("--match-set ");
        String name = set < 0 ? "" : text.substring(set + 12).split(" ")[0];
        return source + " " + name + " " + text.substring(text.indexOf("-j ") + 3);
    }
}
