package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.intent.Expectation;
import dev.podpath.core.intent.Masquerade;
import dev.podpath.core.intent.NodeView;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Share;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.ProbedScene;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Probed;
import dev.podpath.testkit.contract.IntentCheck;
import dev.podpath.testkit.verification.KnownSettings;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** Two statements of what Kubernetes intends, made apart from each other, agree. */
class IntentAgreementProperties {
    @Property(tries = 150)
    @Label("the intent and the test kit's own statement of it agree about every packet of random clusters")
    void agrees(@ForAll(supplier = Probed.class) ProbedScene probed) {
        Scene scene = probed.scene();
        ProxySettings settings = KnownSettings.of(scene.config(), ProxyMode.IPTABLES);
        NodeView node = SceneView.of(scene);
        Vector<ServiceIntent> intents = scene.cluster()
                .services()
                .map(service -> ServiceIntent.of(service, scene.cluster().endpointsOf(service.key()), settings, node));
        for (Probe probe : probed.probes()) {
            Option<Expectation> expected = intents.filter(intent -> isServed(intent.service()))
                    .flatMap(intent -> intent.expect(probe.packet(), probe.arrival()))
                    .headOption();
            expected.forEach(expectation -> assertThat(IntentCheck.difference(
                            scene, probe, verdict(expectation, probe.packet()), IntentCheck.ALL_TRAITS))
                    .as("%s is meant to be %s; %s", probe, expectation, scene)
                    .isEqualTo(Option.none()));
        }
    }

    private static boolean isServed(Service service) {
        return !service.headless();
    }

    /** A node that does what is expected. */
    private static ProxyVerdict verdict(Expectation expectation, Packet packet) {
        Vector<ProxyBranch> branches = switch (expectation.kind()) {
            case SENT, SENT_OR_PAST -> {
                int count = expectation.endpoints().size();
                yield expectation.endpoints().all().map(endpoint -> branch(expectation, endpoint, packet, count));
            }
            case REJECTED, REFUSED -> Vector.of(end(new ProxyOutcome.Rejected("icmp-port-unreachable")));
            case DROPPED -> Vector.of(end(new ProxyOutcome.Dropped()));
            case NOT_SENT, LET_PASS, ANYTHING -> Vector.of(end(new ProxyOutcome.Untouched()));
        };
        return ProxyVerdict.builder().branches(branches).build();
    }

    private static ProxyBranch branch(Expectation expectation, Endpoint endpoint, Packet packet, int count) {
        boolean masqueraded = expectation.masquerade() == Masquerade.ALWAYS
                || packet.source().equals(endpoint.address().address());
        return ProxyBranch.builder()
                .outcome(new ProxyOutcome.ToEndpoint(endpoint.address()))
                .share(Share.of(1, count))
                .sourceNat(masqueraded ? new SourceNat.Masquerade(Vector.empty()) : SourceNat.kept())
                .build();
    }

    private static ProxyBranch end(ProxyOutcome outcome) {
        return ProxyBranch.builder().outcome(outcome).share(Share.all()).build();
    }
}
