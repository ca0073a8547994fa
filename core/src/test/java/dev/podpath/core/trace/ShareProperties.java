package dev.podpath.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class ShareProperties {
    @Property
    void fractionsAreAField(
            @ForAll @LongRange(min = 0, max = 1 << 30) long a,
            @ForAll @LongRange(min = 1, max = 1 << 30) long b,
            @ForAll @LongRange(min = 0, max = 1 << 30) long c,
            @ForAll @LongRange(min = 1, max = 1 << 30) long d) {
        Fraction x = Fraction.of(a, b);
        Fraction y = Fraction.of(c, d);
        assertThat(x.plus(y)).isEqualTo(y.plus(x));
        assertThat(x.plus(y).minus(y)).isEqualTo(x);
        assertThat(x.times(y)).isEqualTo(y.times(x));
        assertThat(x.times(Fraction.ONE)).isEqualTo(x);
        assertThat(Fraction.parse(x.toString())).contains(x);
        assertThat(x.compareTo(y)).isEqualTo(-y.compareTo(x));
    }

    @Property
    void sharesFollowTheirFractions(
            @ForAll @LongRange(min = 1, max = 50) long n, @ForAll @LongRange(min = 1, max = 50) long m) {
        Share part = Share.of(1, n);
        assertThat(part.then(Share.of(1, m))).isEqualTo(Share.of(1, n * m));
        assertThat(part.then(Share.undefined())).isEqualTo(Share.undefined());
        assertThat(part.then(Share.none()).isNone()).isTrue();
        assertThat(Share.undefined().then(Share.none()).isNone()).isTrue();
        assertThat(Share.none().or(part)).isEqualTo(part);
        assertThat(part.or(Share.undefined())).isEqualTo(Share.undefined());
    }
}
