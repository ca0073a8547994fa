package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.proxy.nftables.NftablesMode;
import dev.podpath.testkit.arbitrary.ClusterArbitraries;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.Probes;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Injection;
import dev.podpath.testkit.fault.NftFaults;
import dev.podpath.testkit.reference.NftablesWriter;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Shrinkable;

/** What another mode left on a node in nftables mode is told with every packet, and changes no verdict. */
class NftablesLeftoversTest {
    private static final String LEFTOVERS = "PP-PROXY-031";

    @Example
    @Label("leftovers of each other mode are found where they are, and nowhere else")
    void found() {
        java.util.Map<String, Integer> shown = new java.util.TreeMap<>();
        for (Scene scene : scenes()) {
            Map<String, String> documents =
                    new NftablesWriter().documents(scene.cluster(), scene.node(), scene.config());
            Vector<ProxyVerdict> healthy = verdicts(scene, documents);
            assertThat(healthy.flatMap(ProxyVerdict::findings)).as("%s", scene).isEmpty();
            for (Fault fault : NftFaults.leftovers()) {
                for (Injection injection : fault.inject(scene, documents, 1)) {
                    Vector<ProxyVerdict> now = verdicts(scene, injection.documents());
                    assertThat(now.map(ProxyVerdict::branches)).isEqualTo(healthy.map(ProxyVerdict::branches));
                    for (ProxyVerdict verdict : now) {
                        Vector<Finding> told = verdict.findings();
                        assertThat(told.map(finding -> finding.code().code())).containsExactly(LEFTOVERS);
                        assertThat(told.head().evidence().head().where()).contains(injection.document());
                    }
                    shown.merge(fault.name(), 1, Integer::sum);
                }
            }
        }
        assertThat(shown.keySet())
                .containsExactlyElementsOf(
                        NftFaults.leftovers().map(Fault::name).sorted());
        assertThat(shown.values()).allMatch(count -> count >= 3);
    }

    private static Vector<ProxyVerdict> verdicts(Scene scene, Map<String, String> documents) {
        ServiceProxy proxy = new NftablesMode()
                .open(WrittenNode.of(scene.cluster(), scene.node(), documents))
                .value()
                .getOrElseThrow(why -> new AssertionError(why.text()));
        Vector<Probe> probes = Probes.systematic(scene).take(5);
        return probes.map(probe -> proxy.route(probe.packet(), probe.arrival()));
    }

    private static List<Scene> scenes() {
        return ClusterArbitraries.clusters().generator(1000).stream(new Random(2026))
                .map(Shrinkable::value)
                .map(cluster -> new Scene(cluster, cluster.nodes().head().name(), SceneArbitraries.plainConfig()))
                .limit(10)
                .toList();
    }
}
