package dev.podpath.core.proxy.walk;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Partition.Cell;
import dev.podpath.core.proxy.ProxyVerdict;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Divides packets by following some: take any packet that is in no class yet, follow it and note at every question for which
 * other packets it would have been answered the same; those are its class. What is left is done in the same way. Addresses that
 * are named one by one are groups of their own, so the others never meet what is said of one address. For one family.
 */
public final class BoxPartition {
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final boolean v6;
    private final NamedAddresses named;
    private final Vector<IpAddress> addresses;
    private final int most;

    /** Follows a packet. */
    @FunctionalInterface
    public interface Follower {
        /**
         * Follows a packet and narrows a box to the packets of its class.
         *
         * @param single whether the packets of the group go to one address
         */
        Cell follow(Protocol protocol, Packet sample, Box same, boolean single);
    }

    /**
     * Packets of one family.
     *
     * @param named addresses with groups of their own
     * @param most so many classes of one group; what is left beyond them is one class whose verdict is not known
     */
    public BoxPartition(boolean v6, NamedAddresses named, int most) {
        this.v6 = v6;
        this.named = named;
        this.addresses = named.addresses();
        this.most = most;
    }

    /** The addresses with groups of their own. */
    public Vector<IpAddress> addresses() {
        return addresses;
    }

    /** The classes of packets to one of these addresses; none where it is not one of them. */
    public Vector<Cell> cells(IpAddress address, Follower follower) {
        if (address.isV6() != v6 || named.find(address.high(), address.low()) < 0) {
            return Vector.empty();
        }
        Box box = Box.all(v6);
        box.pin(Box.DESTINATION, address.high(), address.low());
        return cells(box, follower);
    }

    /** The classes of packets to all other addresses. */
    public Vector<Cell> otherCells(Follower follower) {
        return cells(Box.all(v6), follower);
    }

    private Vector<Cell> cells(Box start, Follower follower) {
        List<Cell> cells = new ArrayList<>();
        boolean single = start.isSingle(Box.DESTINATION);
        for (Protocol protocol : PROTOCOLS) {
            Deque<Box> open = new ArrayDeque<>();
            open.push(start);
            while (!open.isEmpty()) {
                Box whole = open.pop();
                Packet sample = sample(protocol, whole, single);
                if (sample == null) {
                    continue;
                }
                if (cells.size() >= most) {
                    cells.add(Cell.of(packets(protocol, whole, single), tooMany()));
                    continue;
                }
                Box same = whole.copy();
                cells.add(follower.follow(protocol, sample, same, single));
                whole.without(same, open);
            }
        }
        return Vector.ofAll(cells);
    }

    /** A packet of the box; null where it holds only addresses that have groups of their own. */
    private @Nullable Packet sample(Protocol protocol, Box box, boolean single) {
        long high = box.firstHigh(Box.DESTINATION);
        long low = box.firstLow(Box.DESTINATION);
        if (!single) {
            int at = named.find(high, low);
            while (at >= 0
                    && at < named.addressCount()
                    && named.addressHigh(at) == high
                    && named.addressLow(at) == low) {
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

    /**
     * The packets of a box, without those to addresses that have groups of their own.
     *
     * @param single whether the box is for the packets to one of these
     */
    public PacketClass packets(Protocol protocol, Box box, boolean single) {
        AddressSet destinations = range(box, Box.DESTINATION);
        if (!single) {
            destinations = destinations.minus(namedIn(box));
        }
        return new PacketClass(
                protocol,
                range(box, Box.SOURCE),
                ports(box, Box.SOURCE_PORT),
                destinations,
                ports(box, Box.DESTINATION_PORT));
    }

    private AddressSet namedIn(Box box) {
        int from = named.find(box.firstHigh(Box.DESTINATION), box.firstLow(Box.DESTINATION));
        int to = named.find(box.lastHigh(Box.DESTINATION), box.lastLow(Box.DESTINATION));
        return AddressSet.of(v6, addresses.slice(from < 0 ? -1 - from : from, to < 0 ? -1 - to : to + 1));
    }

    private AddressSet range(Box box, int field) {
        return AddressSet.range(
                address(box.firstHigh(field), box.firstLow(field)), address(box.lastHigh(field), box.lastLow(field)));
    }

    private IpAddress address(long high, long low) {
        return v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }

    private static PortSet ports(Box box, int field) {
        return PortSet.range((int) box.firstLow(field), (int) box.lastLow(field));
    }

    private ProxyVerdict tooMany() {
        return ProxyVerdict.unknown(
                "the rules split these packets into more than " + most + " classes", Vector.empty());
    }
}
