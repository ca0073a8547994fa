package dev.podpath.proxy.iptables.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.proxy.iptables.Nodes;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Classes that are put down by a template are those that a survey finds. */
class TemplateProperties {
    private static final Arrival[] WAYS = {
        Arrival.of(Arrival.Kind.POD), Arrival.of(Arrival.Kind.NODE), Arrival.of(Arrival.Kind.EXTERNAL)
    };

    @Property(tries = 60)
    void ofRulesOfKubeProxy(@ForAll long seed, @ForAll boolean v6) {
        Random random = new Random(seed);
        compare(SmallCluster.rules(random, v6), v6, random);
    }

    @Property(tries = 60)
    void ofChangedRules(@ForAll long seed, @ForAll boolean v6) {
        Random random = new Random(seed);
        compare(SmallCluster.mutated(random, v6), v6, random);
    }

    private static Netfilter netfilter(String rules, boolean v6, boolean known) {
        String file = v6 ? "ip6tables-save.txt" : "iptables-save.txt";
        return Netfilter.read(
                        known
                                ? Nodes.node(
                                        file, rules, "ip-addr.json", Nodes.ADDRESSES, "ip-route.json", Nodes.ROUTES)
                                : Nodes.node(file, rules))
                .value();
    }

    private static void compare(String rules, boolean v6, Random random) {
        Netfilter netfilter = netfilter(rules, v6, random.nextInt(4) > 0);
        Arrival way = WAYS[random.nextInt(3)];
        Surveys surveys = netfilter.surveys(netfilter.rules(v6).get(), new Netfilter.Unbalanced());
        Partition put = surveys.partition(netfilter, way);
        Partition surveyed = surveys.partition(netfilter, way, Option.none());
        // In another order, so that other groups are the first of their shape.
        for (IpAddress address :
                random.nextBoolean() ? put.addresses() : put.addresses().reverse()) {
            Map<PacketClass, Ends> one = classes(put, address);
            Map<PacketClass, Ends> other = classes(surveyed, address);
            assertThat(one).as("%s %s%n%s", address, way, rules).isEqualTo(other);
            one.forEach((packets, ends) -> samples(packets, random)
                    .forEach(packet -> assertThat(surveys.ends(packet, way))
                            .as("%s %s%n%s", packet, way, rules)
                            .satisfiesAnyOf(
                                    found -> assertThat(found).isNull(),
                                    found -> assertThat(found).isEqualTo(ends))));
        }
    }

    /** The first packet of a class, one from its last address, and where it holds all ports one whose port is open. */
    private static List<Packet> samples(PacketClass packets, Random random) {
        Packet first = packets.sample();
        int ranges = packets.sources().rangeCount();
        int range = random.nextInt(ranges);
        IpAddress last = packets.sources().isV6()
                ? IpAddress.v6(
                        packets.sources().lastHigh(range), packets.sources().lastLow(range))
                : IpAddress.v4((int) packets.sources().lastLow(range));
        Packet other =
                new Packet(first.protocol(), last, first.sourcePort(), first.destination(), first.destinationPort());
        return packets.sourcePorts().size() < 65535
                ? List.of(first, other)
                : List.of(first, other, Packet.of(first.protocol(), last, first.to()));
    }

    private static Map<PacketClass, Ends> classes(Partition partition, IpAddress address) {
        Map<PacketClass, Ends> all = new HashMap<>();
        for (Partition.Cell cell : partition.cells(address)) {
            assertThat(all.put(cell.packets(), cell.ends())).isNull();
        }
        return all;
    }

    /** Most services of a cluster are like others, so that templates are put to use here. */
    @Test
    void shapesAreFew() {
        int read = 0;
        int first = 0;
        for (int seed = 0; seed < 40; seed++) {
            boolean v6 = seed % 2 == 1;
            String rules = seed % 4 < 2
                    ? SmallCluster.rules(new Random(seed), v6)
                    : SmallCluster.mutated(new Random(seed), v6);
            Netfilter netfilter = netfilter(rules, v6, seed % 3 > 0);
            Surveys surveys = netfilter.surveys(netfilter.rules(v6).get(), new Netfilter.Unbalanced());
            Templates templates = surveys.templates(WAYS[0]).get();
            Set<Integer> shapes = new HashSet<>();
            for (int i = 0; i < surveys.keys().addressCount(); i++) {
                Ranges ports = surveys.keys().ports(i, Protocol.TCP.number());
                Shape shape = ports.isSingle() ? templates.shape(i, Protocol.TCP, (int) ports.firstLow()) : null;
                read += shape == null ? 0 : 1;
                first += shape != null && shapes.add(shape.kind().number()) ? 1 : 0;
            }
        }
        assertThat(read).isGreaterThan(500);
        assertThat(first).isLessThan(read * 9 / 10);
    }
}
