package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partition by walking: take any packet that is in no class yet, follow it and note at every question for which other packets
 * it would have been answered the same; those are its class. What is left is done in the same way. Addresses that sets and maps
 * name one by one are groups of their own, so the others never meet an element.
 */
final class RulePartition implements Partition {
    /** Classes of one group; what is left beyond them is one class whose verdict is not known. */
    private static final int MOST = 400_000;

    private static final int[] FIELDS = {Box.DESTINATION, Box.DESTINATION_PORT, Box.SOURCE, Box.SOURCE_PORT};
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final NftablesRules rules;
    private final Arrival arrival;
    private final Keys keys;
    private final boolean v6;
    private final Vector<IpAddress> addresses;

    RulePartition(NftablesRules rules, Arrival arrival, Keys keys) {
        this.rules = rules;
        this.arrival = arrival;
        this.keys = keys;
        this.v6 = keys.isV6();
        this.addresses = keys.addresses();
    }

    private IpAddress address(long high, long low) {
        return v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }

    @Override
    public Arrival arrival() {
        return arrival;
    }

    @Override
    public Vector<IpAddress> addresses() {
        return addresses;
    }

    @Override
    public Vector<Cell> cells(IpAddress address) {
        if (keys.number(address) < 0) {
            return Vector.empty();
        }
        Box box = Box.all(v6);
        box.pin(Box.DESTINATION, address.high(), address.low());
        return cells(box);
    }

    @Override
    public Option<Likeness> likeness(IpAddress address) {
        int number = keys.number(address);
        return number < 0 ? Option.none() : rules.alike(v6).flatMap(alike -> alike.of(number));
    }

    @Override
    public Vector<Cell> otherCells() {
        return cells(Box.all(v6));
    }

    private Vector<Cell> cells(Box start) {
        List<Cell> cells = new ArrayList<>();
        boolean single = start.isSingle(Box.DESTINATION);
        for (Protocol protocol : PROTOCOLS) {
            Deque<Box> open = new ArrayDeque<>();
            open.push(start.copy());
            while (!open.isEmpty()) {
                Box whole = open.pop();
                Packet sample = sample(protocol, whole, single);
                if (sample == null) {
                    continue;
                }
                if (cells.size() >= MOST) {
                    ProxyVerdict tooMany = Verdicts.unknown(
                            "the rules split these packets into more than " + MOST + " classes", Vector.empty());
                    cells.add(Cell.of(packets(protocol, whole, single), tooMany));
                    continue;
                }
                Box same = whole.copy();
                Ends ends = rules.ends(sample, arrival, rules.recorder(same, keys));
                split(whole, same, open);
                cells.add(new RuleCell(protocol, same, single, sample, ends));
            }
        }
        return Vector.ofAll(cells);
    }

    /** A class whose set of packets and verdict are made when they are asked for. */
    private final class RuleCell implements Cell {
        private final Protocol protocol;
        private final Box box;
        private final boolean single;
        private final Packet sample;
        private final Ends ends;

        RuleCell(Protocol protocol, Box box, boolean single, Packet sample, Ends ends) {
            this.protocol = protocol;
            this.box = box;
            this.single = single;
            this.sample = sample;
            this.ends = ends;
        }

        @Override
        public PacketClass packets() {
            return RulePartition.this.packets(protocol, box, single);
        }

        @Override
        public Ends ends() {
            return ends;
        }

        @Override
        public ProxyVerdict verdict() {
            return rules.verdict(sample, arrival, !box.isSingle(Box.DESTINATION_PORT));
        }
    }

    /** Cuts the class out of the box it was found in. */
    private static void split(Box whole, Box same, Deque<Box> open) {
        Box rest = whole;
        for (int field : FIELDS) {
            Box below = rest.below(field, same);
            if (below != null) {
                open.push(below);
            }
            Box above = rest.above(field, same);
            if (above != null) {
                open.push(above);
            }
            if (below != null || above != null) {
                rest = rest.copy();
                rest.take(field, same);
            }
        }
    }

    /** A packet of the box; null where it holds only addresses that have groups of their own. */
    private @Nullable Packet sample(Protocol protocol, Box box, boolean single) {
        long high = box.firstHigh(Box.DESTINATION);
        long low = box.firstLow(Box.DESTINATION);
        if (!single) {
            int at = keys.find(high, low);
            while (at >= 0 && at < keys.addressCount() && keys.addressHigh(at) == high && keys.addressLow(at) == low) {
                if (high == box.lastHigh(Box.DESTINATION) && low == box.lastLow(Box.DESTINATION)) {
                    return null;
                }
                low++;
                high += low == 0 ? 1 : 0;
                at++;
            }
        }
        return new Packet(
                protocol,
                address(box.firstHigh(Box.SOURCE), box.firstLow(Box.SOURCE)),
                (int) box.firstLow(Box.SOURCE_PORT),
                address(high, low),
                (int) box.firstLow(Box.DESTINATION_PORT));
    }

    private AddressSet range(Box box, int field) {
        return AddressSet.range(
                address(box.firstHigh(field), box.firstLow(field)), address(box.lastHigh(field), box.lastLow(field)));
    }

    private static PortSet ports(Box box, int field) {
        return PortSet.range((int) box.firstLow(field), (int) box.lastLow(field));
    }

    private PacketClass packets(Protocol protocol, Box box, boolean single) {
        AddressSet destinations = range(box, Box.DESTINATION);
        if (!single) {
            destinations = destinations.minus(named(box));
        }
        return new PacketClass(
                protocol,
                range(box, Box.SOURCE),
                ports(box, Box.SOURCE_PORT),
                destinations,
                ports(box, Box.DESTINATION_PORT));
    }

    /** The addresses with groups of their own that lie in a box. */
    private AddressSet named(Box box) {
        int from = keys.find(box.firstHigh(Box.DESTINATION), box.firstLow(Box.DESTINATION));
        int to = keys.find(box.lastHigh(Box.DESTINATION), box.lastLow(Box.DESTINATION));
        return AddressSet.of(v6, addresses.slice(from < 0 ? -1 - from : from, to < 0 ? -1 - to : to + 1));
    }
}
