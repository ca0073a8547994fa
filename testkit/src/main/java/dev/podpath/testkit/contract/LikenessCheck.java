package dev.podpath.testkit.contract;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.Probes;
import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Holds a proxy to the law of {@link Likeness}: exchange the addresses, and packets end as the others do. Verdicts are compared, since
 * a proxy may take the ends of one packet from those of another by this very law.
 */
public final class LikenessCheck {
    /** Of each shape so many addresses are compared with the first. */
    private static final int EACH = 4;

    private final BiFunction<Protocol, AddressPort, Vector<IpAddress>> senders;
    private final ServiceProxy proxy;
    private int compared;
    private Option<String> difference = Option.none();

    private LikenessCheck(BiFunction<Protocol, AddressPort, Vector<IpAddress>> senders, ServiceProxy proxy) {
        this.senders = senders;
        this.proxy = proxy;
    }

    /** Compares addresses that are said to be alike, on every way in. */
    public static LikenessCheck of(Scene scene, ServiceProxy proxy) {
        LikenessCheck check = new LikenessCheck(
                (protocol, to) ->
                        Probes.to(scene, protocol, to).map(Probe::packet).map(Packet::source),
                proxy);
        check.everyWay();
        return check;
    }

    /** Compares addresses that are said to be alike, on every way in, for packets from these and from addresses of classes. */
    public static LikenessCheck of(Vector<IpAddress> senders, ServiceProxy proxy) {
        LikenessCheck check = new LikenessCheck((protocol, to) -> senders, proxy);
        check.everyWay();
        return check;
    }

    private void everyWay() {
        for (boolean v6 : new boolean[] {false, true}) {
            for (Arrival.Kind kind : Arrival.Kind.values()) {
                proxy.partition(Arrival.of(kind), v6).forEach(this::partition);
            }
        }
    }

    /** What two packets show; empty where the law holds for all that were tried. */
    public Option<String> difference() {
        return difference;
    }

    /** How many pairs of addresses were compared. */
    public int compared() {
        return compared;
    }

    private void partition(Partition partition) {
        IdentityHashMap<Object, List<IpAddress>> byShape = new IdentityHashMap<>();
        for (IpAddress address : partition.addresses()) {
            partition
                    .likeness(address)
                    .forEach(likeness -> byShape.computeIfAbsent(likeness.shape(), any -> new ArrayList<>())
                            .add(address));
        }
        for (List<IpAddress> alike : byShape.values()) {
            for (int i = 1; i < Math.min(alike.size(), EACH); i++) {
                compared++;
                pair(partition, alike.get(0), alike.get(i));
                classes(
                        partition,
                        alike.get(i),
                        partition.likeness(alike.get(i)).get());
            }
        }
    }

    private void pair(Partition partition, IpAddress one, IpAddress other) {
        Exchange exchange = new Exchange(
                partition.likeness(one).get(), partition.likeness(other).get());
        for (Partition.Cell cell : partition.cells(one)) {
            PacketClass packets = cell.packets();
            AddressPort to = new AddressPort(one, packets.destinationPorts().first());
            Vector<IpAddress> tried = senders.apply(packets.protocol(), to)
                    .appendAll(exchange.ofOne(one.isV6()))
                    .append(packets.sources().ranges().head().first());
            for (IpAddress sender :
                    tried.filter(address -> address.isV6() == one.isV6()).distinct()) {
                if (difference.isEmpty() && exchange.isSure(sender)) {
                    compare(exchange, partition.arrival(), Packet.of(packets.protocol(), sender, to));
                }
            }
        }
    }

    /** The classes of an address that is like another hold what they say: for packets from their edges and from its addresses. */
    private void classes(Partition partition, IpAddress address, Likeness likeness) {
        Vector<Partition.Cell> cells = partition.cells(address);
        for (Partition.Cell cell : cells) {
            PacketClass packets = cell.packets();
            Packet sample = packets.sample();
            Vector<IpAddress> senders = packets.sources()
                    .ranges()
                    .take(3)
                    .flatMap(range -> Vector.of(range.first(), range.last()))
                    .appendAll(Exchange.addresses(likeness, address.isV6()).filter(packets.sources()::contains));
            for (IpAddress sender : senders.distinct()) {
                Packet packet =
                        new Packet(sample.protocol(), sender, sample.sourcePort(), address, sample.destinationPort());
                Vector<String> expected = told(
                        Differences.withPort(
                                Ends.of(proxy.route(packet, partition.arrival())), packet.destinationPort()),
                        end -> end);
                Vector<String> is = told(Differences.withPort(cell.ends(), packet.destinationPort()), end -> end);
                Vector<String> alone = told(
                        Differences.withPort(proxy.ends(packet, partition.arrival()), packet.destinationPort()),
                        end -> end);
                int holding = cells.count(one -> one.packets().contains(packet));
                if (difference.isEmpty() && (!is.equals(expected) || !alone.equals(expected) || holding != 1)) {
                    difference = Option.some(packet + " by " + partition.arrival() + " ends " + expected
                            + ", in the class " + packets + " " + is + ", by itself " + alone
                            + "; classes that hold it: " + holding);
                }
            }
        }
    }

    private void compare(Exchange exchange, Arrival arrival, Packet packet) {
        Packet like = Packet.of(
                packet.protocol(),
                exchange.of(packet.source()),
                new AddressPort(exchange.of(packet.destination()), packet.destinationPort()));
        Vector<String> is = told(Ends.of(proxy.route(like, arrival)), end -> end);
        Vector<String> expected = told(Ends.of(proxy.route(packet, arrival)), exchange::of);
        if (!is.equals(expected)) {
            difference = Option.some(
                    packet + " ends like " + like + ", exchanged " + expected + ", and that " + is + " by " + arrival);
        }
    }

    private static Vector<String> told(Ends ends, UnaryOperator<IpAddress> exchange) {
        return Vector.range(0, ends.count())
                .map(end -> ends.kind(end) + " "
                        + (ends.kind(end) == Ends.Kind.ENDPOINT
                                ? exchange.apply(ends.endpoint(end).address()) + " "
                                        + ends.endpoint(end).port()
                                : "")
                        + " " + ends.source(end) + " " + Math.round(ends.share(end) * 1e9) + " "
                        + ends.affinitySeconds())
                .sorted();
    }

    /** The exchange of the addresses of one likeness for those of another. */
    private record Exchange(Likeness one, Likeness other) {
        Vector<IpAddress> ofOne(boolean v6) {
            return addresses(one, v6);
        }

        static Vector<IpAddress> addresses(Likeness likeness, boolean v6) {
            return Vector.range(0, likeness.count()).map(i -> address(likeness, i, v6));
        }

        /** An address that is only in the other list has no place of its own to go to. */
        boolean isSure(IpAddress address) {
            return one.find(address.high(), address.low()) >= 0 || other.find(address.high(), address.low()) < 0;
        }

        IpAddress of(IpAddress address) {
            int place = one.find(address.high(), address.low());
            return place < 0 ? address : address(other, place, address.isV6());
        }

        private static IpAddress address(Likeness likeness, int place, boolean v6) {
            return v6
                    ? IpAddress.v6(likeness.high(place), likeness.low(place))
                    : IpAddress.v4((int) likeness.low(place));
        }
    }
}
