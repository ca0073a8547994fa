package dev.podpath.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.proxy.Ends.Kind;
import dev.podpath.core.proxy.Ends.Source;
import org.junit.jupiter.api.Test;

final class EndsTest {
    private static Ends ends(boolean v6, long high, long low, int port) {
        return new Ends.Builder(3)
                .v6(v6)
                .affinitySeconds(10)
                .add(Kind.REJECTED, 0, 0, 0, Source.KEPT, 0.25)
                .add(Kind.ENDPOINT, high, low, port, Source.MASQUERADED, 0.5)
                .add(Kind.ENDPOINT, v6 ? -1 : 0, v6 ? -1 : 0xFFFF_FFFFL, 65535, Source.UNKNOWN, 0.25)
                .build();
    }

    @Test
    void whatIsAddedIsTold() {
        Ends four = ends(false, 0, 0xC0A8_0001L, 80);
        assertThat(four.toString())
                .isEqualTo("0.25 REJECTED KEPT; 0.5 ENDPOINT 192.168.0.1:80 MASQUERADED;"
                        + " 0.25 ENDPOINT 255.255.255.255:65535 UNKNOWN");
        Ends six = ends(true, 0x2001_0DB8_0000_0000L, 1, 0);
        assertThat(six.toString())
                .isEqualTo("0.25 REJECTED KEPT; 0.5 ENDPOINT [2001:db8::1]:0 MASQUERADED;"
                        + " 0.25 ENDPOINT [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535 UNKNOWN");
        assertThat(six.addressHigh(1)).isEqualTo(0x2001_0DB8_0000_0000L);
        assertThat(six.addressHigh(0)).isZero();
        assertThat(six.affinitySeconds()).isEqualTo(10);
    }

    @Test
    void othersAreAsIfMadeAnew() {
        for (boolean v6 : new boolean[] {false, true}) {
            Ends before = ends(v6, v6 ? 5 : 0, 7, 80);
            Ends after = before.toOthers().endpoint(1, v6 ? 8 : 0, 9, 8080).build();
            assertThat(after)
                    .isEqualTo(ends(v6, v6 ? 8 : 0, 9, 8080))
                    .hasSameHashCodeAs(ends(v6, v6 ? 8 : 0, 9, 8080))
                    .isNotEqualTo(before);
            assertThat(before).isEqualTo(ends(v6, v6 ? 5 : 0, 7, 80));
        }
    }
}
