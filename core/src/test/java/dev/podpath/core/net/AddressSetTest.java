package dev.podpath.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.Vector;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Sets of addresses and ports obey the laws of sets: each is compared with a set of bits. */
class AddressSetTest {
    private static final int SMALL = 64;

    /** The last addresses of the family, so that ends are met; bit 63 is the very last address. */
    private static IpAddress address(int bit, boolean v6) {
        return v6 ? IpAddress.v6(-1L, bit - SMALL) : IpAddress.v4(bit - SMALL);
    }

    private static AddressSet set(List<Integer> edges, boolean v6) {
        AddressSet set = AddressSet.empty(v6);
        for (int i = 0; i + 1 < edges.size(); i += 2) {
            int first = Math.min(edges.get(i), edges.get(i + 1));
            int last = Math.max(edges.get(i), edges.get(i + 1));
            set = set.union(AddressSet.range(address(first, v6), address(last, v6)));
        }
        return set;
    }

    private static BitSet bits(AddressSet set, boolean v6) {
        BitSet bits = new BitSet();
        for (int i = 0; i < SMALL; i++) {
            bits.set(i, set.contains(address(i, v6)));
        }
        return bits;
    }

    @Property(tries = 400)
    void operationsAreThoseOfSets(
            @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 63) Integer> one,
            @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 63) Integer> two,
            @ForAll boolean v6) {
        AddressSet a = set(one, v6);
        AddressSet b = set(two, v6);
        BitSet union = bits(a, v6);
        union.or(bits(b, v6));
        BitSet both = bits(a, v6);
        both.and(bits(b, v6));
        BitSet minus = bits(a, v6);
        minus.andNot(bits(b, v6));
        assertThat(bits(a.union(b), v6)).isEqualTo(union);
        assertThat(bits(a.intersect(b), v6)).isEqualTo(both);
        assertThat(bits(a.minus(b), v6)).isEqualTo(minus);
        assertThat(a.firstNotIn(b)).isEqualTo(a.minus(b).ranges().headOption().map(AddressSet.Range::first));
        assertThat(a.complement().complement()).isEqualTo(a);
        assertThat(a.union(a.complement())).isEqualTo(AddressSet.all(v6));
        assertThat(a.intersect(a.complement()).isEmpty()).isTrue();
        assertThat(AddressSet.of(
                        v6, Vector.range(0, SMALL).map(i -> address(i, v6)).filter(a::contains)))
                .isEqualTo(a);
    }

    @Property(tries = 200)
    void portsAreThoseOfSets(
            @ForAll @IntRange(min = 0, max = 65535) int one,
            @ForAll @IntRange(min = 0, max = 65535) int two,
            @ForAll @IntRange(min = 0, max = 65535) int port) {
        PortSet a = PortSet.range(Math.min(one, two), Math.max(one, two));
        PortSet b = PortSet.of(port);
        assertThat(a.union(b).contains(port)).isTrue();
        assertThat(a.minus(b).contains(port)).isFalse();
        assertThat(a.complement().contains(port)).isNotEqualTo(a.contains(port));
        assertThat(a.size() + a.complement().size()).isEqualTo(65536);
        assertThat(a.intersect(a.complement()).isEmpty()).isTrue();
    }
}
