package dev.podpath.core.verify;

import dev.podpath.core.intent.LocalDetection;
import dev.podpath.core.intent.NodeView;
import dev.podpath.core.intent.Sender;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.packet.Arrival;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The source addresses packets can have that come one way, by who sends them. Sources that cannot come about are in none:
 * the node's own or loopback addresses from elsewhere, others from the node itself, multicast and reserved ones.
 */
final class SourceZones {
    private static final Sender[] SENDERS = Sender.values();
    private static final AddressSet UNUSABLE_V4 = ranges(false, "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3");
    private static final AddressSet UNUSABLE_V6 = ranges(true, "::/127", "ff00::/8", "fe80::/10");
    /** Without the first and the last address, which are broadcast ones (net/ipv4/fib_frontend.c) and nobody's source. */
    private static final AddressSet LOOPBACK_V4 =
            AddressSet.range(IpAddress.of("127.0.0.1"), IpAddress.of("127.255.255.254"));

    private static final AddressSet LOOPBACK_V6 = ranges(true, "::1/128");

    private final Map<Sender, AddressSet> sets;
    private final long[] firstHigh;
    private final long[] firstLow;
    private final long[] lastHigh;
    private final long[] lastLow;
    private final byte[] bits;

    private SourceZones(Map<Sender, AddressSet> sets) {
        this.sets = sets;
        record Zone(AddressSet.Range range, int bit) {}
        List<Zone> zones = new ArrayList<>();
        sets.forEach((sender, set) -> set.ranges().forEach(range -> zones.add(new Zone(range, 1 << sender.ordinal()))));
        zones.sort(Comparator.comparing(zone -> zone.range().first()));
        int count = zones.size();
        firstHigh = new long[count];
        firstLow = new long[count];
        lastHigh = new long[count];
        lastLow = new long[count];
        bits = new byte[count];
        for (int i = 0; i < count; i++) {
            AddressSet.Range range = zones.get(i).range();
            firstHigh[i] = range.first().high();
            firstLow[i] = range.first().low();
            lastHigh[i] = range.last().high();
            lastLow[i] = range.last().low();
            bits[i] = (byte) zones.get(i).bit();
        }
    }

    private static AddressSet ranges(boolean v6, String... prefixes) {
        AddressSet all = AddressSet.empty(v6);
        for (String prefix : prefixes) {
            all = all.union(AddressSet.of(IpPrefix.of(prefix)));
        }
        return all;
    }

    /** The senders of packets that come this way to an address that is no loopback one. */
    static SourceZones of(Arrival arrival, boolean v6, LocalDetection detection, NodeView node) {
        AddressSet own = AddressSet.of(v6, node.addresses().filter(address -> address.isV6() == v6));
        AddressSet usable = (v6 ? UNUSABLE_V6 : UNUSABLE_V4).complement();
        return arrival.isLocalOutput()
                ? split(own.intersect(usable), own, pods(arrival, v6, detection))
                : split(usable.minus(own), own, pods(arrival, v6, detection));
    }

    /** The senders of packets to a loopback address: only the node itself can. */
    static SourceZones ofLoopback(Arrival arrival, boolean v6, LocalDetection detection) {
        AddressSet loopback = v6 ? LOOPBACK_V6 : LOOPBACK_V4;
        return arrival.isLocalOutput()
                ? split(loopback, loopback, pods(arrival, v6, detection))
                : split(AddressSet.empty(v6), loopback, AddressSet.empty(v6));
    }

    private static AddressSet pods(Arrival arrival, boolean v6, LocalDetection detection) {
        if (detection instanceof LocalDetection.ByAddress byAddress) {
            return byAddress.of(v6);
        }
        boolean all = detection instanceof LocalDetection.ByInterface byInterface
                && arrival.inputInterface().exists(byInterface::holds);
        return all ? AddressSet.all(v6) : AddressSet.empty(v6);
    }

    private static SourceZones split(AddressSet considered, AddressSet own, AddressSet pods) {
        Map<Sender, AddressSet> sets = new EnumMap<>(Sender.class);
        AddressSet others = considered.minus(pods);
        sets.put(Sender.POD, considered.intersect(pods));
        sets.put(Sender.NODE, others.intersect(own));
        sets.put(Sender.OTHER, others.minus(own));
        return new SourceZones(sets);
    }

    /** The addresses of a sender. */
    AddressSet of(Sender sender) {
        return sets.getOrDefault(sender, AddressSet.empty(false));
    }

    /** Whether nobody can send so. */
    boolean isEmpty() {
        return bits.length == 0;
    }

    /** Which senders some of these addresses belong to: bit {@code 1 << ordinal}. */
    int mask(AddressSet sources) {
        int mask = 0;
        for (int i = 0; i < sources.rangeCount(); i++) {
            mask |= mask(sources.firstHigh(i), sources.firstLow(i), sources.lastHigh(i), sources.lastLow(i));
        }
        return mask;
    }

    /** Which senders some addresses of a range belong to. */
    int mask(long fromHigh, long fromLow, long toHigh, long toLow) {
        int low = 0;
        int high = bits.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(lastHigh[middle], lastLow[middle], fromHigh, fromLow) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int mask = 0;
        for (int i = low; i < bits.length && compare(firstHigh[i], firstLow[i], toHigh, toLow) <= 0; i++) {
            mask |= bits[i];
        }
        return mask;
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }

    /** The sender of a bit of a mask. */
    static Sender sender(int mask) {
        return SENDERS[Integer.numberOfTrailingZeros(mask)];
    }
}
