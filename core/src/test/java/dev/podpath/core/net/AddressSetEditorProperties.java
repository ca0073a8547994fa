package dev.podpath.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Changes in place give what sets made one from another give. */
final class AddressSetEditorProperties {
    private static final AddressSet SIX = AddressSet.range(IpAddress.v6(6, 0), IpAddress.v6(7, 3));
    private static final AddressSet FOUR = AddressSet.range(IpAddress.v4(4), IpAddress.v4(9));

    /** Addresses around the place where a carry goes from the lower to the upper half. */
    @Provide
    Arbitrary<List<IpAddress>> six() {
        return Arbitraries.integers()
                .between(-6, 6)
                .map(near -> IpAddress.v6(near < 0 ? 6 : 7, near))
                .list()
                .ofMaxSize(40);
    }

    /** Addresses at both ends of all. */
    @Provide
    Arbitrary<List<IpAddress>> four() {
        return Arbitraries.integers().between(-6, 12).map(IpAddress::v4).list().ofMaxSize(40);
    }

    @Property(tries = 500)
    void changesAreThoseOfSets(@ForAll("six") List<IpAddress> six, @ForAll("four") List<IpAddress> four) {
        AddressSetEditor editor = new AddressSetEditor();
        compare(editor, SIX, six);
        compare(editor, FOUR, four);
        compare(editor, AddressSet.all(false), four);
        compare(editor, AddressSet.empty(true), six);
    }

    private static void compare(AddressSetEditor editor, AddressSet from, List<IpAddress> addresses) {
        AddressSet set = from;
        editor.start(from);
        for (IpAddress address : addresses) {
            if (set.contains(address)) {
                set = set.minus(AddressSet.of(address));
                editor.without(address.high(), address.low());
            } else {
                set = set.union(AddressSet.of(address));
                editor.plus(address.high(), address.low());
            }
            assertThat(editor.set()).isEqualTo(set);
        }
    }
}
