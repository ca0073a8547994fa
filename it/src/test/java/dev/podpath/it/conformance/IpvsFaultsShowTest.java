package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.testkit.arbitrary.ClusterArbitraries;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.Probes;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.contract.IntentCheck;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Injection;
import dev.podpath.testkit.fault.IpvsFaults;
import dev.podpath.testkit.reference.IpvsWriter;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Shrinkable;

/** Each fault of IPVS mode changes what happens to some packet, or is found; healthy documents show nothing. */
class IpvsFaultsShowTest {
    private static final WriterConfig CONFIG =
            WriterConfig.byClusterPrefixes(IpPrefix.of("10.244.0.0/16"), IpPrefix.of("fd00:244::/32"));

    @Example
    @Label("a healthy table does what is meant for every sender and every address")
    void healthy() {
        for (Scene scene : scenes(25)) {
            assertThat(difference(scene, documents(scene), Probes.systematic(scene)))
                    .as("%s", scene)
                    .isEqualTo(Option.none());
        }
    }

    @Example
    @Label("a table with a fault treats some packet otherwise than is meant, or says so, wherever the fault is put")
    void faulty() {
        List<Scene> scenes = scenes(80);
        List<String> hidden = new ArrayList<>();
        for (Fault fault : IpvsFaults.all()) {
            int shown = 0;
            for (int i = 0; i < scenes.size() && shown < 8; i++) {
                Scene scene = scenes.get(i);
                Option<Injection> injected = fault.inject(scene, documents(scene), 31L * i);
                if (injected.isEmpty()) {
                    continue;
                }
                Injection injection = injected.get();
                Vector<Probe> probes = injection
                        .address()
                        .toVector()
                        .flatMap(at -> anyProtocol(scene, at))
                        .appendAll(Probes.systematic(scene));
                if (difference(scene, injection.documents(), probes).isEmpty()) {
                    hidden.add(injection + " in " + scene);
                }
                shown++;
            }
            assertThat(shown).as("places for %s", fault.name()).isGreaterThanOrEqualTo(5);
        }
        assertThat(hidden).isEmpty();
    }

    private static Vector<Probe> anyProtocol(Scene scene, AddressPort address) {
        return Vector.of(Protocol.values()).flatMap(protocol -> Probes.to(scene, protocol, address));
    }

    private static List<Scene> scenes(int count) {
        return ClusterArbitraries.clusters().generator(1000).stream(new Random(2026))
                .map(Shrinkable::value)
                .limit(count)
                .map(cluster -> new Scene(cluster, cluster.nodes().head().name(), CONFIG))
                .toList();
    }

    private static Map<String, String> documents(Scene scene) {
        return new IpvsWriter().documents(scene.cluster(), scene.node(), scene.config());
    }

    private static Option<String> difference(Scene scene, Map<String, String> documents, Vector<Probe> probes) {
        ServiceProxy proxy = new IpvsMode()
                .open(WrittenNode.of(scene.cluster(), scene.node(), documents))
                .value()
                .getOrElseThrow(why -> new AssertionError(why.text()));
        for (Probe probe : probes) {
            ProxyVerdict verdict = proxy.route(probe.packet(), probe.arrival());
            Option<String> difference = IntentCheck.difference(scene, probe, verdict, IntentCheck.IPVS_TRAITS)
                    .orElse(() -> verdict.findings()
                            .filter(finding -> finding.code().code().equals("PP-PROXY-024"))
                            .headOption()
                            .map(finding -> finding.message()));
            if (difference.isDefined()) {
                return difference.map(text -> probe + ": " + text);
            }
        }
        return Option.none();
    }
}
