package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Likeness;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the packets to one address, to be put down for every other one that is alike: each address of the one
 * {@link Likeness} changes places with that of the other, as source and among the ends. Immutable.
 */
final class LikeTemplate {
    private static final ThreadLocal<NumberEditor> EDITORS = ThreadLocal.withInitial(NumberEditor::new);
    /** With more addresses it takes longer to exchange them than to look. */
    private static final int MOST_ADDRESSES = 64;
    /**
     * A balancer can tell one source port from all others, as IPVS does that of ftp-data; to it an open port, 0, is one of the
     * others. A rule that looks at it cannot tell.
     */
    private static final int ALL_BUT_ONE = 65534;

    private final Likeness pattern;
    private final Part[] parts;
    private final int named;
    private final boolean v6;

    private LikeTemplate(Likeness pattern, Part[] parts, int named, boolean v6) {
        this.pattern = pattern;
        this.parts = parts;
        this.named = named;
        this.v6 = v6;
    }

    /** A class, but for its destination. */
    private static final class Part {
        private final Protocol protocol;
        private final Ranges sources;
        private final AddressSet sourceSet;
        /** For each address of the pattern whether it is a source of the class. */
        private final boolean[] inside;

        private final PortSet sourcePorts;
        private final boolean anySourcePort;
        /** Whether packets with an open source port, 0, end as the others. */
        private final boolean open;

        private final PortSet ports;
        private final Ends ends;
        /** For each end the place of the endpoint's address in the pattern, or -1; empty where no end is an endpoint. */
        private final int[] endpoints;

        private final boolean openPort;

        Part(
                Likeness pattern,
                PacketClass packets,
                Ends ends,
                int[] endpoints,
                Function<Packet, @Nullable Ends> alone) {
            this.protocol = packets.protocol();
            this.sourceSet = packets.sources();
            this.sources = ranges(sourceSet);
            this.inside = new boolean[pattern.count()];
            for (int i = 0; i < inside.length; i++) {
                inside[i] = sources.contains(pattern.high(i), pattern.low(i));
            }
            this.sourcePorts = packets.sourcePorts();
            this.anySourcePort = sourcePorts.equals(PartCell.ports(Region.SOURCE_PORTS));
            this.ports = packets.destinationPorts();
            this.ends = ends;
            this.endpoints = endpoints;
            this.openPort = !ports.isSingle();
            this.open = sourcePorts.size() >= ALL_BUT_ONE
                    && ends(pattern, ports.first()).equals(alone.apply(withOpenPort(packets.sample())));
        }

        private static Packet withOpenPort(Packet packet) {
            return new Packet(packet.protocol(), packet.source(), 0, packet.destination(), packet.destinationPort());
        }

        private static Ranges ranges(AddressSet set) {
            long[] bounds = new long[4 * set.rangeCount()];
            for (int i = 0; i < set.rangeCount(); i++) {
                bounds[4 * i] = set.firstHigh(i);
                bounds[4 * i + 1] = set.firstLow(i);
                bounds[4 * i + 2] = set.lastHigh(i);
                bounds[4 * i + 3] = set.lastLow(i);
            }
            return Ranges.of(bounds);
        }

        AddressSet sources(Likeness pattern, Likeness like) {
            NumberEditor editor = null;
            for (int i = 0; i < inside.length; i++) {
                long high = like.high(i);
                long low = like.low(i);
                if (sources.contains(high, low) == inside[i]) {
                    continue;
                }
                if (editor == null) {
                    editor = EDITORS.get();
                    editor.start(sources);
                }
                if (inside[i]) {
                    editor.without(pattern.high(i), pattern.low(i));
                    editor.plus(high, low);
                } else {
                    editor.without(high, low);
                    editor.plus(pattern.high(i), pattern.low(i));
                }
            }
            return editor == null ? sourceSet : AddressSet.ofBounds(sourceSet.isV6(), editor.bounds());
        }

        boolean holds(Packet packet, long sourceHigh, long sourceLow) {
            int port = packet.sourcePort();
            return protocol == packet.protocol()
                    && ports.contains(packet.destinationPort())
                    && (port == 0 ? open : anySourcePort || sourcePorts.contains(port))
                    && sources.contains(sourceHigh, sourceLow);
        }

        /** Its ends for an address; where packets go to several ports, at the port a packet came with or 0 for any. */
        Ends ends(Likeness like, int port) {
            if (endpoints.length == 0) {
                return ends;
            }
            Ends.Builder others = ends.toOthers();
            for (int end = 0; end < endpoints.length; end++) {
                int place = endpoints[end];
                if (place >= 0) {
                    int to = ends.port(end) == 0 && openPort ? port : ends.port(end);
                    others.endpoint(end, like.high(place), like.low(place), to);
                }
            }
            return others.build();
        }
    }

    /**
     * One of the classes of an address.
     *
     * @param cells first those on ports that something names with the address
     * @param named how many these are; -1 where they are not all that can reach an endpoint
     * @param alone follows one packet; null where it cannot tell its ends
     * @return null where it takes the verdict to tell how packets end, or they reach what is not in the likeness
     */
    static @Nullable LikeTemplate of(
            Likeness pattern, List<PartCell> cells, int named, boolean v6, Function<Packet, @Nullable Ends> alone) {
        if (pattern.count() > MOST_ADDRESSES) {
            return null;
        }
        Part[] parts = new Part[cells.size()];
        for (int i = 0; i < parts.length; i++) {
            Ends ends = cells.get(i).told();
            int[] endpoints = ends == null ? null : endpoints(pattern, ends);
            if (ends == null || endpoints == null) {
                return null;
            }
            parts[i] = new Part(pattern, cells.get(i).packets(), ends, endpoints, alone);
        }
        return new LikeTemplate(pattern, parts, named, v6);
    }

    /** One without classes. */
    static LikeTemplate empty() {
        return new LikeTemplate(new Likeness("", 0, 0), new Part[0], -1, false);
    }

    /** Whether there are no classes to be put down. */
    boolean isEmpty() {
        return parts.length == 0;
    }

    private static int @Nullable [] endpoints(Likeness pattern, Ends ends) {
        int[] places = new int[ends.count()];
        boolean reaching = false;
        for (int end = 0; end < places.length; end++) {
            boolean endpoint = ends.kind(end) == Ends.Kind.ENDPOINT;
            places[end] = endpoint ? pattern.find(ends.addressHigh(end), ends.addressLow(end)) : -1;
            if (endpoint && places[end] < 0) {
                return null;
            }
            reaching |= endpoint;
        }
        return reaching ? places : new int[0];
    }

    /** Whether every address can change places with the one at the same place, and with no other. */
    boolean fits(Likeness like) {
        if (like.count() != pattern.count()) {
            return false;
        }
        for (int i = 0; i < like.count(); i++) {
            int there = pattern.find(like.high(i), like.low(i));
            if (there >= 0 && there != i) {
                return false;
            }
        }
        return true;
    }

    /** Whether those of its classes that are on named ports are all that can reach an endpoint. */
    boolean tellsNamed() {
        return named >= 0;
    }

    /**
     * Puts down the classes for an address that is alike.
     *
     * @param all whether also those on ports that nothing names with it
     */
    PartCell[] put(GroupPartition partition, Likeness like, boolean all) {
        long[] bounds = {like.high(0), like.low(0), like.high(0), like.low(0)};
        AddressSet destinations = AddressSet.ofBounds(v6, bounds);
        PartCell[] cells = new PartCell[all ? parts.length : named];
        for (int i = 0; i < cells.length; i++) {
            Part part = parts[i];
            PacketClass packets = new PacketClass(
                    part.protocol, part.sources(pattern, like), part.sourcePorts, destinations, part.ports);
            cells[i] = new PartCell(partition, packets, List.of(), part.ends(like, 0));
        }
        return cells;
    }

    /** How a packet to an address that is alike ends; null where no class is known to hold it. */
    @Nullable
    Ends ends(Likeness like, Packet packet) {
        long high = packet.source().high();
        long low = packet.source().low();
        for (int i = 0; i < like.count(); i++) {
            if (like.low(i) == low && like.high(i) == high) {
                high = pattern.high(i);
                low = pattern.low(i);
                break;
            }
            if (pattern.low(i) == low && pattern.high(i) == high) {
                high = like.high(i);
                low = like.low(i);
                break;
            }
        }
        for (Part part : parts) {
            if (part.holds(packet, high, low)) {
                return part.ends(like, packet.destinationPort());
            }
        }
        return null;
    }
}
