package dev.podpath.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Partition.Cell;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Classes that are put down for an address hold the exchanged packets of those they are put down like. */
final class LikeCellsProperties {
    private static final int SPACE = 24;
    private static final ProxyVerdict VERDICT = ProxyVerdict.builder()
            .branches(Vector.of(ProxyBranch.builder()
                    .outcome(new ProxyOutcome.Untouched())
                    .share(Share.all())
                    .build()))
            .build();

    /** Classes of packets to the first of some addresses: sources fall into intervals, and each interval ends in some way. */
    private static Vector<Cell> cells(Random random, Likeness pattern) {
        TreeSet<Integer> cuts = new TreeSet<>(List.of(0));
        for (int i = random.nextInt(6); i > 0; i--) {
            cuts.add(random.nextInt(SPACE));
        }
        List<Cell> cells = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (int from : cuts) {
                Integer next = cuts.higher(from);
                AddressSet sources =
                        AddressSet.range(IpAddress.v4(from), next == null ? IpAddress.v4(-1) : IpAddress.v4(next - 1));
                PacketClass packets = new PacketClass(
                        protocol,
                        sources,
                        PortSet.range(1, 65535),
                        AddressSet.of(IpAddress.v4((int) pattern.low(0))),
                        PortSet.all());
                cells.add(new FinishedCell(packets, ends(random, pattern), VERDICT));
            }
        }
        return Vector.ofAll(cells);
    }

    /** A way in where single packets end as their classes do, and open ports as all others. */
    private static LikeCells likeCells(Function<IpAddress, Vector<Cell>> cells) {
        return likeCells(cells, Function.identity());
    }

    private static LikeCells likeCells(
            Function<IpAddress, Vector<Cell>> cells, Function<Vector<Cell>, Vector<Cell>> pattern) {
        return new LikeCells(new LikeCells.Source() {
            @Override
            public Vector<Cell> cells(IpAddress address) {
                return cells.apply(address);
            }

            @Override
            public Vector<Cell> pattern(Vector<Cell> own) {
                return pattern.apply(own);
            }

            @Override
            public Option<Ends> ends(Packet packet) {
                Packet any = new Packet(
                        packet.protocol(), packet.source(), 7, packet.destination(), packet.destinationPort());
                return Option.some(
                        withPort(holding(cells.apply(packet.destination()), any).ends(), packet.destinationPort()));
            }

            @Override
            public ProxyVerdict verdict(PacketClass packets) {
                return VERDICT;
            }
        });
    }

    private static Ends ends(Random random, Likeness pattern) {
        Ends.Builder ends = new Ends.Builder(2).affinitySeconds(random.nextInt(2));
        for (int i = 0; i < 2; i++) {
            int place = random.nextInt(pattern.count() + 1);
            Ends.Source source = random.nextBoolean() ? Ends.Source.KEPT : Ends.Source.MASQUERADED;
            if (place == pattern.count()) {
                ends.add(Ends.Kind.REJECTED, 0, 0, 0, source, 0.5);
            } else {
                ends.add(Ends.Kind.ENDPOINT, 0, pattern.low(place), random.nextInt(3), source, 0.5);
            }
        }
        return ends.build();
    }

    private static Likeness likeness(Random random, Object shape, int count) {
        TreeSet<Integer> chosen = new TreeSet<>();
        while (chosen.size() < count) {
            chosen.add(1 + random.nextInt(SPACE));
        }
        List<Integer> order = new ArrayList<>(chosen);
        Collections.shuffle(order, random);
        long[] words = new long[2 * count];
        for (int i = 0; i < count; i++) {
            words[2 * i + 1] = order.get(i);
        }
        return new Likeness(shape, words);
    }

    private static int exchanged(int address, Likeness from, Likeness to) {
        int place = from.find(0, address);
        int back = to.find(0, address);
        return place >= 0 ? (int) to.low(place) : back >= 0 ? (int) from.low(back) : address;
    }

    private static Ends exchanged(Ends ends, Likeness from, Likeness to) {
        Ends.Builder others = ends.toOthers();
        for (int end = 0; end < ends.count(); end++) {
            if (ends.kind(end) == Ends.Kind.ENDPOINT) {
                int place = from.find(0, ends.addressLow(end));
                others.endpoint(end, 0, to.low(place), ends.port(end));
            }
        }
        return others.build();
    }

    @Property(tries = 2000)
    void exchangedPacketsEndAsExchanged(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int count) {
        Random random = new Random(seed);
        Object shape = new Object();
        Likeness one = likeness(random, shape, count);
        Likeness other = likeness(random, shape, count);
        for (int i = 0; i < count; i++) {
            int place = one.find(0, other.low(i));
            Assume.that(place < 0 || place == i);
        }
        Vector<Cell> cells = cells(random, one);
        LikeCells like = likeCells(asked -> {
            assertThat(asked).isEqualTo(IpAddress.v4((int) one.low(0)));
            return JoinedCells.of(cells);
        });
        like.cells(IpAddress.v4((int) one.low(0)), Option.some(one));
        IpAddress to = IpAddress.v4((int) other.low(0));
        Vector<Cell> put = like.cells(to, Option.some(other));
        for (Protocol protocol : Protocol.values()) {
            for (int source = 0; source <= SPACE + 1; source++) {
                Packet packet = new Packet(protocol, IpAddress.v4(source), 7, to, 80);
                Packet before = new Packet(
                        protocol, IpAddress.v4(exchanged(source, other, one)), 7, IpAddress.v4((int) one.low(0)), 80);
                Ends wanted = exchanged(holding(cells, before).ends(), one, other);
                assertThat(holding(put, packet).ends()).isEqualTo(wanted);
                assertThat(like.ends(packet, other)).contains(withPort(wanted, 80));
                Packet open = new Packet(protocol, IpAddress.v4(source), 0, to, 80);
                assertThat(like.ends(open, other)).contains(withPort(wanted, 80));
            }
        }
    }

    private static Ends withPort(Ends ends, int port) {
        Ends.Builder named = ends.toOthers();
        for (int end = 0; end < ends.count(); end++) {
            if (ends.kind(end) == Ends.Kind.ENDPOINT && ends.port(end) == 0) {
                named.endpoint(end, 0, ends.addressLow(end), port);
            }
        }
        return named.build();
    }

    private static Cell holding(Vector<Cell> cells, Packet packet) {
        Vector<Cell> holding = cells.filter(cell -> cell.packets().contains(packet));
        assertThat(holding).as("%s", packet).hasSize(1);
        return holding.head();
    }

    /** Where an address of the one stands at another place of the other, classes are found by themselves. */
    @Test
    void addressesAtOtherPlacesAreNotExchanged() {
        Object shape = new Object();
        Random random = new Random(3);
        Likeness one = new Likeness(shape, 0, 1, 0, 2);
        Likeness other = new Likeness(shape, 0, 2, 0, 3);
        Vector<Cell> first = cells(random, one);
        Vector<Cell> second = cells(random, other);
        LikeCells like = likeCells(asked -> asked.equals(IpAddress.v4(1)) ? first : second);
        like.cells(IpAddress.v4(1), Option.some(one));
        assertThat(like.cells(IpAddress.v4(2), Option.some(other))).isEqualTo(second);
        assertThat(like.ends(new Packet(Protocol.TCP, IpAddress.v4(9), 7, IpAddress.v4(2), 80), other))
                .isEmpty();
    }

    /** Where packets go on to an endpoint that is none of the addresses, nothing is put down like these, nor worked out for it. */
    @Test
    void unknownEndpointsAreNotExchanged() {
        Object shape = new Object();
        Vector<Cell> cells = cells(new Random(1), new Likeness("", 0, 1, 0, 2, 0, 3, 0, 4));
        Vector<Cell> others = cells(new Random(2), new Likeness("", 0, 5));
        LikeCells like = likeCells(asked -> asked.equals(IpAddress.v4(1)) ? cells : others, own -> {
            throw new AssertionError("the node ports of a node are many classes, and like no other's");
        });
        like.cells(IpAddress.v4(1), Option.some(new Likeness(shape, 0, 1)));
        assertThat(like.cells(IpAddress.v4(5), Option.some(new Likeness(shape, 0, 5))))
                .isEqualTo(others);
    }
}
