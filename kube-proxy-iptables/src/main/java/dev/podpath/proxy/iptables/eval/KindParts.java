package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.walk.Box;
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
    private final EndedParts parts;
    private final List<Protocol> protocols = new ArrayList<>();

    private KindParts(Ranges[] named, List<List<Tree.Part>> byProtocol, boolean v6) {
        this.named = named;
        List<Tree.Part> all = new ArrayList<>();
        for (Protocol protocol : PROTOCOLS) {
            for (Tree.Part part : byProtocol.get(protocol.ordinal())) {
                all.add(part);
                protocols.add(protocol);
            }
        }
        this.parts = new EndedParts(all, v6);
    }

    /** The parts of an address; null where what becomes of packets to it holds for no other address. */
    static @Nullable KindParts of(Surveys surveys, int number, Arrival arrival, boolean v6) {
        IndexKeys keys = surveys.keys();
        Ranges to = Ranges.single(keys.addressHigh(number), keys.addressLow(number));
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

    /** Whether packets may reach an endpoint. */
    boolean mayReachEndpoint() {
        for (int part = 0; part < parts.count(); part++) {
            if (parts.mayReachEndpoint(part)) {
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
    void to(GroupPartition partition, Ranges[] without, AddressSet destinations, List<PartCell> cells) {
        for (int i = 0; i < parts.count(); i++) {
            Protocol protocol = protocols.get(i);
            parts.to(i, partition, protocol, without[protocol.ordinal()], destinations, cells);
        }
    }
}
