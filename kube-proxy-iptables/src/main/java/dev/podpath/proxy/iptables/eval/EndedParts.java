package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.walk.Box;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parts of packets, each with how its packets end, to be put down for several addresses. Safe for use from several threads. */
final class EndedParts {
    /** So many ports are remembered with what they leave of the ports of a part. */
    private static final int REMEMBERED = 256;

    private final Ended[] parts;
    private final boolean v6;

    EndedParts(List<Tree.Part> parts, boolean v6) {
        this.v6 = v6;
        this.parts = new Ended[parts.size()];
        for (int i = 0; i < this.parts.length; i++) {
            this.parts[i] = new Ended(parts.get(i), v6);
        }
    }

    /** A part in the form in which it is put down. What it remembers several threads may find out at once. */
    private static final class Ended {
        private final Tree.Part part;
        private final AddressSet sources;
        private final PortSet sourcePorts;
        private final PortSet ports;
        private @Nullable Rest @Nullable [] rests;
        private @Nullable Ends ends;

        Ended(Tree.Part part, boolean v6) {
            this.part = part;
            this.sources =
                    AddressSet.ofBounds(v6, part.region().field(Box.SOURCE).bounds());
            this.sourcePorts = PartCell.ports(part.region().field(Box.SOURCE_PORT));
            this.ports = PartCell.ports(part.region().field(Box.DESTINATION_PORT));
        }

        /** What is left of the ports without some. */
        Rest without(Ranges some) {
            if (!some.isSingle()) {
                return rest(some);
            }
            @Nullable Rest[] remembered = rests;
            if (remembered == null) {
                remembered = new Rest[REMEMBERED];
                rests = remembered;
            }
            int at = (int) (some.firstLow() * 0x9E37_79B1L >>> 16) & REMEMBERED - 1;
            Rest known = remembered[at];
            if (known == null || known.without.firstLow() != some.firstLow()) {
                known = rest(some);
                remembered[at] = known;
            }
            return known;
        }

        private Rest rest(Ranges some) {
            Ranges all = part.region().field(Box.DESTINATION_PORT);
            Ranges left = all.minus(some);
            boolean sameEnds = left == all || !left.isSingle() && !all.isSingle();
            return new Rest(some, left == all ? ports : PartCell.ports(left), sameEnds);
        }
    }

    /**
     * Ports.
     *
     * @param without those that were left out
     * @param left those that are left
     * @param sameEnds whether packets to these end as those to all; ends name the port where there is but one
     */
    private record Rest(Ranges without, PortSet left, boolean sameEnds) {}

    int count() {
        return parts.length;
    }

    Tree.Part part(int part) {
        return parts[part].part;
    }

    /** How the packets of a part end; null where it takes the verdict to tell. */
    private @Nullable Ends ends(Ended of) {
        Ends made = of.ends;
        if (made == null && LeafEnds.isTold(of.part.leaves())) {
            made = LeafEnds.of(of.part.leaves(), v6, PartCell.port(of.part.region()));
            of.ends = made;
        }
        return made;
    }

    /** Whether packets of a part may reach an endpoint. */
    boolean mayReachEndpoint(int part) {
        Ends told = ends(parts[part]);
        boolean reaching = told == null;
        for (int end = 0; told != null && end < told.count(); end++) {
            reaching |= told.kind(end) == Ends.Kind.ENDPOINT;
        }
        return reaching;
    }

    /** Adds the class of the packets of a part to an address, on other ports than some; none where no port is left. */
    void to(
            int number,
            GroupPartition partition,
            Protocol protocol,
            Ranges without,
            AddressSet destinations,
            List<PartCell> cells) {
        Ended of = parts[number];
        PortSet left = of.ports;
        boolean sameEnds = true;
        if (!without.isEmpty()) {
            Rest rest = of.without(without);
            left = rest.left;
            sameEnds = rest.sameEnds;
        }
        if (!left.isEmpty()) {
            PacketClass packets = new PacketClass(protocol, of.sources, of.sourcePorts, destinations, left);
            cells.add(new PartCell(partition, packets, of.part.leaves(), sameEnds ? ends(of) : null));
        }
    }

    /** The class of the packets of a part to some addresses. */
    PartCell to(int number, GroupPartition partition, Protocol protocol, AddressSet destinations) {
        Ended of = parts[number];
        PacketClass packets = new PacketClass(protocol, of.sources, of.sourcePorts, destinations, of.ports);
        return new PartCell(partition, packets, of.part.leaves(), of.ends);
    }
}
