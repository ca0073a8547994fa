package dev.podpath.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.AnyScene;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The kernel's own tools are the judges of the form: they load the text and print it again, in a network of its own. */
class KernelAcceptsRulesProperties {
    @BeforeContainer
    static void needsTheTools() throws Exception {
        KernelTables.require();
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    @Label("iptables-save prints what was written, word for word")
    void roundTrip(@ForAll(supplier = AnyScene.class) Scene scene) throws Exception {
        check(scene, false);
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    @Label("ip6tables-save prints what was written, word for word")
    void roundTripV6(@ForAll(supplier = AnyScene.class) Scene scene) throws Exception {
        check(scene, true);
    }

    private static void check(Scene scene, boolean v6) throws Exception {
        String written = new IptablesWriter().save(scene.cluster(), scene.node(), scene.config(), v6);
        KernelTables.Run run = KernelTables.load(written, v6);
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(SavedText.chains(run.output().lines().toList()))
                .isEqualTo(SavedText.chains(written.lines().toList()));
    }
}
