package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.Ends;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the packets to one address on the ports that nothing names with it. They hold for every address of its
 * kind, on the ports that are named with neither.
 */
final class KindParts {
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final Ranges[] named;
    private final List<Tree.Part> parts = new ArrayList<>();
    private final List<Protocol> protocols = new ArrayList<>();
    /** For each part how its packets end, made when it is asked for; several threads may make the same. */
    private final @Nullable Ends[] ends;

    private final boolean v6;

    private KindParts(Ranges[] named, List<List<Tree.Part>> byProtocol, boolean v6) {
        this.named = named;
        this.v6 = v6;
        for (Protocol protocol : PROTOCOLS) {
            for (Tree.Part part : byProtocol.get(protocol.ordinal())) {
                parts.add(part);
                protocols.add(protocol);
            }
        }
        this.ends = new Ends[parts.size()];
    }

    /** The parts of an address; null where what becomes of packets to it holds for no other address. */
    static @Nullable KindParts of(Surveys surveys, int number, Arrival arrival, boolean v6) {
        IndexKeys keys = surveys.keys();
        Ranges to = Ranges.of(
                keys.addressHigh(number), keys.addressLow(number), keys.addressHigh(number), keys.addressLow(number));
        Ranges[] named = new Ranges[PROTOCOLS.length];
        List<List<Tree.Part>> all = new ArrayList<>();
        for (Protocol protocol : PROTOCOLS) {
            Ranges ports = surveys.kinds().ports(number, protocol);
            named[protocol.ordinal()] = ports;
            Region region =
                    Region.all(v6).with(Box.DESTINATION, to).with(Box.DESTINATION_PORT, Region.PORTS.minus(ports));
            if (region.field(Box.DESTINATION_PORT).isEmpty()) {
                all.add(List.of());
                continue;
            }
            Survey.Divided divided = surveys.divide(protocol, arrival, region, false);
            if (divided == null || v6 && isGivenItsSource(divided.parts())) {
                return null;
            }
            all.add(divided.parts());
        }
        return new KindParts(named, all, v6);
    }

    /** An IPv6 packet to an address of the node itself can be given that very address as its source. */
    private static boolean isGivenItsSource(List<Tree.Part> parts) {
        for (Tree.Part part : parts) {
            for (Path leaf : part.leaves()) {
                if (leaf.sourceChanged && leaf.destinationOriginal) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The ports of which it tells nothing. */
    Ranges named(Protocol protocol) {
        return named[protocol.ordinal()];
    }

    private @Nullable Ends ends(int part) {
        Ends made = ends[part];
        if (made == null && LeafEnds.isTold(parts.get(part).leaves())) {
            made = LeafEnds.of(
                    parts.get(part).leaves(), v6, PartCell.port(parts.get(part).region()));
            ends[part] = made;
        }
        return made;
    }

    /** Whether packets may reach an endpoint. */
    boolean mayReachEndpoint() {
        for (int part = 0; part < ends.length; part++) {
            Ends known = ends(part);
            for (int end = 0; known != null && end < known.count(); end++) {
                if (known.kind(end) == Ends.Kind.ENDPOINT) {
                    return true;
                }
            }
            if (known == null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Adds the classes of the packets to an address.
     *
     * @param without for each protocol the ports that are left out
     */
    void to(GroupPartition partition, Ranges address, Ranges[] without, AddressSet destinations, List<PartCell> cells) {
        for (int i = 0; i < ends.length; i++) {
            Protocol protocol = protocols.get(i);
            Tree.Part part = parts.get(i);
            Ranges ports = part.region().field(Box.DESTINATION_PORT);
            Ranges left = ports.minus(without[protocol.ordinal()]);
            if (!left.isEmpty()) {
                Region region = part.region().with(Box.DESTINATION, address);
                boolean same = left == ports || !left.isSingle() && !ports.isSingle();
                cells.add(new PartCell(
                        partition,
                        protocol,
                        left == ports ? region : region.with(Box.DESTINATION_PORT, left),
                        destinations,
                        part.leaves(),
                        same ? ends(i) : null));
            }
        }
    }
}
