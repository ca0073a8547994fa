package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Crowded;
import dev.podpath.testkit.fault.Faults;
import dev.podpath.testkit.reference.IptablesWriter;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** Addresses that are alike are verified once, on sound nodes and on nodes whose rules were damaged at random. */
class LikeServicesProperties {
    private static final LikeMode MODE = new LikeMode(
            new IptablesMode(),
            ProxyMode.IPTABLES,
            new IptablesWriter(),
            Faults.all(),
            3,
            LikeServicesProperties::damaged);
    private static final String RULES = "iptables-save.txt";

    @Property(tries = 100)
    @Label("what is said to be alike is, whatever became of the rules")
    void alike(@ForAll(supplier = Crowded.class) Scene any, @ForAll long seed) {
        Scene scene = Twins.with(any);
        ServiceProxy proxy = MODE.damaged(scene, seed).proxy().get();
        LikeMode.assertAlike(scene, proxy);
    }

    @Property(tries = 100)
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
    }

    /** Lines lost, moved and doubled. */
    private static Map<String, String> damaged(Map<String, String> documents, Random random) {
        List<String> lines =
                new ArrayList<>(documents.getOrElse(RULES, "").lines().toList());
        for (int rules = 1 + random.nextInt(4); rules > 0; rules--) {
            boolean nat = random.nextBoolean();
            int at = lines.indexOf(nat ? "*nat" : "*filter");
            while (at >= 0 && !lines.get(at).startsWith("-A ") && !lines.get(at).equals("COMMIT")) {
                at++;
            }
            // For packets to any service: it tells addresses apart by ranges.
            lines.add(at, ranged(nat, random));
        }
        for (int edits = random.nextInt(6); edits > 0; edits--) {
            int at = random.nextInt(lines.size());
            if (lines.get(at).startsWith("-A ")) {
                String line = lines.remove(at);
                if (random.nextInt(3) > 0) {
                    moved(lines, line, at, random);
                }
            }
        }
        return documents.put(RULES, String.join("\n", lines) + "\n");
    }

    private static String ranged(boolean nat, Random random) {
        String[] chains = nat
                ? new String[] {"PREROUTING", "OUTPUT", "POSTROUTING", "KUBE-SERVICES"}
                : new String[] {"FORWARD", "INPUT", "OUTPUT"};
        String[] targets = nat
                ? new String[] {"ACCEPT", "RETURN", "MARK --set-xmark 0x4000/0x4000"}
                : new String[] {"ACCEPT", "DROP", "REJECT"};
        String[] networks = {"10.244.0.", "10.244.1.", "10.96.0."};
        int host = random.nextBoolean() ? random.nextInt(32) : 100 + random.nextInt(32);
        return "-A " + chains[random.nextInt(chains.length)] + (random.nextInt(4) == 0 ? " !" : "")
                + (random.nextBoolean() ? " -s " : " -d ") + networks[random.nextInt(networks.length)]
                + host + "/" + (random.nextInt(3) == 0 ? 32 : 25 + random.nextInt(6)) + " -j "
                + targets[random.nextInt(targets.length)];
    }

    /** Puts a rule, perhaps for another address, before another rule of its table, perhaps into the chain of that one. */
    private static void moved(List<String> lines, String line, int from, Random random) {
        int to = from;
        int steps = random.nextInt(40);
        int direction = random.nextBoolean() ? 1 : -1;
        while (steps-- > 0
                && to + direction > 0
                && to + direction < lines.size()
                && lines.get(to + direction).startsWith("-A ")) {
            to += direction;
        }
        String there = to < lines.size() && lines.get(to).startsWith("-A ")
                ? lines.get(to).split(" ")[1]
                : "";
        String moved = there.isEmpty() || random.nextBoolean() ? line : line.replaceFirst("^-A \\S+", "-A " + there);
        lines.add(to, moved.replaceFirst("10\\.244\\.0\\.", random.nextBoolean() ? "10.244.1." : "10.244.0."));
    }
}
