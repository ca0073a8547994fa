package dev.podpath.aws.elb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of who gets requests. */
class TargetChoiceProperties {
    @Property
    void healthyTargetsAreUsedAndOthersOnlyWhereTooFewAre(
            @ForAll @Size(max = 8) List<TargetChoice.@From("placed") Placed> list,
            @ForAll @IntRange(max = 4) int minimum) {
        Vector<Target> targets = Vector.ofAll(list).map(TargetChoice.Placed::target);
        TargetChoice choice = TargetChoice.among(targets, minimum, 0);
        Vector<Target> healthy =
                targets.filter(t -> t.state().equals("healthy") || t.state().equals("unavailable"));
        Vector<Target> rest =
                targets.filter(t -> t.state().equals("unhealthy") || t.state().equals("initial"));

        boolean enough = healthy.size() >= minimum;
        assertThat(choice.used().toJavaSet()).isEqualTo((enough ? healthy : healthy.appendAll(rest)).toJavaSet());
        assertThat(choice.failOpen()).isEqualTo(!enough && !rest.isEmpty());
        assertThat(choice.used())
                .noneMatch(t -> t.state().equals("draining") || t.state().equals("unused"));
    }

    @Property
    void aRequestStaysInTheZoneItEnters(
            @ForAll @Size(max = 8) List<TargetChoice.@From("placed") Placed> list, @ForAll("zones") String zone) {
        Vector<TargetChoice.Placed> targets = Vector.ofAll(list);
        Vector<Target> used = TargetChoice.zonal(targets, Option.some(zone), Vector.of("a", "b"), 1, 0)
                .used();

        assertThat(used)
                .allMatch(target -> targets.find(p -> p.target().equals(target))
                        .get()
                        .zone()
                        .contains(zone));
    }

    @Property
    void withoutAKnownZoneEachServedOneIsPossible(
            @ForAll @Size(max = 8) List<TargetChoice.@From("placed") Placed> list) {
        Vector<TargetChoice.Placed> targets = Vector.ofAll(list);
        Vector<String> zones = Vector.of("a", "b");
        TargetChoice choice = TargetChoice.zonal(targets, Option.none(), zones, 1, 0);
        Vector<TargetChoice> each = zones.map(zone -> TargetChoice.zonal(targets, Option.some(zone), zones, 1, 0));
        Vector<TargetChoice> served =
                each.filter(c -> !c.failOpen() && !c.used().isEmpty());

        assertThat(choice.used().toJavaSet())
                .isEqualTo((served.isEmpty() ? each : served)
                        .flatMap(TargetChoice::used)
                        .toJavaSet());
    }

    @Provide
    Arbitrary<String> zones() {
        return Arbitraries.of("a", "b", "c");
    }

    @Provide
    Arbitrary<TargetChoice.Placed> placed() {
        Arbitrary<String> states =
                Arbitraries.of("healthy", "unavailable", "unhealthy", "initial", "draining", "unused");
        return Combinators.combine(states, zones())
                .as((state, zone) -> new TargetChoice.Placed(
                        new Target(RuleProperties.parse(
                                "{\"Target\":{\"Id\":\"x\"},\"TargetHealth\":{\"State\":\"" + state + "\"}}")),
                        Option.some(zone)));
    }
}
