package dev.podpath.it.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.proxy.iptables.eval.Netfilter;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import dev.podpath.testkit.contract.Differences;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A partition is complete and disjoint, and the verdict of a class is that of each of its packets. */
class PartitionLawsTest {
    private static final int DRAWS = 60;

    @Property(tries = 8, seed = "7")
    void rulesOfKubeProxy(@ForAll @IntRange(min = 0, max = 1_000_000) int seed, @ForAll boolean v6) {
        Addresses family = new Addresses(v6);
        laws(family, KubeRules.write(new Random(seed), family, 8), "", new Random(seed));
    }

    @Property(tries = 8, seed = "8")
    void rulesOfAnyKind(@ForAll @IntRange(min = 0, max = 1_000_000) int seed, @ForAll boolean v6) {
        Addresses family = new Addresses(v6);
        Random random = new Random(seed);
        RandomSets sets = RandomSets.of(random, family, "s");
        String rules = FreeRules.write(random, family, sets).replace("255.0.255.0", "24");
        laws(family, rules, sets.text().replace(" -exist", ""), random);
    }

    /** Rules for different addresses stand in any order in what kube-proxy writes. */
    @Property(tries = 12, seed = "9")
    void orderOfIndependentRulesIsNothing(@ForAll @IntRange(min = 0, max = 1_000_000) int seed, @ForAll boolean v6) {
        Addresses family = new Addresses(v6);
        Random random = new Random(seed);
        String rules = KubeRules.write(new Random(seed), family, 8);
        List<String> lines = new ArrayList<>(rules.lines().toList());
        int exchanged = 0;
        for (int i = 0; i < 4 * lines.size(); i++) {
            int at = random.nextInt(lines.size() - 1);
            if (areApart(lines.get(at), lines.get(at + 1))) {
                lines.set(at, lines.set(at + 1, lines.get(at)));
                exchanged++;
            }
        }
        assertThat(exchanged).isGreaterThan(5);
        Netfilter one = TextNode.netfilter(v6, rules, "");
        Netfilter other = TextNode.netfilter(v6, String.join("\n", lines) + "\n", "");
        for (int i = 0; i < 300; i++) {
            Addresses.Sent sent = family.packet(random, 1 + random.nextInt(65535));
            assertThat(Ends.of(other.route(sent.packet(), sent.arrival())))
                    .as("%s%n%s", sent, rules)
                    .isEqualTo(Ends.of(one.route(sent.packet(), sent.arrival())));
        }
        Partition partition = one.partition(Arrival.of(Arrival.Kind.POD), v6).get();
        Partition changed = other.partition(Arrival.of(Arrival.Kind.POD), v6).get();
        assertThat(changed.addresses()).isEqualTo(partition.addresses());
        for (IpAddress address : partition.addresses()) {
            assertThat(classes(changed.cells(address))).as("%s", address).isEqualTo(classes(partition.cells(address)));
        }
    }

    /** Each ending and how many packets have it: order may cut the classes in another way. */
    private static Map<String, Double> classes(Vector<Partition.Cell> cells) {
        Map<String, Double> sizes = new TreeMap<>();
        cells.forEach(cell -> sizes.merge(
                cell.packets().protocol() + " " + cell.ends(),
                size(cell.packets().sources())
                        * cell.packets().sourcePorts().size()
                        * cell.packets().destinationPorts().size(),
                Double::sum));
        sizes.replaceAll((ending, size) -> (double) Math.round(Math.log(size) * 1e6));
        return sizes;
    }

    private static double size(AddressSet addresses) {
        return addresses
                .ranges()
                .map(range -> (range.last().high() - range.first().high()) * 0x1p64
                        + (double) (range.last().low() >>> 1) * 2
                        - (double) (range.first().low() >>> 1) * 2
                        + 1)
                .sum()
                .doubleValue();
    }

    /** Neighbours of one chain that name different destinations, or jump to nothing but different endpoints' chains. */
    private static boolean areApart(String one, String other) {
        String[] words = one.split(" ");
        String[] others = other.split(" ");
        if (words.length < 4 || others.length < 4 || !words[0].equals("-A") || !words[1].equals(others[1])) {
            return false;
        }
        boolean named = words[2].equals("-d") && others[2].equals("-d") && !words[3].equals(others[3]);
        return named || words[1].startsWith("KUBE-NODEPORTS") && !one.equals(other);
    }

    /** A walk goes from rule to rule without looking up where the next one begins. */
    @Property(tries = 60, seed = "10")
    void instructionsOfAChainFollowEachOther(@ForAll @IntRange(min = 0, max = 1_000_000) int seed, @ForAll boolean v6) {
        Addresses family = new Addresses(v6);
        Random random = new Random(seed);
        RandomSets sets = RandomSets.of(random, family, "s");
        String rules = seed % 2 == 0 ? FreeRules.write(random, family, sets) : KubeRules.write(random, family, 8);
        Ruleset read = TextNode.netfilter(v6, rules, "").rules(v6).get();
        for (TableName name : TableName.values()) {
            Table table = read.table(name);
            for (int chain = 0; chain < table.chainCount(); chain++) {
                int at = table.codeStart(chain);
                for (int rule = table.first(chain); rule < table.end(chain); rule++) {
                    assertThat(at).isEqualTo(table.start(rule));
                    int target = table.target(rule);
                    at = target + 1 + Op.operands(table.code()[target], table.addressWords());
                }
            }
        }
    }

    private static void laws(Addresses family, String rules, String sets, Random random) {
        Netfilter netfilter = TextNode.netfilter(family.isV6(), rules, sets);
        Arrival arrival = new Arrival[] {
                    Arrival.of(Arrival.Kind.NODE),
                    Arrival.of(Arrival.Kind.POD),
                    Arrival.on(Arrival.Kind.EXTERNAL, "ext0")
                }
                [random.nextInt(3)];
        Partition partition = netfilter.partition(arrival, family.isV6()).get();
        Vector<Partition.Cell> others = partition.otherCells();
        for (int i = 0; i < DRAWS; i++) {
            Packet packet = family.packet(random, 1 + random.nextInt(65535)).packet();
            Vector<Partition.Cell> cells = partition.addresses().contains(packet.destination())
                    ? partition.cells(packet.destination())
                    : others;
            Vector<Partition.Cell> holding = cells.filter(cell -> cell.packets().contains(packet));
            assertThat(holding)
                    .as("classes of %s, of %s%n%s", packet, cells.size(), rules)
                    .hasSize(1);
            same(netfilter, packet, arrival, holding.head(), rules);
        }
        for (int i = 0; i < DRAWS; i++) {
            Partition.Cell cell = others.get(random.nextInt(others.size()));
            same(netfilter, draw(cell.packets(), random), arrival, cell, rules);
        }
    }

    private static void same(Netfilter netfilter, Packet packet, Arrival arrival, Partition.Cell cell, String rules) {
        ProxyVerdict alone = netfilter.route(packet, arrival);
        ProxyVerdict filled = ProxyVerdict.builder()
                .branches(cell.verdict().branches().map(branch -> ownPort(branch, packet)))
                .decisions(cell.verdict().decisions())
                .assumptions(cell.verdict().assumptions())
                .affinitySeconds(cell.verdict().affinitySeconds())
                .build();
        assertThat(filled).as("%s in %s%n%s", packet, cell.packets(), rules).isEqualTo(alone);
        String difference = Differences.of(cell.ends(), Ends.of(cell.verdict()));
        assertThat(difference).as("ends of %s%n%s", cell.packets(), rules).isEmpty();
        difference = Differences.of(netfilter.ends(packet, arrival), Ends.of(alone));
        assertThat(difference).as("ends of %s%n%s", packet, rules).isEmpty();
    }

    private static ProxyBranch ownPort(ProxyBranch branch, Packet packet) {
        if (!(branch.outcome() instanceof ProxyOutcome.ToEndpoint to)
                || to.address().port() != 0) {
            return branch;
        }
        return ProxyBranch.builder()
                .outcome(
                        new ProxyOutcome.ToEndpoint(new AddressPort(to.address().address(), packet.destinationPort())))
                .share(branch.share())
                .sourceNat(branch.sourceNat())
                .conditions(branch.conditions())
                .trail(branch.trail())
                .build();
    }

    private static Packet draw(PacketClass packets, Random random) {
        return new Packet(
                packets.protocol(),
                draw(packets.sources(), random),
                draw(packets.sourcePorts(), random),
                draw(packets.destinations(), random),
                draw(packets.destinationPorts(), random));
    }

    private static int draw(PortSet ports, Random random) {
        int port = ports.next(random.nextInt(65536));
        return port >= 0 ? port : ports.first();
    }

    private static IpAddress draw(AddressSet addresses, Random random) {
        AddressSet.Range range =
                addresses.ranges().get(random.nextInt(addresses.ranges().size()));
        if (random.nextInt(3) == 0) {
            return random.nextBoolean() ? range.first() : range.last();
        }
        long span = range.last().low() - range.first().low();
        if (span <= 0) {
            return range.last();
        }
        long low = range.first().low() + (random.nextLong() >>> 1) % (span == Long.MAX_VALUE ? span : span + 1);
        return range.first().isV6() ? IpAddress.v6(range.first().high(), low) : IpAddress.v4((int) low);
    }
}
