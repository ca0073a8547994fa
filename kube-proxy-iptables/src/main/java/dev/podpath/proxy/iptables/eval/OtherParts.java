package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.walk.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of the packets of one protocol to the addresses that rules do not name on their own. Their destinations are
 * written with the named addresses among them, because a packet to one of those goes the same way unless its port is wanted.
 */
final class OtherParts {
    private final Protocol protocol;
    private final EndedParts parts;
    private final List<Ranges> leftOut;
    private final boolean v6;
    /** Starts of intervals of destinations, and for each the parts that hold it. */
    private final long[] high;

    private final long[] low;
    private final int[][] within;
    /** The different sets of destinations, and for each part which of them is its. */
    private final List<AddressSet> destinations;

    private final int[] kind;

    OtherParts(Protocol protocol, Survey.Divided divided, boolean v6) {
        this.protocol = protocol;
        this.parts = new EndedParts(Joined.parts(divided.parts(), v6), v6);
        this.leftOut = divided.leftOut();
        this.v6 = v6;
        this.kind = new int[parts.count()];
        List<Ranges> distinct = distinct(kind);
        this.destinations = distinct.stream()
                .map(ranges -> AddressSet.ofBounds(v6, ranges.bounds()))
                .toList();
        KeyList starts = new KeyList();
        starts.add(0, 0, -1);
        for (Ranges destinations : distinct) {
            long[] bounds = destinations.bounds();
            for (int i = 0; i < bounds.length; i += 4) {
                starts.add(bounds[i], bounds[i + 1], -1);
                long next = bounds[i + 3] + 1;
                if (v6 ? next != 0 || bounds[i + 2] != -1L : next <= 0xFFFF_FFFFL) {
                    starts.add(next == 0 ? bounds[i + 2] + 1 : bounds[i + 2], next, -1);
                }
            }
        }
        starts.sort();
        this.high = new long[starts.count()];
        this.low = new long[starts.count()];
        this.within = new int[starts.count()][];
        for (int i = 0; i < high.length; i++) {
            high[i] = starts.high(i);
            low[i] = starts.low(i);
            within[i] = i > 0 && high[i] == high[i - 1] && low[i] == low[i - 1]
                    ? within[i - 1]
                    : holding(distinct, kind, high[i], low[i]);
        }
    }

    /** Ranges that no part holds the named addresses of. */
    List<Ranges> leftOut() {
        return leftOut;
    }

    /** The different sets of destinations; notes for each part which of them is its. */
    private List<Ranges> distinct(int[] kind) {
        IdentityHashMap<Ranges, Integer> seen = new IdentityHashMap<>();
        Map<AddressSet, Integer> known = new HashMap<>();
        List<Ranges> all = new ArrayList<>();
        for (int i = 0; i < kind.length; i++) {
            Ranges ranges = parts.part(i).region().field(Box.DESTINATION);
            Integer number = seen.get(ranges);
            if (number == null) {
                number = known.computeIfAbsent(AddressSet.ofBounds(v6, ranges.bounds()), set -> {
                    all.add(ranges);
                    return all.size() - 1;
                });
                seen.put(ranges, number);
            }
            kind[i] = number;
        }
        return all;
    }

    private static int[] holding(List<Ranges> distinct, int[] kind, long addressHigh, long addressLow) {
        boolean[] holds = new boolean[distinct.size()];
        for (int i = 0; i < holds.length; i++) {
            holds[i] = distinct.get(i).contains(addressHigh, addressLow);
        }
        int[] found = new int[kind.length];
        int count = 0;
        for (int i = 0; i < found.length; i++) {
            if (holds[kind[i]]) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** Whether packets to a named address may reach an endpoint on ports that no rule names with it. */
    boolean mayReachEndpoint(IpAddress address) {
        for (int i : within[interval(address.high(), address.low())]) {
            if (parts.mayReachEndpoint(i)) {
                return true;
            }
        }
        return false;
    }

    /** The interval of destinations that holds an address. */
    private int interval(long addressHigh, long addressLow) {
        int from = 0;
        int to = high.length - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (Box.compare(high[middle], low[middle], addressHigh, addressLow) <= 0) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return from;
    }

    /** Adds the classes of the packets to an address on other ports than some. */
    void to(GroupPartition partition, Ranges without, AddressSet destinations, List<PartCell> cells) {
        for (int i : within[interval(destinations.firstHigh(0), destinations.firstLow(0))]) {
            parts.to(i, partition, protocol, without, destinations, cells);
        }
    }

    /**
     * The classes of the packets to addresses that rules do not name on their own.
     *
     * @param others the addresses of a set that are not named, by the set; more are added
     */
    List<PartCell> cells(GroupPartition partition, IndexKeys keys, Map<AddressSet, AddressSet> others) {
        List<AddressSet> open = destinations.stream()
                .map(all -> others.computeIfAbsent(all, keys::others))
                .toList();
        List<PartCell> cells = new ArrayList<>(parts.count());
        for (int i = 0; i < parts.count(); i++) {
            AddressSet to = open.get(kind[i]);
            if (!to.isEmpty()) {
                cells.add(parts.to(i, partition, protocol, to));
            }
        }
        return cells;
    }
}
