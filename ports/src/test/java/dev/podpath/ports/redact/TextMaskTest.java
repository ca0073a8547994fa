package dev.podpath.ports.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Names and addresses in any text. */
class TextMaskTest {
    private final Words words = new Words("key".getBytes(StandardCharsets.US_ASCII));
    private final TextMask mask = new TextMask(new AddressMask(new byte[16]), words);

    private TextMask learnt() {
        words.name("payments-api.corp.example");
        words.name("checkout");
        words.decide();
        return mask;
    }

    @Test
    void compositionsOfNamesStayRelated() {
        TextMask learnt = learnt();
        String payments = learnt.of("payments", TextMask.Style.TEXT);
        String corp = learnt.of("corp", TextMask.Style.TEXT);
        assertThat(payments).hasSize(8).isNotEqualTo("payments");
        assertThat(learnt.of("ns-payments-8080 payments.corp.example.com", TextMask.Style.TEXT))
                .isEqualTo("ns-" + payments + "-8080 " + payments + "." + corp + ".example.com");
    }

    @Test
    void wordsOfTheToolsStayOutsideComments() {
        TextMask learnt = learnt();
        String checkout = learnt.of("checkout", TextMask.Style.TEXT);
        assertThat(learnt.of(
                        "-A KUBE-SERVICES -m checkout --comment \"ns/checkout:http has\" -j checkout\n-m comment --comment ns/checkout",
                        TextMask.Style.RULES))
                .isEqualTo("-A KUBE-SERVICES -m checkout --comment \"ns/" + checkout
                        + ":http has\" -j checkout\n-m comment --comment ns/" + checkout);
    }

    @Test
    void addressesInEveryDress() {
        TextMask learnt = learnt();
        String text = learnt.of(
                "10.1.2.3 10.1.2.0/24 node.10.1.2.3 ip-10-1-2-3.x 3.2.1.10.in-addr.arpa [fd00::12]:80 fd00:1::/64 1.2.3.4.5 v1.31.4"
                        + " 2026-09-17T08:15:00Z 08:15:05 255.255.255.0",
                TextMask.Style.TEXT);
        String[] parts = text.split(" ");
        String address = parts[0];
        String[] octets = address.split("\\.");
        assertThat(address).startsWith("10.").isNotEqualTo("10.1.2.3");
        assertThat(parts[1]).isEqualTo(octets[0] + "." + octets[1] + "." + octets[2] + ".0/24");
        assertThat(parts[2]).isEqualTo("node." + address);
        assertThat(parts[3]).isEqualTo("ip-" + String.join("-", octets) + ".x");
        assertThat(parts[4])
                .isEqualTo(octets[3] + "." + octets[2] + "." + octets[1] + "." + octets[0] + ".in-addr.arpa");
        assertThat(parts[5]).startsWith("[fd").endsWith("]:80").doesNotContain("fd00::12");
        assertThat(parts[6]).endsWith("::/64");
        assertThat(text).endsWith(" 1.2.3.4.5 v1.31.4 2026-09-17T08:15:00Z 08:15:05 255.255.255.0");
    }

    @Test
    void escapesAreNoLetters() {
        String payments = learnt().of("payments", TextMask.Style.TEXT);
        assertThat(mask.of("a\\npayments\\u003cpayments", TextMask.Style.JSON))
                .isEqualTo("a\\n" + payments + "\\u003c" + payments);
    }

    @Property(tries = 500)
    void everyByteSequenceComesThrough(@ForAll @Size(max = 300) byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (TextMask.Style style : TextMask.Style.values()) {
            assertThat(mask.of(text, style)).isNotNull();
        }
    }
}
