package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.walk.Box;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the packets to addresses that a balancer looks at on their own: what is the same for all addresses of a
 * kind is found once, and only the ports that something names with an address are surveyed for it. Safe for use from several
 * threads.
 */
final class KindClasses {
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final GroupPartition partition;
    private final Surveys surveys;
    private final Arrival arrival;
    private final Map<Integer, Option<KindParts>> known = new ConcurrentHashMap<>();

    KindClasses(GroupPartition partition, Surveys surveys, Arrival arrival) {
        this.partition = partition;
        this.surveys = surveys;
        this.arrival = arrival;
    }

    /** All classes of the packets to an address; empty where they have to be found in another way. */
    Option<Vector<PartCell>> cells(int number) {
        return cells(number, true);
    }

    /** Those on the ports that something names with it; empty also where packets to its other ports may reach an endpoint. */
    Option<Vector<PartCell>> named(int number) {
        return cells(number, false);
    }

    private Option<Vector<PartCell>> cells(int number, boolean all) {
        @Nullable KindParts template = template(number);
        if (template == null || !all && template.mayReachEndpoint()) {
            return Option.none();
        }
        IndexKeys keys = surveys.keys();
        Ranges to = Ranges.single(keys.addressHigh(number), keys.addressLow(number));
        AddressSet destinations = AddressSet.ofBounds(partition.isV6(), to.bounds());
        Region region = Region.all(partition.isV6()).with(Box.DESTINATION, to);
        Ranges[] named = new Ranges[PROTOCOLS.length];
        List<PartCell> cells = new ArrayList<>(16);
        for (Protocol protocol : PROTOCOLS) {
            Ranges wanted = union(surveys.kinds().ports(number, protocol), template.named(protocol));
            named[protocol.ordinal()] = wanted;
            if (wanted.isEmpty()) {
                continue;
            }
            Survey.Divided divided =
                    surveys.divide(protocol, arrival, region.with(Box.DESTINATION_PORT, wanted), false);
            if (divided == null) {
                return Option.none();
            }
            for (Tree.Part part : divided.parts()) {
                cells.add(partition.cell(protocol, part, destinations));
            }
        }
        if (all) {
            template.to(partition, named, destinations, cells);
        }
        return Option.some(Vector.ofAll(cells));
    }

    private @Nullable KindParts template(int number) {
        AddressKinds kinds = surveys.kinds();
        int kind = kinds.kind(number);
        if (kind == AddressKinds.ALONE) {
            return null;
        }
        Option<KindParts> found = known.get(kind);
        if (found == null) {
            found = Option.of(KindParts.of(surveys, kinds.pattern(kind), arrival, partition.isV6()));
            known.put(kind, found);
        }
        return found.getOrNull();
    }

    private static Ranges union(Ranges one, Ranges other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        PortList.Union union = new PortList.Union();
        union.add(one);
        union.add(other);
        return union.ranges();
    }
}
