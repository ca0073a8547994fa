package dev.podpath.core.proxy;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Partition.Cell;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The classes of the packets to one address, to be put down for others that are alike. Immutable. */
final class LikeTemplate {
    /** Of an address that cannot be the pattern of others. */
    static final LikeTemplate NONE =
            new LikeTemplate(new Likeness("", 0, 0), new LikeSources[0], new LikeEnds[0], new Part[0]);

    private static final int LAST_PORT = 65535;

    private final Likeness pattern;
    /** The different sets of sources, and the different ends; classes have them in common. */
    private final LikeSources[] sources;

    private final LikeEnds[] ends;
    private final Part[] parts;

    private LikeTemplate(Likeness pattern, LikeSources[] sources, LikeEnds[] ends, Part[] parts) {
        this.pattern = pattern;
        this.sources = sources;
        this.ends = ends;
        this.parts = parts;
    }

    /** A class of the pattern. */
    private static final class Part {
        private final Protocol protocol;
        private final int sources;
        private final PortSet sourcePorts;
        private final boolean anySourcePort;
        /** Whether packets with an open source port, 0, end as the others. */
        private final boolean open;

        private final PortSet ports;
        private final int ends;

        Part(PacketClass packets, int sources, int ends, boolean open) {
            this.open = open;
            this.protocol = packets.protocol();
            this.sources = sources;
            this.sourcePorts = packets.sourcePorts();
            this.anySourcePort = sourcePorts.contains(1) && sourcePorts.size() >= LAST_PORT;
            this.ports = packets.destinationPorts();
            this.ends = ends;
        }

        boolean mayHold(Packet packet) {
            int port = packet.sourcePort();
            return protocol == packet.protocol()
                    && ports.contains(packet.destinationPort())
                    && (port == 0 ? open : anySourcePort || sourcePorts.contains(port));
        }
    }

    /** One of the classes of the packets to an address. */
    static LikeTemplate of(Likeness pattern, IpAddress address, LikeCells.Source source) {
        AddressSet only = AddressSet.of(address);
        Vector<Cell> own = source.cells(address);
        for (Cell cell : own) {
            if (!cell.packets().destinations().equals(only) || !LikeEnds.isWithin(pattern, cell.ends())) {
                return NONE;
            }
        }
        Map<AddressSet, Integer> setNumbers = new HashMap<>();
        Map<Ends, Integer> endsNumbers = new HashMap<>();
        List<LikeSources> sources = new ArrayList<>();
        List<LikeEnds> ends = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (Cell cell : source.pattern(own)) {
            PacketClass packets = cell.packets();
            int set = setNumbers.computeIfAbsent(packets.sources(), all -> {
                sources.add(new LikeSources(all, pattern));
                return sources.size() - 1;
            });
            int end = endsNumbers.computeIfAbsent(cell.ends(), all -> {
                ends.add(new LikeEnds(all, pattern));
                return ends.size() - 1;
            });
            parts.add(new Part(packets, set, end, isOpen(cell, source)));
        }
        return new LikeTemplate(
                pattern,
                sources.toArray(LikeSources[]::new),
                ends.toArray(LikeEnds[]::new),
                parts.toArray(Part[]::new));
    }

    /**
     * Whether a packet whose source port is open ends like the others. A mode can tell one source port from all others, as IPVS does
     * that of ftp-data, and an open port is then one of the others; what tells more cannot be answered for it.
     */
    private static boolean isOpen(Cell cell, LikeCells.Source source) {
        PacketClass packets = cell.packets();
        Packet sample = packets.sample();
        Packet open = new Packet(sample.protocol(), sample.source(), 0, sample.destination(), sample.destinationPort());
        return packets.sourcePorts().size() >= LAST_PORT - 1
                && source.ends(open).contains(withPort(cell.ends(), packets.destinationPorts(), sample));
    }

    /** The ends of a class as those of one of its packets: where an endpoint keeps the port the packet came with, it is named. */
    private static Ends withPort(Ends ends, PortSet ports, Packet packet) {
        if (ports.isSingle()) {
            return ends;
        }
        Ends.Builder named = ends.toOthers();
        for (int end = 0; end < ends.count(); end++) {
            if (ends.kind(end) == Ends.Kind.ENDPOINT && ends.port(end) == 0) {
                named.endpoint(end, ends.addressHigh(end), ends.addressLow(end), packet.destinationPort());
            }
        }
        return named.build();
    }

    /** Whether this is the pattern of any address. */
    boolean isPattern() {
        return parts.length > 0;
    }

    /** Whether classes can be put down for another address: none of its addresses stands elsewhere in the pattern. */
    boolean fits(Likeness like) {
        if (!isPattern() || like.count() != pattern.count()) {
            return false;
        }
        for (int i = 0; i < like.count(); i++) {
            int place = pattern.find(like.high(i), like.low(i));
            if (place >= 0 && place != i) {
                return false;
            }
        }
        return true;
    }

    /** The classes of the packets to an address that fits. */
    Vector<Cell> cells(Likeness like, IpAddress address, LikeCells.Source source) {
        AddressSet destinations = AddressSet.of(address);
        AddressSet[] from = new AddressSet[sources.length];
        for (int i = 0; i < from.length; i++) {
            from[i] = sources[i].of(like);
        }
        Ends[] to = new Ends[ends.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = ends[i].of(like);
        }
        Cell[] cells = new Cell[parts.length];
        for (int i = 0; i < cells.length; i++) {
            Part part = parts[i];
            PacketClass packets =
                    new PacketClass(part.protocol, from[part.sources], part.sourcePorts, destinations, part.ports);
            cells[i] = new LikeCell(packets, to[part.ends], source);
        }
        return Vector.of(cells);
    }

    /** How a packet to an address that fits ends; null where that depends on more than is known of the packet. */
    @Nullable
    Ends ends(Likeness like, Packet packet) {
        long high = packet.source().high();
        long low = packet.source().low();
        int place = like.find(high, low);
        if (place >= 0) {
            high = pattern.high(place);
            low = pattern.low(place);
        } else {
            int other = pattern.find(high, low);
            high = other >= 0 ? like.high(other) : high;
            low = other >= 0 ? like.low(other) : low;
        }
        for (Part part : parts) {
            if (part.mayHold(packet) && sources[part.sources].holds(high, low)) {
                return withPort(ends[part.ends].of(like), part.ports, packet);
            }
        }
        return null;
    }

    private record LikeCell(PacketClass packets, Ends ends, LikeCells.Source source) implements Cell {
        @Override
        public ProxyVerdict verdict() {
            return source.verdict(packets);
        }
    }
}
