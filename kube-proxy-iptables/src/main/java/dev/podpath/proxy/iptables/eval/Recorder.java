package dev.podpath.proxy.iptables.eval;

import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.IpSet;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Table;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Narrows an extent as a walk goes: to the packets that would have gone the same way so far. */
final class Recorder {
    private final Extent extent;
    private final IndexKeys keys;
    private final NodeNetwork network;
    private final boolean family6;
    private final Map<IpSet, Cuts[]> sets;

    Recorder(Extent extent, IndexKeys keys, NodeNetwork network, boolean family6, Map<IpSet, Cuts[]> sets) {
        this.extent = extent;
        this.family6 = family6;
        this.keys = keys;
        this.network = network;
        this.sets = sets;
    }

    /** A place for the cuts of sets, which are made when they are needed. */
    static Map<IpSet, Cuts[]> setCuts() {
        return new ConcurrentHashMap<>();
    }

    /** A test of a rule was asked of a packet. */
    void test(Path path, Table table, int[] code, int at, int header) {
        if (Op.of(header) >= Op.ORIG_SRC && Op.of(header) <= Op.ORIG_DPORT || Op.of(header) >= Op.RECENT) {
            extent.other();
        }
        boolean v6 = table.isV6();
        switch (Op.of(header)) {
            case Op.SRC, Op.SRC_MASKED, Op.SRC_RANGE -> address(Box.SOURCE, path, code, at, header, v6);
            case Op.DST, Op.DST_MASKED, Op.DST_RANGE -> address(Box.DESTINATION, path, code, at, header, v6);
            case Op.ORIG_SRC -> range(Box.SOURCE, path.cameSrcHigh, path.cameSrcLow, code, at, header, v6);
            case Op.ORIG_DST, Op.IPVS_VADDR ->
                range(Box.DESTINATION, path.cameDstHigh, path.cameDstLow, code, at, header, v6);
            case Op.SPORT -> port(Box.SOURCE_PORT, path, code[at + 1]);
            case Op.DPORT -> port(Box.DESTINATION_PORT, path, code[at + 1]);
            case Op.ORIG_SPORT -> port(Box.SOURCE_PORT, path.cameSourcePort, code[at + 1]);
            case Op.ORIG_DPORT, Op.IPVS_VPORT -> port(Box.DESTINATION_PORT, path.cameDestinationPort, code[at + 1]);
            case Op.PORTS -> ports(path, code, at, Op.argument(header));
            case Op.SRC_TYPE -> kind(Box.SOURCE, path);
            case Op.DST_TYPE -> kind(Box.DESTINATION, path);
            default -> {}
        }
    }

    private static boolean isOriginal(int field, Path path) {
        return field == Box.DESTINATION
                ? path.destinationOriginal
                : field == Box.DESTINATION_PORT ? path.portOriginal : path.sourceOriginal;
    }

    private void address(int field, Path path, int[] code, int at, int header, boolean v6) {
        if (isOriginal(field, path)) {
            boolean source = field == Box.SOURCE;
            range(
                    field,
                    source ? path.srcHigh : path.dstHigh,
                    source ? path.srcLow : path.dstLow,
                    code,
                    at,
                    header,
                    v6);
        }
    }

    private void range(int field, long high, long low, int[] code, int at, int header, boolean v6) {
        int words = v6 ? 4 : 1;
        long fromHigh = Addresses.high(code, at + 1, v6);
        long fromLow = Addresses.low(code, at + 1, v6);
        switch (Op.of(header)) {
            case Op.SRC_RANGE, Op.DST_RANGE ->
                extent.narrow(
                        field,
                        high,
                        low,
                        fromHigh,
                        fromLow,
                        Addresses.high(code, at + 1 + words, v6),
                        Addresses.low(code, at + 1 + words, v6));
            case Op.SRC_MASKED, Op.DST_MASKED -> {
                // Addresses that differ only below the last bit of the mask are alike.
                long maskLow = Addresses.low(code, at + 1 + words, v6);
                long maskHigh = Addresses.high(code, at + 1 + words, v6);
                int zeros = maskLow != 0
                        ? Long.numberOfTrailingZeros(maskLow)
                        : 64 + (maskHigh != 0 ? Long.numberOfTrailingZeros(maskHigh) : 64);
                int length = Math.max(0, (v6 ? 128 : 32) - Math.min(zeros, v6 ? 128 : 32));
                long baseHigh = high & Addresses.maskHigh(length, v6);
                long baseLow = low & Addresses.maskLow(length, v6);
                prefix(field, high, low, baseHigh, baseLow, length, v6);
            }
            default -> prefix(field, high, low, fromHigh, fromLow, Op.argument(header), v6);
        }
    }

    private void prefix(int field, long high, long low, long fromHigh, long fromLow, int length, boolean v6) {
        extent.narrow(
                field,
                high,
                low,
                fromHigh,
                fromLow,
                Prefixes.lastHigh(fromHigh, length, v6),
                Prefixes.lastLow(fromLow, length, v6));
    }

    private void ports(Path path, int[] code, int at, int argument) {
        for (int i = 1; i <= argument >>> 2; i++) {
            if ((argument & 1) != 0) {
                port(Box.SOURCE_PORT, path, code[at + i]);
            }
            if ((argument & 2) != 0) {
                port(Box.DESTINATION_PORT, path, code[at + i]);
            }
        }
    }

    /** Whether a port is in a range was asked. */
    void port(int field, Path path, int range) {
        if (isOriginal(field, path)) {
            port(field, field == Box.SOURCE_PORT ? path.sourcePort : path.destinationPort, range);
        }
    }

    private void port(int field, int port, int range) {
        extent.narrow(field, 0, port, 0, range >>> 16, 0, range & 0xFFFF);
    }

    /** What kind of address it is, or where it is routed, was asked. */
    void kind(int field, Path path) {
        alike(field, path, network.cuts(family6));
    }

    /** Over which interface the source is reached was asked. */
    void device(Path path) {
        alike(Box.SOURCE, path, network.deviceCuts(family6));
    }

    private void alike(int field, Path path, Cuts cuts) {
        if (isOriginal(field, path)) {
            boolean source = field == Box.SOURCE;
            extent.alike(field, source ? path.srcHigh : path.dstHigh, source ? path.srcLow : path.dstLow, cuts);
        }
    }

    /** The result depends on the very address. */
    void pin(int field, Path path) {
        if (isOriginal(field, path)) {
            boolean source = field == Box.SOURCE;
            extent.pin(field, source ? path.srcHigh : path.dstHigh, source ? path.srcLow : path.dstLow);
        }
    }

    /** Takes from a balancer which packets are alike to it. */
    Balancer.Alike alike(Path path) {
        return new Balancer.Alike() {
            @Override
            public void sourcePorts(int first, int last) {
                port(Box.SOURCE_PORT, path, first << 16 | last);
            }

            @Override
            public void destinationPorts(int first, int last) {
                port(Box.DESTINATION_PORT, path, first << 16 | last);
            }
        };
    }

    void index(Table table, int chain, Path path, int protocol) {
        if (extent.isSettled(Box.DESTINATION_PORT)) {
            return;
        }
        keys.narrow(extent, table, chain, path, protocol);
    }

    /** Whether part of a packet is in part of a set was asked. */
    void set(IpSet set, int part, int field, Path path, long high, long low) {
        if (!isOriginal(field, path)) {
            return;
        }
        extent.alike(field, high, low, sets.computeIfAbsent(set, Recorder::cuts)[part]);
    }

    private static Cuts[] cuts(IpSet set) {
        IpSet.Part[] parts = set.parts();
        Cuts[] cuts = new Cuts[parts.length];
        for (int part = 0; part < parts.length; part++) {
            Cuts.Builder builder = new Cuts.Builder();
            for (int element = 0; element < set.size(); element++) {
                long high = set.word(element, 2 * part);
                long low = set.word(element, 2 * part + 1);
                if (parts[part] == IpSet.Part.PORT) {
                    builder.range(0, low & 0xFFFF, 0, low & 0xFFFF);
                } else {
                    Prefixes.cut(builder, high, low, set.prefixLength(element, part), set.isV6());
                }
            }
            cuts[part] = builder.build(set.isV6());
        }
        return cuts;
    }
}
