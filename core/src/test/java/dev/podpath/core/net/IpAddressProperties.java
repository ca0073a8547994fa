package dev.podpath.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** Laws of addresses, and agreement with an address library that was written by others. */
class IpAddressProperties {
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowWildcardedSeparator(false)
            .allowPrefix(false)
            .allowMask(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .allowUnlimitedLeadingZeros(false)
            .allowBinary(false)
            .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .allowBase85(false)
            .allowBinary(false)
            .allowLeadingZeros(true)
            .allowUnlimitedLeadingZeros(false)
            .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
            .getParentBuilder()
            .toParams();

    @Property
    void v4TextIsReadBack(@ForAll int bits) {
        IpAddress address = IpAddress.v4(bits);
        assertThat(IpAddress.parse(address.toString())).contains(address);
        assertThat(address.v4Bits()).isEqualTo(bits);
    }

    @Property
    void v6TextIsReadBack(@ForAll("sparse") long high, @ForAll("sparse") long low) {
        IpAddress address = IpAddress.v6(high, low);
        assertThat(IpAddress.parse(address.toString())).contains(address);
        String other = new IPAddressString(address.toString(), STRICT)
                .getAddress()
                .toIPv6()
                .toCanonicalString();
        boolean mapped = high == 0 && low >>> 32 == 0xFFFF;
        assertThat(mapped || other.equals(address.toString()))
                .as("%s against %s", address, other)
                .isTrue();
    }

    @Property(tries = 5_000)
    void readsExactlyWhatTheOtherLibraryReads(@ForAll("almostAddresses") String text) {
        boolean theirs =
                new IPAddressString(text, STRICT).isValid() && new IPAddressString(text, STRICT).getAddress() != null;
        assertThat(IpAddress.parse(text).isDefined()).as("'%s'", text).isEqualTo(theirs);
    }

    @Property
    void anyTextIsAnAddressOrNot(@ForAll @StringLength(max = 60) String text) {
        IpAddress.parse(text)
                .forEach(address ->
                        assertThat(IpAddress.parse(address.toString())).contains(address));
    }

    @Property
    void aPrefixHoldsItsFirstAndLastAddressAndNothingBeyond(
            @ForAll int bits, @ForAll @IntRange(min = 1, max = 32) int length) {
        IpPrefix prefix = new IpPrefix(IpAddress.v4(bits), length);
        assertThat(prefix.contains(prefix.address())).isTrue();
        assertThat(prefix.contains(prefix.last())).isTrue();
        assertThat(prefix.contains(IpAddress.v4(bits))).isTrue();
        assertThat(prefix.contains(IpAddress.v4(prefix.last().v4Bits() + 1))).isFalse();
        assertThat(prefix.contains(IpAddress.v4(prefix.address().v4Bits() - 1))).isFalse();
        assertThat(IpPrefix.parse(prefix.toString())).contains(prefix);
    }

    @Property
    void v6PrefixesAreContiguous(
            @ForAll long high, @ForAll long low, @ForAll @IntRange(min = 0, max = 128) int length) {
        IpPrefix prefix = new IpPrefix(IpAddress.v6(high, low), length);
        assertThat(prefix.contains(prefix.last())).isTrue();
        assertThat(prefix.contains(IpAddress.v6(high, low))).isTrue();
        assertThat(prefix.address().compareTo(prefix.last())).isLessThanOrEqualTo(0);
        if (length > 0) {
            IpPrefix wider = new IpPrefix(prefix.address(), length - 1);
            assertThat(wider.contains(prefix)).isTrue();
            assertThat(prefix.contains(wider)).isFalse();
        }
    }

    @Example
    void strictness() {
        assertThat(IpAddress.parse("010.0.0.1")).isEmpty();
        assertThat(IpAddress.parse("1.2.3")).isEmpty();
        assertThat(IpAddress.parse("fe80::1%eth0")).isEmpty();
        assertThat(IpAddress.of("::FFFF:10.0.0.1")).hasToString("::ffff:10.0.0.1");
        assertThatThrownBy(() -> IpAddress.of("a.b.c.d")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IpPrefix(IpAddress.of("10.0.0.0"), 33))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void publicAddresses() {
        for (String text : new String[] {
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.9.9",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "169.254.20.10",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "fd00::1",
            "fe80::1",
            "::1",
            "::",
            "ff02::1"
        }) {
            assertThat(IpAddress.of(text).isPublic()).as(text).isFalse();
        }
        for (String text : new String[] {"8.8.8.8", "172.32.0.1", "100.128.0.1", "203.0.113.7", "2001:db8::1"}) {
            assertThat(IpAddress.of(text).isPublic()).as(text).isTrue();
        }
    }

    @Property
    void addressAndPortAreReadBack(@ForAll int bits, @ForAll long low, @ForAll @IntRange(max = 65535) int port) {
        AddressPort v4 = new AddressPort(IpAddress.v4(bits), port);
        AddressPort v6 = new AddressPort(IpAddress.v6(0x20010DB8L << 32, low), port);
        assertThat(AddressPort.parse(v4.toString())).contains(v4);
        assertThat(AddressPort.parse(v6.toString())).contains(v6);
    }

    @Provide
    Arbitrary<Long> sparse() {
        return Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.integers()
                        .between(0, 15)
                        .list()
                        .ofSize(4)
                        .map(nibbles ->
                                nibbles.stream().mapToLong(n -> n / 4 * 7L).reduce(0, (a, b) -> a << 16 | b)));
    }

    @Provide
    Arbitrary<String> almostAddresses() {
        Arbitrary<String> octet = Arbitraries.of("0", "1", "9", "10", "99", "255", "256", "01", "", "a", "1000");
        Arbitrary<String> group = Arbitraries.of("", "", "0", "1", "fe80", "ABCD", "00ab", "12345", "g", "1.2.3.4");
        return Arbitraries.oneOf(
                octet.list().ofMinSize(3).ofMaxSize(5).map(parts -> String.join(".", parts)),
                group.list().ofMinSize(2).ofMaxSize(9).map(parts -> String.join(":", parts)));
    }
}
