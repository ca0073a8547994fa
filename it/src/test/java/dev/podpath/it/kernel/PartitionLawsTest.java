package dev.podpath.it.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.proxy.iptables.eval.Netfilter;
import io.vavr.collection.Vector;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A partition is complete and disjoint, and the verdict of a class is that of each of its packets. */
class PartitionLawsTest {
    private static final String ADDRESSES = """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8},{"local":"::1","prefixlen":128}]},
             {"ifname":"ext0","addr_info":[{"local":"192.168.50.1","prefixlen":24},{"local":"fd00:50::1","prefixlen":64}]},
             {"ifname":"pod1","addr_info":[{"local":"10.244.0.1","prefixlen":32},{"local":"fd00:10:244::1","prefixlen":128}]}]
            """;
    private static final String ROUTES = """
            [{"dst":"default","gateway":"192.168.50.254","dev":"ext0"},{"dst":"192.168.50.0/24","dev":"ext0"},
             {"dst":"10.244.0.11","dev":"pod1"},{"dst":"10.244.0.12","dev":"pod2"},{"dst":"10.244.0.13","dev":"pod3"},
             {"dst":"default","gateway":"fd00:50::fe","dev":"ext0"},{"dst":"fd00:50::/64","dev":"ext0"},
             {"dst":"fd00:10:244::11","dev":"pod1"},{"dst":"fd00:10:244::12","dev":"pod2"}]
            """;

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

    private static void laws(Addresses family, String rules, String sets, Random random) {
        Netfilter netfilter = LabNode.netfilter(family.isV6(), rules, ADDRESSES, ROUTES, sets);
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
                .build();
        assertThat(filled).as("%s in %s%n%s", packet, cell.packets(), rules).isEqualTo(alone);
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
