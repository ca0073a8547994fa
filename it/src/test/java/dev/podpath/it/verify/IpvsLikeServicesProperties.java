package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Crowded;
import dev.podpath.testkit.fault.IpvsFaults;
import dev.podpath.testkit.reference.IpvsWriter;
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

/** The same in IPVS mode: on sound nodes, and on nodes whose rules, sets and virtual servers were damaged at random. */
class IpvsLikeServicesProperties {
    private static final LikeMode MODE = new LikeMode(
            new IpvsMode(), ProxyMode.IPVS, new IpvsWriter(), IpvsFaults.all(), 4, IpvsLikeServicesProperties::damaged);
    private static final String RULES = "iptables-save.txt";
    private static final String SETS = "ipset-save.txt";
    private static final String SERVERS = "ipvsadm-save.txt";
    private static final String[] SCHEDULERS = {
        "rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf", "sh", "dh", "mh", "lblc", "lblcr"
    };

    @Property(tries = 5, seed = "2028")
    @Label("what is said to be alike is, whatever became of rules, sets and virtual servers")
    void alike(@ForAll(supplier = Crowded.class) Scene any, @ForAll long seed) {
        Scene scene = Twins.with(any);
        ServiceProxy proxy = MODE.damaged(scene, seed).proxy().get();
        LikeMode.assertAlike(scene, routed(proxy));
    }

    /** One that follows every packet, so that nothing is taken from what is said to be alike. */
    private static ServiceProxy routed(ServiceProxy proxy) {
        return new ServiceProxy() {
            @Override
            public String mode() {
                return proxy.mode();
            }

            @Override
            public ProxyVerdict route(Packet packet, Arrival arrival) {
                return proxy.route(packet, arrival);
            }

            @Override
            public Option<Partition> partition(Arrival arrival, boolean v6) {
                return proxy.partition(arrival, v6);
            }
        };
    }

    @Property(tries = 20, seed = "2030")
    @Label("classes of addresses that are like others end as their packets do that are followed")
    void followed(@ForAll(supplier = Crowded.class) Scene any, @ForAll long seed) {
        Scene scene = Twins.with(any);
        ServiceProxy proxy = MODE.damaged(scene, seed).proxy().get();
        Arrival.Kind[] ways = Arrival.Kind.values();
        Arrival arrival = Arrival.of(ways[new Random(seed).nextInt(ways.length)]);
        for (Partition partition :
                proxy.partition(arrival, false).toVector().appendAll(proxy.partition(arrival, true))) {
            for (Partition.Cell cell : partition.addresses().flatMap(partition::cells)) {
                Ends verdict = Ends.of(cell.verdict());
                assertThat(cell.ends()).as("%s %s", cell.packets(), scene).isEqualTo(verdict);
                for (Packet packet : corners(cell.packets())) {
                    assertThat(proxy.ends(packet, arrival))
                            .as("%s %s", packet, scene)
                            .isEqualTo(Ends.of(proxy.route(packet, arrival)));
                }
            }
        }
    }

    /** The first packet, one from the last address, and that from an open port. */
    private static List<Packet> corners(PacketClass packets) {
        Packet first = packets.sample();
        IpAddress last = packets.sources().ranges().last().last();
        return List.of(
                first,
                new Packet(first.protocol(), last, first.sourcePort(), first.destination(), first.destinationPort()),
                Packet.of(first.protocol(), last, first.to()));
    }

    @Property(tries = 30, seed = "2029")
    @Label("verification with what is alike looked at once finds what it finds without")
    void sameResult(@ForAll(supplier = Crowded.class) Scene any, @ForAll long seed) {
        Scene scene = Twins.with(any);
        MODE.assertSameResult(scene, MODE.damaged(scene, seed));
    }

    @Example
    @Label("many addresses are alike")
    void many() {
        int alike = 0;
        Vector<Scene> scenes = LikeMode.scenes(8);
        for (Scene scene : scenes) {
            Partition partition = MODE.sound(scene)
                    .proxy()
                    .get()
                    .partition(Arrival.of(Arrival.Kind.POD), false)
                    .get();
            Vector<Object> shapes =
                    partition.addresses().flatMap(partition::likeness).map(Likeness::shape);
            alike += shapes.size() - shapes.distinct().size();
        }
        assertThat(alike).isGreaterThan(LikeMode.services(scenes) / 4);
    }

    /** Lines lost, moved, changed and added. */
    private static Map<String, String> damaged(Map<String, String> documents, Random random) {
        return documents
                .computeIfPresent(RULES, (name, text) -> rules(text, random))
                ._2()
                .computeIfPresent(SETS, (name, text) -> sets(text, random))
                ._2()
                .computeIfPresent(SERVERS, (name, text) -> servers(text, random))
                ._2();
    }

    private static String rules(String text, Random random) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (int rules = random.nextInt(4); rules > 0; rules--) {
            boolean nat = random.nextBoolean();
            int at = lines.indexOf(nat ? "*nat" : "*filter");
            while (at >= 0 && !lines.get(at).startsWith("-A ") && !lines.get(at).equals("COMMIT")) {
                at++;
            }
            if (at >= 0) {
                lines.add(at, rule(nat, random));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** A rule for packets to any service: it tells addresses apart by ranges, by sets, or sends them elsewhere. */
    private static String rule(boolean nat, Random random) {
        String[] chains = nat
                ? new String[] {"PREROUTING", "OUTPUT", "POSTROUTING"}
                : new String[] {"FORWARD", "INPUT", "OUTPUT"};
        String chain = chains[random.nextInt(chains.length)];
        String[] targets = nat
                ? new String[] {"ACCEPT", "RETURN", "MARK --set-xmark 0x4000/0x4000"}
                : new String[] {"ACCEPT", "DROP", "REJECT"};
        String target = targets[random.nextInt(targets.length)];
        if (nat && !chain.equals("POSTROUTING") && random.nextInt(4) == 0) {
            target = "DNAT --to-destination " + address(random);
        }
        String not = random.nextInt(4) == 0 ? " !" : "";
        if (random.nextInt(3) == 0) {
            String[] sets = {
                "KUBE-LOOP-BACK dst,dst,src",
                "KUBE-LOOP-BACK src,dst,dst",
                "KUBE-CLUSTER-IP src,dst",
                "KUBE-CLUSTER-IP dst,dst"
            };
            return "-A " + chain + " -m set" + not + " --match-set " + sets[random.nextInt(sets.length)] + " -j "
                    + target;
        }
        return "-A " + chain + not + (random.nextBoolean() ? " -s " : " -d ") + address(random) + "/"
                + (random.nextInt(3) == 0 ? 32 : 25 + random.nextInt(6)) + " -j " + target;
    }

    private static String address(Random random) {
        String[] networks = {"10.244.0.", "10.244.1.", "10.96.0."};
        int host = random.nextBoolean() ? random.nextInt(32) : 100 + random.nextInt(32);
        return networks[random.nextInt(networks.length)] + host;
    }

    private static String sets(String text, Random random) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (int edits = random.nextInt(6); edits > 0; edits--) {
            int at = random.nextInt(lines.size());
            if (lines.get(at).startsWith("add ")) {
                String line = lines.remove(at);
                if (random.nextInt(3) > 0) {
                    // Sets are listed in any order; an element can be there for an address that has no need of it.
                    String changed = random.nextBoolean() ? line : line.replaceFirst("10\\.[0-9.]+", address(random));
                    lines.add(changed);
                }
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String servers(String text, Random random) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        String scheduler = SCHEDULERS[random.nextInt(SCHEDULERS.length)];
        if (random.nextBoolean()) {
            lines.replaceAll(line -> line.replaceFirst("-s [a-z]+", "-s " + scheduler));
        }
        for (int edits = random.nextInt(6); edits > 0 && !lines.isEmpty(); edits--) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            if (line.startsWith("-a ")) {
                switch (random.nextInt(4)) {
                    case 0 -> lines.remove(at);
                    case 1 -> lines.set(at, line.replaceFirst("-w [0-9]+", "-w " + random.nextInt(3)));
                    case 2 -> lines.set(at, line.replaceFirst(" -m", random.nextBoolean() ? " -g" : " -i"));
                    default -> lines.set(at, line.replaceFirst("-r 10\\.[0-9.]+", "-r " + address(random)));
                }
            } else if (line.startsWith("-A ")) {
                lines.set(at, random.nextBoolean() ? line + " -p " + (1 + random.nextInt(900)) : line);
            }
        }
        if (random.nextInt(8) == 0) {
            lines.add("-A -f 16384 -s rr");
            lines.add("-a -f 16384 -r " + address(random) + ":80 -m -w 1");
        }
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
