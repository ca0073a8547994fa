package dev.podpath.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.AnyScene;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The kernel's own tools are the judges of sets and rules of IPVS mode too. */
class KernelAcceptsIpvsProperties {
    @BeforeContainer
    static void needsTheTools() throws Exception {
        KernelTables.require();
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    @Label("ipset save and iptables-save print what was written, word for word")
    void roundTrip(@ForAll(supplier = AnyScene.class) Scene scene) throws Exception {
        check(scene, false);
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    @Label("ipset save and ip6tables-save print what was written, word for word")
    void roundTripV6(@ForAll(supplier = AnyScene.class) Scene scene) throws Exception {
        check(scene, true);
    }

    /** The rules that look at IPVS itself need a kernel that has it. */
    private static void check(Scene scene, boolean v6) throws Exception {
        IpvsWriter writer = new IpvsWriter();
        String rules =
                writer.rules(scene.cluster(), scene.node(), scene.config(), v6).replaceAll("(?m)^.* -m ipvs .*\n", "");
        String sets = writer.sets(scene.cluster(), scene.node(), scene.config());
        KernelTables.Run run = KernelTables.load(sets, rules, v6);
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(SavedText.chains(run.output().lines().toList()))
                .isEqualTo(SavedText.chains(rules.lines().toList()));
        assertThat(setLines(run.output())).isEqualTo(setLines(sets));
    }

    /** The kernel lists the entries of a set in the order of its hash table. */
    private static List<String> setLines(String text) {
        Stream<String> lines = text.lines().filter(line -> line.startsWith("create ") || line.startsWith("add "));
        return lines.sorted().toList();
    }
}
