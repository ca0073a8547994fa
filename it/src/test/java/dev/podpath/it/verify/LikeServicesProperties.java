package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.verify.NodeVerification;
import dev.podpath.core.verify.VipVerifier;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Crowded;
import dev.podpath.testkit.contract.LikenessCheck;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Faults;
import dev.podpath.testkit.reference.IptablesWriter;
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
import net.jqwik.api.Shrinkable;

/** Addresses that are alike are verified once, on sound nodes and on nodes whose rules were damaged at random. */
class LikeServicesProperties {
    private static final String RULES = "iptables-save.txt";

    @Property(tries = 100)
    @Label("what is said to be alike is, whatever became of the rules")
    void alike(@ForAll(supplier = Crowded.class) Scene any, @ForAll long seed) {
        Scene scene = Twins.with(any);
        ServiceProxy proxy = plane(scene, damaged(scene, seed)).proxy().get();
        assertThat(LikenessCheck.of(scene, proxy).difference()).as("%s", scene).isEqualTo(Option.none());
    }

    @Property(tries = 100)
    @Label("verification with what is alike looked at once finds what it finds without")
    void sameResult(@ForAll(supplier = Crowded.class) Scene any, @ForAll long seed) {
        Scene scene = Twins.with(any);
        NodePlane plane = plane(scene, damaged(scene, seed));
        NodePlane hidden = NodePlane.builder()
                .node(plane.node())
                .mode(plane.mode())
                .proxy(plane.proxy().map(Hidden::likeness))
                .localAddresses(plane.localAddresses())
                .uplink(plane.uplink())
                .build();
        assertThat(found(scene, plane)).as("%s", scene).isEqualTo(found(scene, hidden));
    }

    /** All but into how many classes packets were divided, which is up to the order in which they are looked at. */
    private static List<Object> found(Scene scene, NodePlane plane) {
        NodeVerification result =
                new VipVerifier(scene.cluster()).verify(plane, Settings.of(scene.config(), ProxyMode.IPTABLES));
        return List.of(result.result(), result.violations(), result.unknowns(), result.assumptions());
    }

    @Example
    @Label("many addresses are alike")
    void many() {
        int compared = 0;
        int addresses = 0;
        for (Scene scene : new Crowded()
                .get().generator(1000).stream(new Random(2026))
                        .map(Shrinkable::value)
                        .limit(20)
                        .map(Twins::with)
                        .toList()) {
            NodePlane plane =
                    plane(scene, new IptablesWriter().documents(scene.cluster(), scene.node(), scene.config()));
            compared += LikenessCheck.of(scene, plane.proxy().get()).compared();
            addresses += scene.cluster().services().size();
        }
        assertThat(compared).isGreaterThan(addresses / 2);
    }

    private static NodePlane plane(Scene scene, Map<String, String> documents) {
        return WrittenPlane.of(WrittenNode.of(scene.cluster(), scene.node(), documents), new IptablesMode());
    }

    /** Documents as they are written, with a fault of the test kit, or with lines lost, moved and doubled. */
    private static Map<String, String> damaged(Scene scene, long seed) {
        Map<String, String> documents = new IptablesWriter().documents(scene.cluster(), scene.node(), scene.config());
        Random random = new Random(seed);
        if (random.nextInt(3) == 0) {
            Vector<Fault> faults = Faults.all();
            return faults.get(random.nextInt(faults.size()))
                    .inject(scene, documents, seed)
                    .map(injection -> injection.documents())
                    .getOrElse(documents);
        }
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
