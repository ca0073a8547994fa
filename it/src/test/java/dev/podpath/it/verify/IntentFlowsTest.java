package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.intent.ClusterIntent;
import dev.podpath.core.intent.Expectation;
import dev.podpath.core.intent.Masquerade;
import dev.podpath.core.intent.NodeView;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.packet.Arrival;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.conformance.ConformanceCase;
import dev.podpath.testkit.conformance.ConformanceFlow;
import dev.podpath.testkit.conformance.Oracles;
import dev.podpath.testkit.verification.KnownSettings;
import io.vavr.collection.Vector;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The packets of kube-proxy's own tests, against the intent alone: no rules are written or read. */
class IntentFlowsTest {
    @TestFactory
    @DisplayName("every packet of kube-proxy's own tests is meant to end as they expect")
    Stream<DynamicContainer> flows() {
        return Vector.of(ProxyMode.values())
                .toJavaStream()
                .flatMap(mode -> cases(mode)
                        .toJavaStream()
                        .map(test -> DynamicContainer.dynamicContainer(
                                test.id(),
                                test.flows()
                                        .toJavaStream()
                                        .map(flow ->
                                                DynamicTest.dynamicTest(flow.name(), () -> check(test, flow, mode))))));
    }

    private static Vector<ConformanceCase> cases(ProxyMode mode) {
        Vector<ConformanceCase> cases = Oracles.cases(mode.name().toLowerCase(Locale.ROOT))
                .filter(test -> !test.flows().isEmpty());
        if (mode == ProxyMode.IPTABLES) {
            assertThat(cases.flatMap(ConformanceCase::flows)).hasSizeGreaterThanOrEqualTo(160);
        }
        return cases;
    }

    private static void check(ConformanceCase test, ConformanceFlow flow, ProxyMode mode) {
        Scene scene = new Scene(test.cluster(), test.node(), test.config());
        ProxySettings settings = KnownSettings.of(test.config(), mode)
                .withServicePrefixes(
                        test.data().at("config").text("serviceCIDRs").toVector().flatMap(IpPrefix::parse));
        NodeView node = SceneView.of(scene);
        Expectation expected =
                ClusterIntent.of(test.cluster(), settings, node).expect(flow.packet(), arrival(scene, flow));
        Expectation.Kind kind = expected.kind();
        String what = flow + ": " + expected;
        switch (flow.verdict()) {
            case DNAT -> {
                assertThat(kind).as(what).isEqualTo(Expectation.Kind.SENT);
                Vector<AddressPort> endpoints = expected.endpoints().all().map(Endpoint::address);
                assertThat(endpoints.sorted())
                        .as(what)
                        .isEqualTo(flow.endpoints().distinct().sorted());
                boolean hairpin = expected.endpoints().hasAddress(flow.packet().source());
                assertThat(expected.masquerade() == Masquerade.ALWAYS || hairpin)
                        .as("masquerade of " + what)
                        .isEqualTo(flow.masquerade());
            }
            case REJECT -> assertThat(kind).as(what).isIn(Expectation.Kind.REJECTED, Expectation.Kind.NOT_SENT);
            case DROP -> assertThat(kind).as(what).isEqualTo(Expectation.Kind.DROPPED);
            case ACCEPT, NONE -> assertThat(kind).as(what).isIn(Expectation.Kind.LET_PASS, Expectation.Kind.NOT_SENT);
        }
    }

    private static Arrival arrival(Scene scene, ConformanceFlow flow) {
        IpAddress source = flow.packet().source();
        if (scene.isLocal(source)) {
            return Arrival.of(Arrival.Kind.NODE);
        }
        boolean pod = scene.config().detector().isLocal(source, Arrival.of(Arrival.Kind.POD));
        return Arrival.of(pod ? Arrival.Kind.POD : Arrival.Kind.EXTERNAL);
    }
}
