package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.verify.Violation;
import dev.podpath.ports.node.NodeFindings;
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
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
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
    private static final String LOOSE = "net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 2\n";
    /** As {@code ip -j rule} and {@code ip -j route show table all} print them. */
    private static final String RULES = "[{\"priority\":0,\"src\":\"all\",\"table\":\"local\"},"
            + "{\"priority\":1536,\"src\":\"POD\",\"table\":\"2\"},"
            + "{\"priority\":32766,\"src\":\"all\",\"table\":\"main\"},"
            + "{\"priority\":32767,\"src\":\"all\",\"table\":\"default\"}]";

    private static final String TABLES =
            "[{\"dst\":\"default\",\"gateway\":\"192.168.2.1\",\"dev\":\"eth1\",\"table\":\"2\",\"flags\":[]},"
                    + "{\"dst\":\"default\",\"gateway\":\"192.168.1.1\",\"dev\":\"eth0\",\"protocol\":\"dhcp\",\"flags\":[]},"
                    + "{\"type\":\"local\",\"dst\":\"127.0.0.1\",\"dev\":\"lo\",\"table\":\"local\",\"flags\":[]}]";

    @Example
    @Label("what the documents of a node show by themselves")
    void ofTheNode() {
        for (String name : List.of(
                "dead-tracked-connection",
                "undropped-invalid-packets",
                "full-connection-table",
                "strict-reverse-path",
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
        Map<String, String> documents = new IptablesWriter()
                .documents(scene.cluster(), scene.node(), scene.config())
                .put("sysctl.txt", STRICT);
        return podAddress(scene)
                .map(pod -> documents
                        .put("sysctl.txt", STRICT + LOOSE)
                        .put("ip-rule.json", RULES.replace("POD", pod.toString()))
                        .put("ip-route-all.json", TABLES))
                .getOrElse(documents);
    }

    /** A pod of the node that gets its address from a further interface. */
    private static Option<IpAddress> podAddress(Scene scene) {
        return scene.cluster()
                .pods()
                .filter(pod -> pod.node().contains(scene.node())
                        && !pod.hostNetwork()
                        && pod.phase().equals("Running"))
                .flatMap(Pod::addresses)
                .find(address -> !address.isV6());
    }

    /** What strictly is another interface than the uplink does not matter where rules for a mark may come first. */
    @Example
    @Label("strict reverse paths are told only where nothing but addresses decides")
    void reversePaths() {
        Scene scene = Vector.ofAll(scenes(40))
                .find(each -> podAddress(each).isDefined())
                .get();
        Map<String, String> strict = NodeFaults.named("strict-reverse-path")
                .inject(scene, iptables(scene), 1)
                .get()
                .documents();
        Set<FindingCode> told = HashSet.of(NodeFindings.OTHER_WAY_BACK);
        assertThat(troubles(scene.cluster(), scene, strict)).isEqualTo(told);
        String rules = strict.get("ip-rule.json").get();
        String marked = rules.replace("[", "[{\"priority\":9,\"src\":\"all\",\"fwmark\":\"0x80\",\"table\":\"main\"},");
        assertThat(troubles(scene.cluster(), scene, strict.put("ip-rule.json", marked)))
                .isEmpty();
        String noMarks = strict.get("sysctl.txt").get()
                + "net.ipv4.conf.all.src_valid_mark = 0\nnet.ipv4.conf.eth0.src_valid_mark = 0\n";
        assertThat(troubles(
                        scene.cluster(),
                        scene,
                        strict.put("ip-rule.json", marked).put("sysctl.txt", noMarks)))
                .isEqualTo(told);
        String within =
                rules.replace("\"src\":\"" + podAddress(scene).get() + "\"", "\"src\":\"all\",\"dst\":\"10.0.0.0/8\"");
        assertThat(troubles(scene.cluster(), scene, strict.put("ip-rule.json", within)))
                .isEmpty();
        String unknown = rules.replace("\"src\":\"all\"", "\"src\":\"all\",\"ipproto\":\"tcp\"");
        assertThat(troubles(scene.cluster(), scene, strict.put("ip-rule.json", unknown)))
                .isEmpty();
        String main = strict.get("ip-route-all.json").get().replace("eth1", "eth0");
        assertThat(troubles(scene.cluster(), scene, strict.put("ip-route-all.json", main)))
                .isEmpty();
        assertThat(troubles(scene.cluster(), scene, strict.put("ip-rule.json", "[")))
                .isEmpty();
    }

    private static List<Scene> scenes(int count) {
        return ClusterArbitraries.clusters().generator(1000).stream(new Random(2026))
                .map(Shrinkable::value)
                .limit(count)
                .map(cluster -> new Scene(cluster, cluster.nodes().head().name(), CONFIG))
                .toList();
    }
}
