package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.testkit.arbitrary.ClusterArbitraries;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.Probes;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.contract.IntentCheck;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Faults;
import dev.podpath.testkit.fault.Injection;
import dev.podpath.testkit.reference.IptablesWriter;
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

/** Each fault of the test kit changes what happens to some packet, and the healthy documents show no difference. */
class FaultsShowTest {
    private static final int SCENES = 120;
    private static final WriterConfig CONFIG =
            WriterConfig.byClusterPrefixes(IpPrefix.of("10.244.0.0/16"), IpPrefix.of("fd00:244::/32"));

    @Example
    @Label("healthy rules do what is meant for every sender and every address")
    void healthy() {
        for (Scene scene : scenes(40)) {
            assertThat(difference(scene, documents(scene), Probes.systematic(scene)))
                    .as("%s", scene)
                    .isEqualTo(Option.none());
        }
    }

    @Example
    @Label("rules with a fault treat some packet otherwise than is meant, wherever the fault is put")
    void faulty() {
        List<Scene> scenes = scenes(SCENES);
        List<String> hidden = new ArrayList<>();
        // Of a client that comes back the intent here says nothing; verification does.
        for (Fault fault : Faults.all().reject(one -> one.name().contains("affinity"))) {
            int shown = 0;
            for (int i = 0; i < scenes.size() && shown < 12; i++) {
                Scene scene = scenes.get(i);
                Option<Injection> injected = fault.inject(scene, documents(scene), 31L * i);
                if (injected.isEmpty()) {
                    continue;
                }
                Injection injection = injected.get();
                Vector<Probe> probes = Probes.systematic(scene)
                        .appendAll(injection.address().toVector().flatMap(at -> anyProtocol(scene, at)));
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
                .map(cluster -> new Scene(cluster, firstNode(cluster), CONFIG))
                .toList();
    }

    private static String firstNode(Cluster cluster) {
        return cluster.nodes().head().name();
    }

    private static Map<String, String> documents(Scene scene) {
        return new IptablesWriter().documents(scene.cluster(), scene.node(), scene.config());
    }

    private static Option<String> difference(Scene scene, Map<String, String> documents, Vector<Probe> probes) {
        ServiceProxy proxy = new IptablesMode()
                .open(WrittenNode.of(scene.cluster(), scene.node(), documents))
                .value()
                .getOrElseThrow(why -> new AssertionError(why.text()));
        for (Probe probe : probes) {
            Option<String> difference = IntentCheck.difference(
                    scene, probe, proxy.route(probe.packet(), probe.arrival()), IntentCheck.ALL_TRAITS);
            if (difference.isDefined()) {
                return difference.map(text -> probe + ": " + text);
            }
        }
        return Option.none();
    }
}
