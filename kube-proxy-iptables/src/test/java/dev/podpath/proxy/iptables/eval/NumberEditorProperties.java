package dev.podpath.proxy.iptables.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Changes in place give what sets made one from another give. */
final class NumberEditorProperties {
    /** Numbers around the places where a carry goes from the lower to the upper half. */
    @Provide
    Arbitrary<List<long[]>> numbers() {
        return Arbitraries.integers()
                .between(-6, 6)
                .map(near -> new long[] {near < 0 ? 6 : 7, near})
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    @Property
    void changesAreThoseOfSets(@ForAll("numbers") List<long[]> numbers) {
        Ranges set = Ranges.of(6, 0, 7, 3);
        NumberEditor editor = new NumberEditor();
        editor.start(set);
        for (long[] number : numbers) {
            if (set.contains(number[0], number[1])) {
                set = set.without(number[0], number[1], number[0], number[1]);
                editor.without(number[0], number[1]);
            } else {
                set = set.plus(number[0], number[1]);
                editor.plus(number[0], number[1]);
            }
            assertThat(editor.bounds()).isEqualTo(set.bounds());
        }
    }

    /** An editor is used again and again. */
    @Property(tries = 100)
    void whatWasBeforeIsForgotten(@ForAll("numbers") List<long[]> numbers) {
        NumberEditor editor = new NumberEditor();
        editor.start(Ranges.none());
        numbers.forEach(number -> {
            editor.start(Ranges.single(3, 3));
            editor.plus(number[0], number[1]);
        });
        editor.start(Ranges.of(1, 2, 3, 4));
        assertThat(editor.bounds()).containsExactly(1, 2, 3, 4);
    }
}
