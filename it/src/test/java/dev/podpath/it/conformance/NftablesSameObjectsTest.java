package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.proxy.nftables.NftablesMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.conformance.ConformanceCase;
import dev.podpath.testkit.conformance.ConformanceFlow;
import dev.podpath.testkit.conformance.ConformanceFlow.Verdict;
import dev.podpath.testkit.conformance.Oracles;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.reference.NftablesStyle;
import dev.podpath.testkit.reference.NftablesWriter;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The objects and packets of kube-proxy's tests of iptables mode, with the rules of nftables mode in each of their
 * generations: the verdicts are the same but where kube-proxy documents that the modes differ.
 */
class NftablesSameObjectsTest {
    @TestFactory
    @DisplayName("the same objects mean the same in nftables mode, but for the documented differences")
    Stream<DynamicContainer> flows() {
        Vector<ConformanceCase> cases =
                Oracles.cases("iptables").filter(test -> !test.flows().isEmpty());
        assertThat(cases.flatMap(ConformanceCase::flows)).hasSizeGreaterThanOrEqualTo(160);
        return Vector.of(NftablesStyle.values())
                .toJavaStream()
                .flatMap(style -> cases.toJavaStream().map(test -> of(test, style)));
    }

    private static DynamicContainer of(ConformanceCase test, NftablesStyle style) {
        Scene scene = new Scene(test.cluster(), test.node(), test.config());
        Reading<Either<Decision, ServiceProxy>> reading =
                new NftablesMode().open(WrittenNode.of(scene, new NftablesWriter(style)));
        assertThat(reading.problems()).isEmpty();
        ServiceProxy proxy = reading.value().getOrElseThrow(why -> new AssertionError(why.text()));
        return DynamicContainer.dynamicContainer(
                style + " " + test.id(),
                test.flows()
                        .toJavaStream()
                        .map(flow -> DynamicTest.dynamicTest(
                                flow.name(),
                                () -> check(
                                        expected(scene, flow, style),
                                        flow,
                                        proxy.route(flow.packet(), arrival(scene, flow))))));
    }

    /** What the flow's verdict becomes in nftables mode. */
    private static Verdict expected(Scene scene, ConformanceFlow flow, NftablesStyle style) {
        AddressPort to = flow.packet().to();
        boolean clusterIp = scene.cluster()
                .services()
                .exists(service -> service.clusterIps().contains(to.address()));
        return switch (flow.verdict()) {
            // An unused port of a cluster IP is refused.
            case NONE -> clusterIp ? Verdict.REJECT : Verdict.NONE;
            // A rule of this mode cannot let pass what another table drops, so there is none for health checks.
            case ACCEPT -> Verdict.NONE;
            case DNAT, DROP, REJECT -> {
                // Node ports are served at the primary address alone unless more is asked for, and never on loopback.
                if (isNodePort(scene, to) && !servesNodePorts(scene, to.address())) {
                    yield Verdict.NONE;
                }
                yield style == NftablesStyle.FROM_1_29 && isRefusedToNode(scene, flow) ? Verdict.DROP : flow.verdict();
            }
        };
    }

    /**
     * Until 1.33 the chain of what has no endpoints here came before the translation in OUTPUT, so that it drops what the
     * node itself sends, too; since 1.34 that is sent to any endpoint, as in iptables mode.
     */
    private static boolean isRefusedToNode(Scene scene, ConformanceFlow flow) {
        IpAddress to = flow.packet().destination();
        return scene.isLocal(flow.packet().source())
                && scene.cluster()
                        .services()
                        .filter(Service::externalLocal)
                        .filter(service -> service.loadBalancerIps().contains(to)
                                || service.externalIps().contains(to))
                        .exists(service -> !scene.cluster()
                                .endpointsOf(service.key())
                                .exists(endpoint -> endpoint.node().contains(scene.node())));
    }

    private static boolean isNodePort(Scene scene, AddressPort to) {
        return scene.isLocal(to.address())
                && scene.cluster()
                        .services()
                        .flatMap(Service::ports)
                        .exists(port -> port.nodePort().contains(to.port()));
    }

    private static boolean servesNodePorts(Scene scene, IpAddress address) {
        boolean v6 = address.isV6();
        Vector<IpPrefix> wanted = scene.config()
                .nodePortAddresses()
                .filter(prefix -> prefix.address().isV6() == v6);
        boolean primary = scene.nodeAddresses().find(own -> own.isV6() == v6).contains(address);
        return !address.isLoopback()
                && (wanted.isEmpty() ? primary : wanted.exists(prefix -> prefix.contains(address)));
    }

    /** The tracer sends everything through PREROUTING; what comes from the node itself starts in OUTPUT here. */
    private static Arrival arrival(Scene scene, ConformanceFlow flow) {
        IpAddress source = flow.packet().source();
        if (scene.isLocal(source)) {
            return Arrival.of(Arrival.Kind.NODE);
        }
        boolean pod = scene.config().detector().isLocal(source, Arrival.of(Arrival.Kind.POD));
        return Arrival.of(pod ? Arrival.Kind.POD : Arrival.Kind.EXTERNAL);
    }

    private static void check(Verdict expected, ConformanceFlow flow, ProxyVerdict verdict) {
        Vector<ProxyOutcome> outcomes = verdict.branches().map(ProxyBranch::outcome);
        String what = flow + ": " + verdict;
        switch (expected) {
            case DNAT -> {
                assertThat(outcomes).as(what).allMatch(outcome -> outcome instanceof ProxyOutcome.ToEndpoint);
                Vector<AddressPort> reached = outcomes.map(outcome -> ((ProxyOutcome.ToEndpoint) outcome).address())
                        .distinct()
                        .sorted();
                assertThat(reached)
                        .as(what)
                        .isEqualTo(flow.endpoints().distinct().sorted());
                assertThat(verdict.branches()
                                .exists(branch -> branch.sourceNat().isTranslated()))
                        .as("masquerade of %s", what)
                        .isEqualTo(flow.masquerade());
            }
            case REJECT -> assertThat(outcomes).as(what).allMatch(outcome -> outcome instanceof ProxyOutcome.Rejected);
            case DROP -> assertThat(outcomes).as(what).containsOnly(new ProxyOutcome.Dropped());
            case ACCEPT, NONE -> assertThat(outcomes).as(what).containsOnly(new ProxyOutcome.Untouched());
        }
    }
}
