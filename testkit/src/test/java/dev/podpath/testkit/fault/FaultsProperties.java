package dev.podpath.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.AnyScene;
import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.reference.KernelTables;
import io.vavr.collection.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class FaultsProperties {
    @Example
    @Label("faults have unique names and say how they come about")
    void names() {
        assertThat(Faults.all().map(Fault::name)).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z-]+"));
        assertThat(Faults.all().map(Fault::description)).noneMatch(String::isBlank);
        assertThat(Faults.named("stale-endpoint").name()).isEqualTo("stale-endpoint");
    }

    @Property(tries = 60)
    @Label("a fault changes one document, at a line that is there, and the same seed gives the same fault")
    void oneDocument(@ForAll(supplier = AnyScene.class) Scene scene, @ForAll long seed) {
        Map<String, String> healthy = new IptablesWriter().documents(scene.cluster(), scene.node(), scene.config());
        for (Fault fault : Faults.all()) {
            fault.inject(scene, healthy, seed).forEach(injection -> {
                assertThat(healthy.filterKeys(name -> !name.equals(injection.document())))
                        .isEqualTo(injection.documents().filterKeys(name -> !name.equals(injection.document())));
                String before = healthy.getOrElse(injection.document(), "");
                assertThat(injection.documents().getOrElse(injection.document(), ""))
                        .isNotEqualTo(before);
                assertThat(before.lines().toList().get(injection.line() - 1)).startsWith("-A ");
                assertThat(fault.inject(scene, healthy, seed).get()).isEqualTo(injection);
            });
        }
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    @Label("the kernel takes rules with a fault as readily as others")
    void loads(@ForAll(supplier = AnyScene.class) Scene scene, @ForAll long seed) throws Exception {
        KernelTables.require();
        Map<String, String> healthy = new IptablesWriter().documents(scene.cluster(), scene.node(), scene.config());
        for (Fault fault : Faults.all()) {
            for (Injection injection : fault.inject(scene, healthy, seed)) {
                String text = injection.documents().getOrElse(injection.document(), "");
                KernelTables.Run run =
                        KernelTables.load(text, injection.document().startsWith("ip6"));
                assertThat(run.exit()).as("%s: %s", injection, run.output()).isZero();
            }
        }
    }
}
