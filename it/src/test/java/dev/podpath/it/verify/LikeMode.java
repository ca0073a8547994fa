package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.verify.NodeVerification;
import dev.podpath.core.verify.VipVerifier;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Crowded;
import dev.podpath.testkit.contract.LikenessCheck;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.reference.NodeWriter;
import dev.podpath.testkit.verification.KnownSettings;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Shrinkable;

/**
 * A mode whose proxy says what is alike, and what every such mode is held to.
 *
 * @param provider reads a node in this mode
 * @param mode the mode
 * @param writer writes a sound node
 * @param faults those of the test kit
 * @param faulty of so many damaged nodes one has a fault of the test kit
 * @param damage what becomes of the documents of the others
 */
record LikeMode(
        ProxyModeProvider provider,
        ProxyMode mode,
        NodeWriter writer,
        Vector<Fault> faults,
        int faulty,
        Damage damage) {
    /** Damages the documents of a node at random. */
    @FunctionalInterface
    interface Damage {
        Map<String, String> to(Map<String, String> documents, Random random);
    }

    /** Crowded scenes in which many services are alike, always the same. */
    static Vector<Scene> scenes(int count) {
        return Vector.ofAll(new Crowded()
                .get().generator(1000).stream(new Random(2026))
                        .map(Shrinkable::value)
                        .limit(count)
                        .map(Twins::with)
                        .toList());
    }

    /** How many services there are in some scenes. */
    static int services(Vector<Scene> scenes) {
        return scenes.map(scene -> scene.cluster().services().size()).sum().intValue();
    }

    /** What is said to be alike is. */
    static void assertAlike(Scene scene, ServiceProxy proxy) {
        assertThat(LikenessCheck.of(scene, proxy).difference()).as("%s", scene).isEqualTo(Option.none());
    }

    /** The node as it is written. */
    NodePlane sound(Scene scene) {
        return plane(scene, documents(scene));
    }

    /** The node with a fault of the test kit, or with what the damage makes of it. */
    NodePlane damaged(Scene scene, long seed) {
        Map<String, String> documents = documents(scene);
        Random random = new Random(seed);
        if (random.nextInt(faulty) != 0) {
            return plane(scene, damage.to(documents, random));
        }
        return plane(
                scene,
                faults.get(random.nextInt(faults.size()))
                        .inject(scene, documents, seed)
                        .map(injection -> injection.documents())
                        .getOrElse(documents));
    }

    /** How many addresses of sound nodes are compared with others that they are said to be like. */
    int compared(Vector<Scene> scenes) {
        return scenes.map(scene ->
                        LikenessCheck.of(scene, sound(scene).proxy().get()).compared())
                .sum()
                .intValue();
    }

    /** Verification finds what it finds where nothing says what is alike. */
    void assertSameResult(Scene scene, NodePlane plane) {
        NodePlane hidden = NodePlane.builder()
                .node(plane.node())
                .mode(plane.mode())
                .proxy(plane.proxy().map(Hidden::likeness))
                .localAddresses(plane.localAddresses())
                .uplink(plane.uplink())
                .build();
        assertThat(found(scene, plane)).as("%s", scene).isEqualTo(found(scene, hidden));
    }

    /** All but into how many classes packets were divided, which is up to the order in which they are looked at. */
    private List<Object> found(Scene scene, NodePlane plane) {
        NodeVerification result =
                new VipVerifier(scene.cluster()).verify(plane, KnownSettings.of(scene.config(), mode));
        return List.of(result.result(), result.violations(), result.unknowns(), result.assumptions());
    }

    private Map<String, String> documents(Scene scene) {
        return writer.documents(scene.cluster(), scene.node(), scene.config());
    }

    private NodePlane plane(Scene scene, Map<String, String> documents) {
        return WrittenPlane.of(WrittenNode.of(scene.cluster(), scene.node(), documents), provider);
    }
}
