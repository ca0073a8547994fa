package dev.podpath.it.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import dev.podpath.proxy.iptables.eval.Netfilter;
import dev.podpath.proxy.iptables.rule.RulePrinter;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the evaluator says about a packet is what the kernel does with it, for random rules of every kind. */
@SuppressWarnings("StringConcatToTextBlock")
class KernelAgreementTest {
    private static final int LEGACY_RULE_SETS = 150;
    /** Loading takes this back end far longer. */
    private static final int NFT_RULE_SETS = 60;

    /** Tables that a rule set may not have, and must then not be left from the one before. */
    private static final String NOTHING = """
            *raw
            :PREROUTING ACCEPT
            :OUTPUT ACCEPT
            COMMIT
            *mangle
            :PREROUTING ACCEPT
            :INPUT ACCEPT
            :FORWARD ACCEPT
            :OUTPUT ACCEPT
            :POSTROUTING ACCEPT
            COMMIT
            """;

    private int ruleSets;
    private int packets;
    private int refused;
    private String addresses = "";
    private String routes = "";

    @ParameterizedTest
    @ValueSource(strings = {"legacy", "nft"})
    void theKernelDoesWhatTheVerdictSays(String backEnd) throws IOException, InterruptedException {
        Agreement agreement;
        try (KernelLab lab = KernelLab.start(backEnd)) {
            agreement = new Agreement(lab, backEnd);
            readNode(lab);
            boolean nft = backEnd.equals("nft");
            Random random = new Random(nft ? 20 : 10);
            ruleSets = nft ? NFT_RULE_SETS : LEGACY_RULE_SETS;
            packets = nft ? 180 : 80;
            for (int i = 0; i < ruleSets; i++) {
                Addresses family = new Addresses(i % 3 == 2);
                String kube = KubeRules.write(random, family);
                compare(lab, agreement, family, kube, "", random, true);
                compare(lab, agreement, family, FreeRules.mutate(random, kube), "", random, false);
                RandomSets sets = RandomSets.of(random, family, "g" + i + "s");
                assertThat(lab.restore("ipset restore", sets.text())).isEmpty();
                String saved = String.join("\n", lab.shell(sets.saveCommand())) + "\n";
                compare(lab, agreement, family, FreeRules.write(random, family, sets), saved, random, false);
            }
        }
        agreement.assertHolds(refused + " rule sets refused by the tool");
        assertThat(refused).isLessThan(ruleSets / 2);
    }

    /** What is said to happen with a share is seen that often. */
    @ParameterizedTest
    @ValueSource(strings = {"legacy", "nft"})
    void sharesAreWhatIsSeen(String backEnd) throws IOException, InterruptedException {
        try (KernelLab lab = KernelLab.start(backEnd)) {
            readNode(lab);
            for (String chances : new String[] {"0.3333333333 0.5000000000", "0.2 0.1 0.5 0.9", "0.05"}) {
                StringBuilder rules = new StringBuilder(
                        "*nat\n:PREROUTING ACCEPT\n:OUTPUT ACCEPT\n:S - \n" + "-A PREROUTING -d 10.96.0.10/32 -j S\n");
                String[] all = chances.split(" ");
                for (int i = 0; i <= all.length; i++) {
                    rules.append("-A S")
                            .append(i < all.length ? " -m statistic --mode random --probability " + all[i] : "")
                            .append(" -j DNAT --to-destination 10.244.0.1")
                            .append(i + 1)
                            .append('\n');
                }
                chiSquare(lab, rules.append("COMMIT\n").toString());
            }
        }
    }

    private void chiSquare(KernelLab lab, String rules) {
        int sent = 3_000;
        lab.restore("iptables-restore", NOTHING);
        lab.restore("iptables-restore", "*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n");
        assertThat(lab.restore("iptables-restore", rules)).isEmpty();
        Netfilter netfilter = LabNode.netfilter(false, rules, addresses, routes);
        int[] seen = new int[KernelLab.PODS];
        List<String> requests = new ArrayList<>();
        Addresses.Sent one = Addresses.sent(Protocol.TCP, "198.51.100.2", 1024, "10.96.0.10", 80, "ext0");
        for (int i = 0; i < sent; i++) {
            requests.add(Addresses.sent(Protocol.TCP, "198.51.100.2", 1024 + i, "10.96.0.10", 80, "ext0")
                    .request(i));
        }
        Vector<ProxyBranch> branches =
                netfilter.route(one.packet(), one.arrival()).branches();
        for (String answer : lab.ask(requests)) {
            for (int i = 0; i < branches.size(); i++) {
                ProxyOutcome.ToEndpoint to =
                        (ProxyOutcome.ToEndpoint) branches.get(i).outcome();
                seen[i] += answer.contains(" " + to.address().address() + " 80 ") ? 1 : 0;
            }
        }
        double sum = 0;
        int total = 0;
        for (int i = 0; i < branches.size(); i++) {
            Fraction share = ((Share.Exact) branches.get(i).share()).value();
            double expected =
                    sent * share.numerator().doubleValue() / share.denominator().doubleValue();
            sum += (seen[i] - expected) * (seen[i] - expected) / expected;
            total += seen[i];
        }
        assertThat(total).isEqualTo(sent);
        // One run in a million exceeds 33.4 with four degrees of freedom, and fewer with less.
        assertThat(sum).as(branches + " " + Arrays.toString(seen)).isLessThan(33.4);
        lab.shell("conntrack -F");
    }

    private void readNode(KernelLab lab) {
        addresses = lab.addresses();
        routes = lab.routes();
    }

    private void compare(
            KernelLab lab,
            Agreement agreement,
            Addresses family,
            String rules,
            String sets,
            Random random,
            boolean mustLoad) {
        String tool = family.isV6() ? "ip6tables-restore" : "iptables-restore";
        lab.restore(tool, NOTHING);
        List<String> said = lab.restore(tool, rules);
        if (!said.isEmpty()) {
            assertThat(mustLoad).as("%s%n%s", said, rules).isFalse();
            refused++;
            return;
        }
        Netfilter netfilter = LabNode.netfilter(family.isV6(), rules, addresses, routes, sets);
        assertThat(netfilter.rules(family.isV6()).get().ruleCount()).isEqualTo((int)
                rules.lines().filter(line -> line.startsWith("-A")).count());
        String printed = RulePrinter.print(netfilter.rules(family.isV6()).get());
        assertThat(lab.restore(tool + " --test", printed)).as(printed).isEmpty();
        agreement.compare(family, random, packets, netfilter::route, sets + rules);
    }
}
