package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Cluster.Captured;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.verify.NodeVerification;
import dev.podpath.core.verify.UnknownVerdict;
import dev.podpath.core.verify.Violation;
import dev.podpath.core.verify.VipVerifier;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.AnyScene;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.verification.KnownSettings;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** What a verification does not depend on, on sound nodes and on nodes that lost rules. */
class VerificationLawsProperties {
    private static final String RULES = "iptables-save.txt";

    @Property(tries = 40)
    @Label("the order in which services, endpoints, pods and nodes were captured changes nothing")
    void order(@ForAll(supplier = AnyScene.class) Scene scene, @ForAll long seed) {
        NodePlane plane = damaged(scene, seed);
        Cluster cluster = scene.cluster();
        Random random = new Random(seed);
        Cluster shuffled = cluster(
                cluster,
                cluster.captured(),
                shuffle(cluster.services(), random),
                shuffle(cluster.endpoints(), random),
                shuffle(cluster.pods(), random),
                shuffle(cluster.nodes(), random));
        assertThat(new VipVerifier(shuffled).verify(plane, settings(scene)))
                .isEqualTo(new VipVerifier(cluster).verify(plane, settings(scene)));
    }

    @Property(tries = 40)
    @Label("verifying some services finds of them what verifying all finds")
    void subset(@ForAll(supplier = AnyScene.class) Scene scene, @ForAll long seed) {
        NodePlane plane = damaged(scene, seed);
        Random random = new Random(seed);
        Vector<ServiceKey> some = scene.cluster().services().map(Service::key).filter(any -> random.nextBoolean());
        if (some.isEmpty()) {
            return;
        }
        VipVerifier verifier = new VipVerifier(scene.cluster());
        NodeVerification all = verifier.verify(plane, settings(scene));
        NodeVerification part = verifier.open(plane, settings(scene)).verify(some);
        assertThat(part.violations().map(VerificationLawsProperties::place))
                .containsExactlyElementsOf(all.violations()
                        .filter(violation -> violation.service().exists(some::contains))
                        .reject(violation -> violation.code().code().equals("PP-NODE-111"))
                        .map(VerificationLawsProperties::place));
        assertThat(part.unknowns().map(UnknownVerdict::why))
                .containsExactlyElementsOf(all.unknowns()
                        .filter(unknown -> unknown.service().exists(some::contains))
                        .map(UnknownVerdict::why));
    }

    @Property(tries = 60)
    @Label("on a sound node nothing is violated, whichever kinds of objects were captured in part only")
    void captured(@ForAll(supplier = AnyScene.class) Scene scene, @ForAll long seed) {
        NodePlane plane = WrittenPlane.of(WrittenNode.of(scene, new IptablesWriter()), new IptablesMode());
        Cluster whole = scene.cluster();
        Random random = new Random(seed);
        Captured captured =
                new Captured(random.nextInt(5) > 0, random.nextInt(5) > 0, random.nextBoolean(), random.nextBoolean());
        Cluster part = cluster(
                whole,
                captured,
                some(whole.services(), captured.services(), random),
                some(whole.endpoints(), captured.endpoints(), random),
                some(whole.pods(), captured.pods(), random),
                some(whole.nodes(), captured.nodes(), random));
        NodeVerification result = new VipVerifier(part).verify(plane, settings(scene));
        assertThat(result.violations().map(violation -> violation.message() + " by " + violation.witness()))
                .as("%s of %s", captured, scene)
                .isEmpty();
    }

    private static ProxySettings settings(Scene scene) {
        return KnownSettings.of(scene.config(), ProxyMode.IPTABLES);
    }

    private static List<Object> place(Violation violation) {
        return List.of(violation.vip(), violation.protocol(), violation.code(), violation.service());
    }

    /** The plane of a node whose rules are as kube-proxy writes them, or one of them was lost. */
    private static NodePlane damaged(Scene scene, long seed) {
        Map<String, String> documents = new IptablesWriter().documents(scene.cluster(), scene.node(), scene.config());
        List<String> lines =
                new ArrayList<>(documents.getOrElse(RULES, "").lines().toList());
        List<Integer> rules = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("-A ")) {
                rules.add(i);
            }
        }
        if (!rules.isEmpty() && seed % 4 != 0) {
            lines.remove((int) rules.get(new Random(seed).nextInt(rules.size())));
        }
        Map<String, String> less = documents.put(RULES, String.join("\n", lines) + "\n");
        return WrittenPlane.of(WrittenNode.of(scene.cluster(), scene.node(), less), new IptablesMode());
    }

    private static <T> Vector<T> shuffle(Vector<T> values, Random random) {
        List<T> list = new ArrayList<>(values.asJava());
        Collections.shuffle(list, random);
        return Vector.ofAll(list);
    }

    private static <T> Vector<T> some(Vector<T> values, boolean all, Random random) {
        return all ? values : values.filter(any -> random.nextInt(3) == 0);
    }

    private static Cluster cluster(
            Cluster like,
            Captured captured,
            Vector<Service> services,
            Vector<Endpoint> endpoints,
            Vector<Pod> pods,
            Vector<Node> nodes) {
        return new Cluster(captured, like.domain(), like.kubeProxy(), services, endpoints, pods, nodes);
    }
}
