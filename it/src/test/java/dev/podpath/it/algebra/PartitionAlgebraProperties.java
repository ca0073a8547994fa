package dev.podpath.it.algebra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.it.algebra.SmallRules.To;
import dev.podpath.it.kernel.TextNode;
import dev.podpath.proxy.iptables.eval.Netfilter;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** The classes of a partition with one ending, together, are the packets that end so by another algebra altogether. */
class PartitionAlgebraProperties {
    private final PacketDiagrams sets = new PacketDiagrams();

    @Property(tries = 20)
    @Label("classes are disjoint and complete, and those of an ending are the packets of that ending")
    void classesOfAnEndingAreItsPackets(@ForAll long seed) {
        SmallRules rules = SmallRules.of(new Random(seed));
        compare(new Meaning(sets, rules), byEnding(rules), rules);
    }

    @Property(tries = 20)
    @Label("exchanging rules that stand together and are independent changes no packet's ending")
    void orderOfIndependentRulesIsNothing(@ForAll long seed) {
        SmallRules rules = SmallRules.of(new Random(seed));
        int[] exchanged = {0};
        SmallRules other = rules.reordered(new Random(seed), exchanged);
        Assume.that(exchanged[0] > 0);
        assertThat(byEnding(other)).as("%s%n%s", rules.text(), other.text()).isEqualTo(byEnding(rules));
    }

    /** The packets of each ending by the partition, which must be disjoint and complete. */
    private Map<String, Integer> byEnding(SmallRules rules) {
        Netfilter netfilter = TextNode.netfilter(rules.text());
        Partition partition =
                netfilter.partition(Arrival.on(Arrival.Kind.POD, "pod1"), false).get();
        Map<String, Integer> byEnding = new HashMap<>();
        int union = sets.none();
        for (Partition.Cell cell :
                partition.addresses().flatMap(partition::cells).appendAll(partition.otherCells())) {
            int packets = sets.of(cell.packets());
            assertThat(sets.and(union, packets))
                    .as("overlap of %s%n%s", cell.packets(), rules.text())
                    .isEqualTo(sets.none());
            union = sets.or(union, packets);
            sort(cell.ends(), packets, byEnding);
            byEnding.merge("source " + cell.ends().source(0), packets, sets::or);
        }
        assertThat(sets.minus(sets.possible(), union))
                .as("complete%n%s", rules.text())
                .isEqualTo(sets.none());
        byEnding.values().removeIf(set -> set == sets.none());
        return byEnding;
    }

    /** An endpoint port of 0 is the port the packets came with, and so is that port itself. */
    private void sort(Ends ends, int packets, Map<String, Integer> byEnding) {
        assertThat(ends.count()).isOne();
        if (ends.kind(0) != Ends.Kind.ENDPOINT) {
            byEnding.merge(ends.kind(0).toString(), packets, sets::or);
            return;
        }
        String address = ends.endpoint(0).address().toString();
        int kept = ends.port(0) == 0 ? packets : sets.and(packets, sets.destinationPort(ends.port(0), ends.port(0)));
        byEnding.merge(address + ":0", kept, sets::or);
        if (ends.port(0) != 0) {
            byEnding.merge(address + ":" + ends.port(0), sets.minus(packets, kept), sets::or);
        }
    }

    private void compare(Meaning meaning, Map<String, Integer> byEnding, SmallRules rules) {
        Map<String, Integer> meant = new HashMap<>();
        meant.put("DROPPED", meaning.dropped());
        meant.put("REJECTED", meaning.rejected());
        int others = sets.minus(sets.minus(sets.possible(), meaning.dropped()), meaning.rejected());
        for (Map.Entry<To, Integer> sent : meaning.sent().entrySet()) {
            To to = sent.getKey();
            int kept = to.port() == 0
                    ? sent.getValue()
                    : sets.and(sent.getValue(), sets.destinationPort(to.port(), to.port()));
            meant.merge(to.address() + ":0", kept, sets::or);
            meant.merge(to.address() + ":" + to.port(), sets.minus(sent.getValue(), kept), sets::or);
            others = sets.minus(others, sent.getValue());
        }
        meant.put("UNTOUCHED", others);
        meant.forEach((ending, packets) -> assertThat(byEnding.getOrDefault(ending, sets.none()))
                .as("the packets that end %s%n%s", ending, rules.text())
                .isEqualTo(packets));
        int arrived = sets.minus(sets.minus(sets.possible(), meaning.dropped()), meaning.rejected());
        int forwarded = sets.minus(arrived, sets.minus(near(), sent(meaning)));
        assertThat(sets.and(byEnding.getOrDefault("source MASQUERADED", sets.none()), forwarded))
                .as("the packets that are masqueraded%n%s", rules.text())
                .isEqualTo(sets.and(meaning.marked(), forwarded));
    }

    private int sent(Meaning meaning) {
        return meaning.sent().values().stream().reduce(sets.none(), sets::or);
    }

    /** Destinations that are the node's own, or may be: what is delivered there is not masqueraded. */
    private int near() {
        int near = sets.destination(0, 0x00FF_FFFFL);
        near = sets.or(near, sets.destination(0x7F00_0000L, 0x7FFF_FFFFL));
        near = sets.or(near, sets.destination(0xC0A8_3200L, 0xC0A8_32FFL));
        near = sets.or(near, sets.destination(0x0AF4_0001L, 0x0AF4_0001L));
        return sets.or(near, sets.destination(0xE000_0000L, 0xFFFF_FFFFL));
    }
}
