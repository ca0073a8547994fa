package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.testkit.arbitrary.ClusterArbitraries;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.Probes;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.contract.IntentCheck;
import dev.podpath.testkit.contract.ModeTrait;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Injection;
import dev.podpath.testkit.reference.NodeWriter;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Shrinkable;

/**
 * A mode in whose documents faults must show.
 *
 * @param provider reads a node in this mode
 * @param writer writes a healthy node
 * @param traits what the mode does in its own way
 * @param tells a fault that a verdict tells of beside what becomes of the packet
 */
record FaultyMode(
        ProxyModeProvider provider,
        NodeWriter writer,
        Set<ModeTrait> traits,
        Function<ProxyVerdict, Option<String>> tells) {
    private static final WriterConfig CONFIG =
            WriterConfig.byClusterPrefixes(IpPrefix.of("10.244.0.0/16"), IpPrefix.of("fd00:244::/32"));

    /** On healthy nodes every packet ends as it is meant to, and no verdict tells of a fault. */
    void assertHealthy(int scenes) {
        for (Scene scene : scenes(scenes)) {
            assertThat(difference(scene, documents(scene), Probes.systematic(scene)))
                    .as("%s", scene)
                    .isEqualTo(Option.none());
        }
    }

    /** Wherever a fault is put, in so many places and at least in five, some packet or verdict shows it. */
    void assertShown(Vector<Fault> faults, int scenes, int places) {
        Vector<Scene> all = scenes(scenes);
        for (Fault fault : faults) {
            int shown = 0;
            for (int i = 0; i < all.size() && shown < places; i++) {
                Scene scene = all.get(i);
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
                assertThat(difference(scene, injection.documents(), probes))
                        .as("%s in %s", injection, scene)
                        .isNotEmpty();
                shown++;
            }
            assertThat(shown).as("places for %s", fault.name()).isGreaterThanOrEqualTo(5);
        }
    }

    private static Vector<Probe> anyProtocol(Scene scene, AddressPort address) {
        return Vector.of(Protocol.values()).flatMap(protocol -> Probes.to(scene, protocol, address));
    }

    private static Vector<Scene> scenes(int count) {
        return Vector.ofAll(ClusterArbitraries.clusters().generator(1000).stream(new Random(2026))
                .map(Shrinkable::value)
                .limit(count)
                .map(cluster -> new Scene(cluster, cluster.nodes().head().name(), CONFIG))
                .toList());
    }

    private Map<String, String> documents(Scene scene) {
        return writer.documents(scene.cluster(), scene.node(), scene.config());
    }

    private Option<String> difference(Scene scene, Map<String, String> documents, Vector<Probe> probes) {
        ServiceProxy proxy = provider.open(WrittenNode.of(scene.cluster(), scene.node(), documents))
                .value()
                .getOrElseThrow(why -> new AssertionError(why.text()));
        for (Probe probe : probes) {
            ProxyVerdict verdict = proxy.route(probe.packet(), probe.arrival());
            Option<String> difference =
                    IntentCheck.difference(scene, probe, verdict, traits).orElse(() -> tells.apply(verdict));
            if (difference.isDefined()) {
                return difference.map(text -> probe + ": " + text);
            }
        }
        return Option.none();
    }
}
