package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.trace.Share;
import dev.podpath.proxy.iptables.rule.Ruleset;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partition by walking: take any packet that is in no class yet, follow it and note at every test for which other
 * packets it would have come out the same; those are its class. What is left is done in the same way. Addresses that
 * rules of indexed chains name are groups of their own, so the others never meet a key of an index.
 */
final class RulePartition implements Partition {
    /** Classes of one group; what is left beyond them is one class whose verdict is not known. */
    private static final int MOST = 50_000;

    private static final int[] FIELDS = {Box.DESTINATION, Box.DESTINATION_PORT, Box.SOURCE, Box.SOURCE_PORT};

    private final Netfilter netfilter;
    private final Ruleset rules;
    private final Arrival arrival;
    private final IndexKeys keys;
    private final FieldCuts cuts;
    private final Balancer.Partitioned balancer;
    private final boolean v6;
    private final Vector<IpAddress> addresses;

    RulePartition(Netfilter netfilter, Ruleset rules, Arrival arrival, FieldCuts cuts, Balancer.Partitioned balancer) {
        this.balancer = balancer;
        this.netfilter = netfilter;
        this.rules = rules;
        this.arrival = arrival;
        this.cuts = cuts;
        this.keys = cuts.keys();
        this.v6 = rules.isV6();
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
        if (address.isV6() != v6 || keys.find(address.high(), address.low()) < 0) {
            return Vector.empty();
        }
        Box box = Box.all(v6);
        box.pin(Box.DESTINATION, address.high(), address.low());
        return cells(box);
    }

    @Override
    public Vector<Cell> otherCells() {
        return cells(Box.all(v6));
    }

    private Vector<Cell> cells(Box start) {
        List<Cell> cells = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            Deque<Box> open = new ArrayDeque<>();
            open.push(start.copy());
            while (!open.isEmpty()) {
                Box whole = open.pop();
                Packet sample = sample(protocol, whole, start.isSingle(Box.DESTINATION));
                if (sample == null) {
                    continue;
                }
                if (cells.size() >= MOST) {
                    cells.add(Cell.of(packets(protocol, whole, start), tooMany()));
                    continue;
                }
                Box same = whole.copy();
                ProxyVerdict verdict = balancer.verdict(
                        sample, arrival, one -> netfilter.record(rules, sample, arrival, cuts, same, one));
                split(whole, same, open);
                cells.add(Cell.of(packets(protocol, same, start), verdict));
            }
        }
        return Vector.ofAll(cells);
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
            rest = rest.copy();
            rest.take(field, same);
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

    private PacketClass packets(Protocol protocol, Box box, Box start) {
        AddressSet destinations = range(box, Box.DESTINATION);
        if (!start.isSingle(Box.DESTINATION)) {
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

    private static ProxyVerdict tooMany() {
        return ProxyVerdict.builder()
                .branches(Vector.of(ProxyBranch.builder()
                        .outcome(new ProxyOutcome.Unknown(
                                "the rules split these packets into more than " + MOST + " classes", Vector.empty()))
                        .share(Share.all())
                        .build()))
                .build();
    }
}
