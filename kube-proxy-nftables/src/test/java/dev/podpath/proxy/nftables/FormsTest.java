package dev.podpath.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.plugin.Reading;
import dev.podpath.proxy.nftables.rule.RulePrinter;
import dev.podpath.proxy.nftables.rule.Ruleset;
import org.junit.jupiter.api.Test;

/** The same rule set in every form nft lists it gives the same model. */
class FormsTest {
    private static String model(String name) {
        Reading<Ruleset> reading = Nodes.read(Nodes.sample(name));
        assertThat(reading.problems()).as(name).isEmpty();
        return RulePrinter.print(reading.value())
                .lines()
                // What is not modelled is kept as the form has it.
                .filter(line -> !line.contains("limit ") && !line.contains("quota ") && !line.contains("xt "))
                .filter(line -> !line.contains(" # ") && !line.contains("arp ") && !line.contains("log "))
                .filter(line -> !line.contains("flags ") && !line.contains("hook ingress"))
                .reduce("", (all, line) -> all + line.replaceAll("(, )?counter( packets 0 bytes 0)?", "") + "\n");
    }

    @Test
    void ofKubeProxy() {
        String text = model("nft-list-ruleset.kube-proxy.txt");
        assertThat(model("nft-nn-a-list-ruleset.kube-proxy.txt")).isEqualTo(text);
        assertThat(model("nft-s-list-ruleset.kube-proxy.txt")).isEqualTo(text);
        assertThat(model("nft-j-list-ruleset.kube-proxy.json")).isEqualTo(text);
    }

    @Test
    void ofEverything() {
        String text = model("nft-list-ruleset.rich.txt");
        assertThat(model("nft-a-list-ruleset.rich.txt")).isEqualTo(text);
        assertThat(model("nft-n-list-ruleset.rich.txt")).isEqualTo(text);
        assertThat(model("nft-s-list-ruleset.rich.txt")).isEqualTo(text);
        assertThat(model("nft-j-list-ruleset.rich.json")).isEqualTo(text);
    }

    @Test
    void ofIptablesRules() {
        Reading<Ruleset> text = Nodes.read(Nodes.sample("nft-list-ruleset.of-iptables-nft.txt"));
        Reading<Ruleset> json = Nodes.read(Nodes.sample("nft-j-list-ruleset.of-iptables-nft.json"));
        assertThat(text.problems()).isEmpty();
        assertThat(json.problems()).isEmpty();
        assertThat(json.value().ruleCount()).isEqualTo(text.value().ruleCount());
    }

    @Test
    void whatIsPrintedIsReadAsTheSame() {
        for (String name : new String[] {"nft-list-ruleset.kube-proxy.txt", "nft-list-ruleset.rich.txt"}) {
            String once = RulePrinter.print(Nodes.read(Nodes.sample(name)).value());
            Reading<Ruleset> again = Nodes.read(once);
            assertThat(again.problems()).isEmpty();
            assertThat(RulePrinter.print(again.value())).isEqualTo(once);
        }
    }
}
