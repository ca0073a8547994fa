package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.conformance.ConformanceCase;
import dev.podpath.testkit.conformance.ConformanceFlow;
import dev.podpath.testkit.conformance.Oracles;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/**
 * kube-proxy's own cases, from the objects to the verdict: a reference writer makes the rules, the plugin of the mode reads
 * them and decides.
 *
 * <p>The expected verdicts come from a tracer that is simpler than a node; where that shows, it is said below.
 */
final class Flows {
    private Flows() {}

    /**
     * A test for each packet.
     *
     * @param mode reads the rules
     * @param writer writes them
     * @param atLeast how many packets there must be
     */
    static Stream<DynamicContainer> of(ProxyModeProvider mode, NodeWriter writer, int atLeast) {
        Vector<ConformanceCase> cases =
                Oracles.cases(mode.id()).filter(test -> !test.flows().isEmpty());
        assertThat(cases.flatMap(ConformanceCase::flows)).hasSizeGreaterThanOrEqualTo(atLeast);
        return cases.toJavaStream().map(test -> {
            Scene scene = new Scene(test.cluster(), test.node(), test.config());
            Reading<Either<Decision, ServiceProxy>> reading = mode.open(WrittenNode.of(scene, writer));
            assertThat(reading.problems()).isEmpty();
            ServiceProxy proxy = reading.value().getOrElseThrow(why -> new AssertionError(why.text()));
            return DynamicContainer.dynamicContainer(
                    test.id(),
                    test.flows()
                            .toJavaStream()
                            .map(flow -> DynamicTest.dynamicTest(
                                    flow.name(), () -> check(flow, proxy.route(flow.packet(), arrival(scene, flow))))));
        });
    }

    /**
     * The tracer sends everything through PREROUTING. What comes from the node itself starts in OUTPUT here, as it does
     * on a node: the nat rules are the same.
     */
    private static Arrival arrival(Scene scene, ConformanceFlow flow) {
        IpAddress source = flow.packet().source();
        if (scene.isLocal(source)) {
            return Arrival.of(Arrival.Kind.NODE);
        }
        return Arrival.of(
                scene.config().detector().isLocal(source, Arrival.of(Arrival.Kind.POD))
                        ? Arrival.Kind.POD
                        : Arrival.Kind.EXTERNAL);
    }

    private static void check(ConformanceFlow flow, ProxyVerdict verdict) {
        Vector<ProxyOutcome> outcomes = verdict.branches().map(ProxyBranch::outcome);
        switch (flow.verdict()) {
            case DNAT -> {
                // The tracer never finds a client in a list of recent ones; here that is a way of its own, to one of
                // the same endpoints.
                assertThat(outcomes)
                        .as(flow.toString())
                        .allMatch(outcome -> outcome instanceof ProxyOutcome.ToEndpoint);
                Vector<AddressPort> reached = outcomes.map(outcome -> ((ProxyOutcome.ToEndpoint) outcome).address())
                        .distinct()
                        .sorted();
                assertThat(reached).isEqualTo(flow.endpoints().distinct().sorted());
                assertThat(verdict.branches()
                                .exists(branch -> branch.sourceNat().isTranslated()))
                        .as("masquerade of %s", flow)
                        .isEqualTo(flow.masquerade());
            }
            case REJECT ->
                assertThat(outcomes).as(flow.toString()).allMatch(outcome -> outcome instanceof ProxyOutcome.Rejected);
            case DROP -> assertThat(outcomes).as(flow.toString()).containsOnly(new ProxyOutcome.Dropped());
            // The tracer tells a packet that an ACCEPT rule lets pass from one that no rule touches. To a node both
            // are the same: the packet goes on as it is. Which rule it met stands in the trail.
            case ACCEPT -> {
                assertThat(outcomes).as(flow.toString()).containsOnly(new ProxyOutcome.Untouched());
                assertThat(verdict.branches().flatMap(ProxyBranch::trail))
                        .anyMatch(step -> step.chain().equals("KUBE-NODEPORTS")
                                && step.evidence().excerpt().endsWith("-j ACCEPT"));
            }
            case NONE -> assertThat(outcomes).as(flow.toString()).containsOnly(new ProxyOutcome.Untouched());
        }
    }
}
