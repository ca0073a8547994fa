package dev.podpath.it.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.nftables.parse.RulesetReader;
import dev.podpath.proxy.nftables.rule.RulePrinter;
import dev.podpath.proxy.nftables.rule.Ruleset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is said about a packet under nftables rules is what the kernel does with it, for random rules of every kind. */
class NftAgreementTest {
    private static final int RULE_SETS = 60;
    private static final int PACKETS = 140;
    private static final String TEXT = "nft-ruleset.txt";
    private static final String JSON = "nft-ruleset.json";

    private String addresses = "";
    private String routes = "";
    private int refused;

    @Test
    void theKernelDoesWhatTheVerdictSays() throws IOException, InterruptedException {
        Agreement agreement;
        try (KernelLab lab = KernelLab.start("nft")) {
            agreement = new Agreement(lab, "nftables");
            addresses = lab.addresses();
            routes = lab.routes();
            Random random = new Random(30);
            for (int i = 0; i < RULE_SETS; i++) {
                Addresses family = new Addresses(i % 3 == 2);
                String kube = NftKubeRules.write(random, family);
                compare(lab, agreement, family, kube, random, true);
                compare(lab, agreement, family, NftFreeRules.mutate(random, kube), random, false);
                compare(lab, agreement, family, NftFreeRules.write(random, family), random, false);
            }
        }
        agreement.assertHolds(refused + " rule sets refused by the tool");
        assertThat(refused).isLessThan(RULE_SETS);
    }

    private void compare(
            KernelLab lab, Agreement agreement, Addresses family, String rules, Random random, boolean mustLoad) {
        lab.shell("nft flush ruleset");
        List<String> said = lab.restore("nft -f -", rules);
        if (!said.isEmpty()) {
            assertThat(mustLoad).as("%s%n%s", said, rules).isFalse();
            refused++;
            return;
        }
        String text = String.join("\n", lab.shell("nft list ruleset")) + "\n";
        String json = String.join("\n", lab.shell("nft -j list ruleset")) + "\n";
        String printed = model(TEXT, text);
        assertThat(comparable(model(JSON, json))).as(text).isEqualTo(comparable(printed));
        assertThat(lab.restore("nft -c -f -", printed)).as(printed).isEmpty();
        ServiceProxy proxy = random.nextBoolean()
                ? LabNode.nftables(TEXT, text, addresses, routes)
                : LabNode.nftables(JSON, json, addresses, routes);
        agreement.compare(family, random, PACKETS, proxy::route, text);
    }

    private static String model(String name, String text) {
        Reading<Ruleset> reading = RulesetReader.read(new Document(name, text.getBytes(StandardCharsets.UTF_8)));
        assertThat(reading.problems()).as(text).isEmpty();
        String printed = RulePrinter.print(reading.value());
        Reading<Ruleset> again = RulesetReader.read(new Document(TEXT, printed.getBytes(StandardCharsets.UTF_8)));
        assertThat(comparable(RulePrinter.print(again.value()))).isEqualTo(comparable(printed));
        return printed;
    }

    /** Counting and logging have no words in common; nft 1.0.6 leaves the flag "dynamic" out of its JSON. */
    private static String comparable(String printed) {
        return printed.replace("dynamic,", "")
                .replaceAll(" # .*", "")
                .replaceAll("counter packets 0 bytes 0", "counter")
                .replaceAll("log prefix \"x \"", "counter");
    }
}
