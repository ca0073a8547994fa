package dev.podpath.core.verify;

import dev.podpath.core.intent.NodeView;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.intent.Sender;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Partition;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The packets of one family that come one way to a node, or several ways that are alike, and who sends them. */
final class View {
    /** The place of classes with several destination ports. */
    private static final int SEVERAL = -1;

    private final Partition partition;
    private final Vector<Arrival> arrivals;
    private final boolean v6;
    private final SourceZones zones;
    private final SourceZones loopback;
    private volatile @Nullable Vector<Partition.Cell> others;
    private volatile @Nullable Map<Integer, List<Partition.Cell>> byPort;

    View(Partition partition, Arrival arrival, boolean v6, ProxySettings settings, NodeView node) {
        this(partition, Vector.of(arrival), v6, settings, node);
    }

    /**
     * Several ways that are alike.
     *
     * @param arrivals the ways; at least one
     */
    View(Partition partition, Vector<Arrival> arrivals, boolean v6, ProxySettings settings, NodeView node) {
        Arrival arrival = arrivals.head();
        this.partition = partition;
        this.arrivals = arrivals;
        this.v6 = v6;
        this.zones = SourceZones.of(arrival, v6, settings.detection(), node);
        this.loopback = SourceZones.ofLoopback(arrival, v6, settings.detection());
    }

    /** The way in, or one of those that are alike. */
    Arrival arrival() {
        return arrivals.head();
    }

    /** The way by which a sender's packets come most likely. */
    Arrival arrival(Sender sender) {
        boolean pod = sender == Sender.POD;
        return arrivals.find(way -> (way.kind() == Arrival.Kind.POD) == pod).getOrElse(arrivals.head());
    }

    /** How many ways in it stands for. */
    int ways() {
        return arrivals.size();
    }

    boolean isV6() {
        return v6;
    }

    /** The addresses with classes of their own, sorted. */
    Vector<IpAddress> addresses() {
        return partition.addresses();
    }

    /** Who can send to an address. */
    SourceZones zones(IpAddress destination) {
        return destination.isLoopback() ? loopback : zones;
    }

    /** The sources of a class that belong to a sender who can send to an address. */
    AddressSet sources(AddressSet ofClass, IpAddress destination, Sender sender) {
        return ofClass.intersect(zones(destination).of(sender));
    }

    /** The classes of packets to an address, whether it has its own or not. */
    Vector<Partition.Cell> cells(IpAddress address) {
        return hasOwn(address)
                ? partition.cells(address)
                : others().filter(cell -> cell.packets().destinations().contains(address));
    }

    /** The classes of packets to an address with classes of its own that can tell anything of some claims on it. */
    Vector<Partition.Cell> cells(IpAddress address, Claim[] claims) {
        Option<Vector<Partition.Cell>> named = partition.namedCells(address);
        return named.isDefined() && holdsAll(named.get(), claims) ? named.get() : partition.cells(address);
    }

    private static boolean holdsAll(Vector<Partition.Cell> cells, Claim[] claims) {
        for (Claim claim : claims) {
            boolean held = false;
            for (int i = 0; i < cells.size() && !held; i++) {
                PacketClass packets = cells.get(i).packets();
                held = packets.protocol() == claim.protocol()
                        && packets.destinationPorts().contains(claim.number());
            }
            if (!held) {
                return false;
            }
        }
        return true;
    }

    /** The classes of packets to addresses without classes of their own. */
    Vector<Partition.Cell> others() {
        Vector<Partition.Cell> known = others;
        if (known == null) {
            known = partition.otherCells();
            others = known;
        }
        return known;
    }

    /** The classes of packets to an address that can have one of these destination ports. */
    Iterable<Partition.Cell> cells(IpAddress address, Set<Integer> ports) {
        if (hasOwn(address)) {
            return partition.cells(address);
        }
        Map<Integer, List<Partition.Cell>> all = byPort();
        List<Partition.Cell> found = new ArrayList<>();
        Set<Integer> places = new TreeSet<>(ports);
        places.add(SEVERAL);
        for (int port : places) {
            for (Partition.Cell cell : all.getOrDefault(port, List.of())) {
                if (cell.packets().destinations().contains(address)) {
                    found.add(cell);
                }
            }
        }
        return found;
    }

    /** The classes of packets to addresses without classes of their own, by their one destination port. */
    private Map<Integer, List<Partition.Cell>> byPort() {
        Map<Integer, List<Partition.Cell>> made = byPort;
        if (made == null) {
            made = new HashMap<>();
            for (Partition.Cell cell : others()) {
                PortSet ports = cell.packets().destinationPorts();
                int place = ports.size() == 1 ? ports.first() : SEVERAL;
                made.computeIfAbsent(place, any -> new ArrayList<>()).add(cell);
            }
            byPort = made;
        }
        return made;
    }

    /** Whether an address has classes of its own. */
    boolean hasOwn(IpAddress address) {
        Vector<IpAddress> all = partition.addresses();
        int from = 0;
        int to = all.size() - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = all.get(middle).compareTo(address);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return false;
    }

    Partition partition() {
        return partition;
    }
}
