package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.verify.Violation;
import dev.podpath.ports.node.NodeTroubles;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.testkit.arbitrary.ClusterArbitraries;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Injection;
import dev.podpath.testkit.fault.NodeFaults;
import dev.podpath.testkit.fault.ObjectFaults;
import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.reference.IpvsWriter;
import dev.podpath.testkit.reference.WriterConfig;
import dev.podpath.testkit.verification.VerifiedNode;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Shrinkable;

/** Each fault of a node beside the rules of its mode, and of the objects, is found; the healthy twin shows none. */
class NodeFaultsShowTest {
    private static final WriterConfig CONFIG =
            WriterConfig.byClusterPrefixes(IpPrefix.of("10.244.0.0/16"), IpPrefix.of("fd00:244::/32"));
    private static final String STRICT = "net.netfilter.nf_conntrack_tcp_be_liberal = 0\n";

    @Example
    @Label("what the documents of a node show by themselves")
    void ofTheNode() {
        for (String name : List.of(
                "dead-tracked-connection",
                "undropped-invalid-packets",
                "full-connection-table",
                "tunnel-without-room")) {
            Fault fault = NodeFaults.named(name);
            int shown = 0;
            for (Scene scene : scenes(40)) {
                Map<String, String> healthy = iptables(scene);
                assertThat(troubles(scene.cluster(), scene, healthy)).isEmpty();
                Option<Injection> injected = shown < 5 ? fault.inject(scene, healthy, shown) : Option.none();
                for (Injection injection : injected) {
                    assertThat(troubles(scene.cluster(), scene, injection.documents()))
                            .as(injection.toString())
                            .isEqualTo(injection.codes());
                    shown++;
                }
            }
            assertThat(shown).as(name).isEqualTo(5);
        }
    }

    @Example
    @Label("rules that iptables mode left behind, on a node in IPVS mode")
    void leftovers() {
        Fault fault = NodeFaults.named("leftover-mode");
        int shown = 0;
        for (Scene scene : scenes(30)) {
            Map<String, String> healthy = new IpvsWriter().documents(scene.cluster(), scene.node(), scene.config());
            Option<Injection> injected = shown < 5 ? fault.inject(scene, healthy, shown) : Option.none();
            for (Injection injection : injected) {
                assertThat(ipvs(scene, healthy).alarm()).isEqualTo(Option.none());
                assertThat(ipvs(scene, injection.documents())
                                .verification()
                                .violations()
                                .filter(violation -> injection.codes().contains(violation.code()))
                                .flatMap(Violation::service))
                        .as(injection.toString())
                        .contains(injection.service().get().service());
                shown++;
            }
        }
        assertThat(shown).isEqualTo(5);
    }

    @Example
    @Label("a host port of a pod that is a node port of a service")
    void hostPorts() {
        ofObjects(
                ObjectFaults::hostPortOnNodePort,
                broken -> troubles(broken.cluster(), broken.scene(), iptables(broken.scene())));
    }

    @Example
    @Label("a ready endpoint whose pod has ended")
    void deadPods() {
        ofObjects(
                ObjectFaults::endpointOfDeadPod,
                broken -> VerifiedNode.of(
                                broken.scene(), iptables(broken.scene()), new IptablesMode(), ProxyMode.IPTABLES)
                        .verification()
                        .violations()
                        .filter(violation -> violation
                                .service()
                                .contains(broken.broken().service().service()))
                        .map(Violation::code)
                        .toSet());
    }

    /** A broken cluster as a scene of its own. */
    private record BrokenScene(ObjectFaults.Broken broken, Scene scene) {
        Cluster cluster() {
            return broken.cluster();
        }
    }

    private static void ofObjects(
            BiFunction<Scene, Long, Option<ObjectFaults.Broken>> fault,
            java.util.function.Function<BrokenScene, Set<FindingCode>> found) {
        int shown = 0;
        for (Scene scene : scenes(40)) {
            Option<ObjectFaults.Broken> injected = shown < 5 ? fault.apply(scene, (long) shown) : Option.none();
            for (ObjectFaults.Broken broken : injected) {
                Scene own = new Scene(broken.cluster(), scene.node(), scene.config());
                assertThat(found.apply(new BrokenScene(broken, own)))
                        .as(broken.what())
                        .contains(broken.code());
                shown++;
            }
        }
        assertThat(shown).isEqualTo(5);
    }

    private static VerifiedNode ipvs(Scene scene, Map<String, String> documents) {
        return VerifiedNode.of(scene, documents, new IpvsMode(), ProxyMode.IPVS);
    }

    private static Set<FindingCode> troubles(Cluster cluster, Scene scene, Map<String, String> documents) {
        return NodeTroubles.of(WrittenNode.of(cluster, scene.node(), documents))
                .map(Finding::code)
                .toSet();
    }

    private static Map<String, String> iptables(Scene scene) {
        return new IptablesWriter()
                .documents(scene.cluster(), scene.node(), scene.config())
                .put("sysctl.txt", STRICT);
    }

    private static List<Scene> scenes(int count) {
        return ClusterArbitraries.clusters().generator(1000).stream(new Random(2026))
                .map(Shrinkable::value)
                .limit(count)
                .map(cluster -> new Scene(cluster, cluster.nodes().head().name(), CONFIG))
                .toList();
    }
}
