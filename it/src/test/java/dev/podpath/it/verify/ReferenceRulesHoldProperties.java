package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.verify.NodeVerification;
import dev.podpath.core.verify.Result;
import dev.podpath.core.verify.Violation;
import dev.podpath.core.verify.VipVerifier;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.AnyScene;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.reference.IpvsWriter;
import dev.podpath.testkit.reference.LocalDetector;
import dev.podpath.testkit.reference.RuleStyle;
import dev.podpath.testkit.reference.WriterConfig;
import dev.podpath.testkit.verification.KnownSettings;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.RandomGenerator;

/** What a reference writer writes is what is intended. */
class ReferenceRulesHoldProperties {
    @Property(tries = 150)
    @Label(
            "on the rules kube-proxy would write for a random cluster, in every generation of iptables mode, verify holds")
    void iptables(@ForAll(supplier = AnyScene.class) Scene scene) {
        NodePlane plane = WrittenPlane.of(WrittenNode.of(scene, new IptablesWriter()), new IptablesMode());
        NodeVerification result =
                new VipVerifier(scene.cluster()).verify(plane, KnownSettings.of(scene.config(), ProxyMode.IPTABLES));
        assertThat(result.violations().map(ReferenceRulesHoldProperties::describe))
                .as("%s", scene)
                .isEmpty();
        assertThat(result.unknowns()).as("%s", scene).isEmpty();
        assertThat(result.result()).isEqualTo(Result.HOLDS);
    }

    /**
     * What no rule of a small cluster may show (interfaces, options that hide each other, which of several versions it is)
     * is guessed wrong now and then; the result names what it took for granted.
     */
    @Example
    @Label("where nothing tells how kube-proxy was started, the verifier reads it off the rules, and is seldom wrong")
    void inferred() {
        RandomGenerator<Scene> scenes = new AnyScene().get().generator(1000);
        Random random = new Random(2026);
        List<String> alarms = new ArrayList<>();
        int count = 0;
        while (count < 100) {
            Scene scene = scenes.next(random).value();
            if (!isTold(scene)) {
                continue;
            }
            count++;
            NodePlane plane = WrittenPlane.of(WrittenNode.of(scene, new IptablesWriter()), new IptablesMode());
            NodeVerification result = new VipVerifier(scene.cluster()).verify(plane);
            assertThat(result.assumptions()).as("%s", scene).isNotEmpty();
            if (!result.violations().isEmpty()) {
                alarms.add(result.assumptions() + " " + scene
                        + result.violations().map(ReferenceRulesHoldProperties::describe));
            }
        }
        System.out.println(
                "verification without configuration: " + count + " clusters, " + alarms.size() + " false alarms");
        assertThat(alarms).hasSizeLessThanOrEqualTo(1);
    }

    private static boolean isTold(Scene scene) {
        WriterConfig config = scene.config();
        return !(config.detector() instanceof LocalDetector.ByBridge)
                && !(config.detector() instanceof LocalDetector.ByInterfacePrefix)
                && !config.masqueradeAll()
                && (config.nodePortAddresses().isEmpty() || config.localhostNodePorts())
                && showsPods(scene, false)
                && showsPods(scene, true);
    }

    @Property(tries = 60)
    @Label("on what IPVS mode leaves on a node of a random cluster, verify holds")
    void ipvs(@ForAll(supplier = AnyScene.class) Scene scene) {
        WriterConfig config = scene.config();
        Assume.that(config.style() == RuleStyle.SINCE_1_26);
        NodePlane plane = WrittenPlane.of(WrittenNode.of(scene, new IpvsWriter()), new IpvsMode());
        NodeVerification result =
                new VipVerifier(scene.cluster()).verify(plane, KnownSettings.of(config, ProxyMode.IPVS));
        assertThat(result.violations().map(ReferenceRulesHoldProperties::describe))
                .as("%s", scene)
                .isEmpty();
        assertThat(result.unknowns()).as("%s", scene).isEmpty();
    }

    private static String describe(Violation violation) {
        return "\nXXX " + violation.code().code() + " " + violation.message() + " by " + violation.witness()
                + "\nexpected " + violation.expected() + "\nactual " + violation.actual();
    }

    /** Whether some cluster address of a family, where there is one, is served for everybody. */
    private static boolean showsPods(Scene scene, boolean v6) {
        Vector<Service> family = scene.cluster()
                .services()
                .filter(service -> service.clusterIps().exists(address -> address.isV6() == v6));
        return family.isEmpty()
                || family.exists(service -> !service.internalLocal()
                        && scene.cluster()
                                .endpointsOf(service.key())
                                .exists(endpoint -> endpoint.ready()
                                        && endpoint.address().address().isV6() == v6));
    }
}
