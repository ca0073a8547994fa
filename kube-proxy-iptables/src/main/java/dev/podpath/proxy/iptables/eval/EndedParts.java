package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.Ends;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parts of packets, each with how its packets end, to be put down for several addresses. Safe for use from several threads. */
final class EndedParts {
    private final List<Tree.Part> parts;
    private final boolean v6;
    /** For each part how its packets end, made when it is asked for; several threads may make the same. */
    private final @Nullable Ends[] ends;

    EndedParts(List<Tree.Part> parts, boolean v6) {
        this.parts = parts;
        this.v6 = v6;
        this.ends = new Ends[parts.size()];
    }

    int count() {
        return ends.length;
    }

    Tree.Part part(int part) {
        return parts.get(part);
    }

    /** How the packets of a part end, where somebody asked before; else null. */
    @Nullable
    Ends known(int part) {
        return ends[part];
    }

    /** How the packets of a part end; null where it takes the verdict to tell. */
    private @Nullable Ends ends(int part) {
        Ends made = ends[part];
        if (made == null && LeafEnds.isTold(parts.get(part).leaves())) {
            made = LeafEnds.of(
                    parts.get(part).leaves(), v6, PartCell.port(parts.get(part).region()));
            ends[part] = made;
        }
        return made;
    }

    /** Whether packets of a part may reach an endpoint. */
    boolean mayReachEndpoint(int part) {
        Ends told = ends(part);
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
            Ranges address,
            Ranges without,
            AddressSet destinations,
            List<PartCell> cells) {
        Tree.Part part = parts.get(number);
        Ranges ports = part.region().field(Box.DESTINATION_PORT);
        Ranges left = ports.minus(without);
        if (!left.isEmpty()) {
            Region region = part.region().with(Box.DESTINATION, address);
            boolean same = left == ports || !left.isSingle() && !ports.isSingle();
            cells.add(new PartCell(
                    partition,
                    protocol,
                    left == ports ? region : region.with(Box.DESTINATION_PORT, left),
                    destinations,
                    part.leaves(),
                    same ? ends(number) : null));
        }
    }
}
