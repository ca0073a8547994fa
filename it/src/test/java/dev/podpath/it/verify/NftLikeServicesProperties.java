package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.proxy.nftables.NftablesMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Crowded;
import dev.podpath.testkit.contract.LikenessCheck;
import dev.podpath.testkit.fault.NftFaults;
import dev.podpath.testkit.reference.NftablesWriter;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** The same in nftables mode: on sound nodes, on nodes whose rules were damaged at random, and for rules of any kind. */
class NftLikeServicesProperties {
    private static final LikeMode MODE = new LikeMode(
            new NftablesMode(),
            ProxyMode.NFTABLES,
            new NftablesWriter(),
            NftFaults.all(),
            3,
            NftLikeServicesProperties::damaged);
    private static final String RULES = "nft-ruleset.txt";

    @Property(tries = 20, seed = "2026")
    @Label("what is said to be alike is, whatever became of the rules")
    void alike(@ForAll(supplier = Crowded.class) Scene any, @ForAll long seed) {
        Scene scene = Twins.with(any);
        ServiceProxy proxy = MODE.damaged(scene, seed).proxy().get();
        LikeMode.assertAlike(scene, proxy);
    }

    @Property(tries = 100)
    @Label("what is said to be alike is, in rules of any kind")
    void alikeInAnyRules(@ForAll long seed) {
        LikeNftRules rules = LikeNftRules.of(new Random(seed));
        LikenessCheck check = LikenessCheck.of(rules.addresses(), rules.proxy());
        assertThat(check.difference()).as("%s", rules.text()).isEqualTo(Option.none());
    }

    @Property(tries = 40, seed = "2027")
    @Label("verification with what is alike looked at once finds what it finds without")
    void sameResult(@ForAll(supplier = Crowded.class) Scene any, @ForAll long seed) {
        Scene scene = Twins.with(any);
        MODE.assertSameResult(scene, MODE.damaged(scene, seed));
    }

    @Example
    @Label("many addresses are alike")
    void many() {
        Vector<Scene> scenes = LikeMode.scenes(20);
        assertThat(MODE.compared(scenes)).isGreaterThan(LikeMode.services(scenes) / 2);
        int inAnyRules = 0;
        for (int seed = 0; seed < 40; seed++) {
            LikeNftRules rules = LikeNftRules.of(new Random(seed));
            inAnyRules += LikenessCheck.of(rules.addresses(), rules.proxy()).compared();
        }
        assertThat(inAnyRules).isGreaterThan(100);
    }

    /** Lines lost, moved and doubled. */
    private static Map<String, String> damaged(Map<String, String> documents, Random random) {
        List<String> lines =
                new ArrayList<>(documents.getOrElse(RULES, "").lines().toList());
        for (int rules = 1 + random.nextInt(4); rules > 0; rules--) {
            // For packets to any service: it tells addresses apart by ranges.
            insert(lines, random);
        }
        for (int edits = random.nextInt(6); edits > 0; edits--) {
            int at = random.nextInt(lines.size());
            if (isRule(lines.get(at))) {
                String line = lines.remove(at);
                if (random.nextInt(3) > 0) {
                    int to = Math.max(0, Math.min(lines.size() - 1, at + random.nextInt(41) - 20));
                    lines.add(isRule(lines.get(to)) ? to : at, elsewhere(line, random));
                }
            }
        }
        return documents.put(RULES, String.join("\n", lines) + "\n");
    }

    private static boolean isRule(String line) {
        return line.startsWith("\t\t")
                && !line.startsWith("\t\t\t")
                && (line.contains(" jump ") || line.contains("goto ") || line.contains("dnat to"));
    }

    private static String elsewhere(String line, Random random) {
        return line.replaceFirst("10\\.244\\.0\\.", random.nextBoolean() ? "10.244.1." : "10.244.0.");
    }

    private static void insert(List<String> lines, Random random) {
        String[] chains = {"services", "filter-forward", "filter-input", "masquerading", "nat-prerouting"};
        int at = lines.indexOf("\tchain " + chains[random.nextInt(chains.length)] + " {");
        if (at < 0) {
            return;
        }
        int to = lines.get(at + 1).contains("type ") ? at + 2 : at + 1;
        String[] networks = {"10.244.0.", "10.244.1.", "10.96.0."};
        int host = random.nextBoolean() ? random.nextInt(32) : 100 + random.nextInt(32);
        int length = random.nextInt(3) == 0 ? 32 : 25 + random.nextInt(6);
        String network = networks[random.nextInt(networks.length)]
                + (length == 32 ? String.valueOf(host) : (host >> (32 - length) << (32 - length)) + "/" + length);
        String[] targets = {"accept", "drop", "meta mark set meta mark | 0x00004000", "return"};
        lines.add(
                to,
                "\t\tip " + (random.nextBoolean() ? "saddr " : "daddr ") + (random.nextInt(4) == 0 ? "!= " : "")
                        + network + " " + targets[random.nextInt(targets.length)]);
    }
}
