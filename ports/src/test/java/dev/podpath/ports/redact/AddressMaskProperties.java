package dev.podpath.ports.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Masked addresses share as many leading bits as the addresses do, keep their class, and are never the same for two. */
class AddressMaskProperties {
    private static final AddressMask MASK =
            new AddressMask(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

    @Property(tries = 2_000)
    void prefixesKeepTheirRelations(@ForAll("addresses") IpAddress a, @ForAll @IntRange(max = 127) int bit) {
        int flipped = bit % a.bits();
        IpAddress b = flip(a, flipped);
        assertThat(common(MASK.of(a), MASK.of(b))).isEqualTo(common(a, b));
    }

    @Property(tries = 2_000)
    void addressesKeepTheirClass(@ForAll("addresses") IpAddress a) {
        IpAddress masked = MASK.of(a);
        assertThat(masked.isV6()).isEqualTo(a.isV6());
        assertThat(masked.isPublic()).isEqualTo(a.isPublic());
        assertThat(masked.isLoopback()).isEqualTo(a.isLoopback());
        assertThat(masked.isLinkLocal()).isEqualTo(a.isLinkLocal());
    }

    @Property(tries = 500)
    void networksHoldTheirMembers(@ForAll("addresses") IpAddress a, @ForAll @IntRange(max = 128) int length) {
        int bits = Math.min(length, a.bits());
        IpAddress network = a;
        for (int i = bits; i < a.bits(); i++) {
            network = bit(network, i) == 1 ? flip(network, i) : network;
        }
        IpAddress masked = MASK.of(new IpPrefix(network, bits));
        assertThat(new IpPrefix(masked, bits).contains(MASK.of(a))).isTrue();
    }

    @Test
    void oneToOne() {
        Set<IpAddress> seen = new HashSet<>();
        for (int i = 0; i < 1 << 14; i++) {
            assertThat(seen.add(MASK.of(IpAddress.v4(0x0AF40000 | i)))).isTrue();
        }
        assertThat(MASK.of(IpAddress.of("10.244.0.1"))).isNotEqualTo(IpAddress.of("10.244.0.1"));
        assertThat(MASK.of(IpAddress.of("169.254.20.10"))).isEqualTo(IpAddress.of("169.254.20.10"));
        assertThat(MASK.of(IpPrefix.of("0.0.0.0/0"))).isEqualTo(IpAddress.of("0.0.0.0"));
    }

    private static int common(IpAddress a, IpAddress b) {
        int i = 0;
        while (i < a.bits() && bit(a, i) == bit(b, i)) {
            i++;
        }
        return i;
    }

    private static long bit(IpAddress address, int i) {
        int shift = address.bits() - 1 - i;
        return shift >= 64 ? address.high() >>> shift - 64 & 1 : address.low() >>> shift & 1;
    }

    private static IpAddress flip(IpAddress address, int i) {
        int shift = address.bits() - 1 - i;
        if (!address.isV6()) {
            return IpAddress.v4(address.v4Bits() ^ 1 << shift);
        }
        return shift >= 64
                ? IpAddress.v6(address.high() ^ 1L << shift - 64, address.low())
                : IpAddress.v6(address.high(), address.low() ^ 1L << shift);
    }

    @Provide
    Arbitrary<IpAddress> addresses() {
        Arbitrary<IpAddress> v4 = Arbitraries.oneOf(
                Arbitraries.integers().map(IpAddress::v4),
                Arbitraries.integers().between(0, 0xffffff).map(i -> IpAddress.v4(0x0A000000 | i)),
                Arbitraries.integers().between(0, 0xffff).map(i -> IpAddress.v4(0xC0A80000 | i)),
                Arbitraries.integers().between(0, 0xfffff).map(i -> IpAddress.v4(0xAC100000 | i)));
        Arbitrary<IpAddress> v6 =
                Arbitraries.longs().flatMap(high -> Arbitraries.longs().map(low -> IpAddress.v6(high, low)));
        Arbitrary<IpAddress> local = Arbitraries.longs().map(low -> IpAddress.v6(0xfd00_1234_5678_0000L, low));
        return Arbitraries.oneOf(v4, v6, local);
    }
}
