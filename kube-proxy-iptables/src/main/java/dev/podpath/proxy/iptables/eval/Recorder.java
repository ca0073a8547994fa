package dev.podpath.proxy.iptables.eval;

import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.IpSet;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Table;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Narrows a box as a walk goes: to the packets that would have gone the same way so far. */
final class Recorder {
    private final Box box;
    private final IndexKeys keys;
    private final Cuts network;
    private final Map<IpSet, Cuts[]> sets;
    private Path origin = new Path();

    Recorder(Box box, IndexKeys keys, Cuts network, Map<IpSet, Cuts[]> sets) {
        this.box = box;
        this.keys = keys;
        this.network = network;
        this.sets = sets;
    }

    /** A place for the cuts of sets, which are made when they are needed. */
    static Map<IpSet, Cuts[]> setCuts() {
        return new ConcurrentHashMap<>();
    }

    Box box() {
        return box;
    }

    /** Keeps the packet as it came in. */
    void begin(Path start) {
        origin = start.fork();
    }

    /** A test of a rule was asked of a packet. */
    void test(Path path, Table table, int[] code, int at, int header) {
        boolean v6 = table.isV6();
        switch (Op.of(header)) {
            case Op.SRC, Op.SRC_MASKED, Op.SRC_RANGE -> address(Box.SOURCE, path, code, at, header, v6);
            case Op.DST, Op.DST_MASKED, Op.DST_RANGE -> address(Box.DESTINATION, path, code, at, header, v6);
            case Op.ORIG_SRC -> address(Box.SOURCE, origin, code, at, header, v6);
            case Op.ORIG_DST, Op.IPVS_VADDR -> address(Box.DESTINATION, origin, code, at, header, v6);
            case Op.SPORT -> port(Box.SOURCE_PORT, path, code[at + 1]);
            case Op.DPORT -> port(Box.DESTINATION_PORT, path, code[at + 1]);
            case Op.ORIG_SPORT -> port(Box.SOURCE_PORT, origin, code[at + 1]);
            case Op.ORIG_DPORT, Op.IPVS_VPORT -> port(Box.DESTINATION_PORT, origin, code[at + 1]);
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
        if (!isOriginal(field, path)) {
            return;
        }
        long high = field == Box.SOURCE ? path.srcHigh : path.dstHigh;
        long low = field == Box.SOURCE ? path.srcLow : path.dstLow;
        int words = v6 ? 4 : 1;
        long fromHigh = Addresses.high(code, at + 1, v6);
        long fromLow = Addresses.low(code, at + 1, v6);
        switch (Op.of(header)) {
            case Op.SRC_RANGE, Op.DST_RANGE ->
                box.narrow(
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
        box.narrow(
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
            int port = field == Box.SOURCE_PORT ? path.sourcePort : path.destinationPort;
            box.narrow(field, 0, port, 0, range >>> 16, 0, range & 0xFFFF);
        }
    }

    /** What kind of address it is, or where it is routed, was asked. */
    void kind(int field, Path path) {
        if (isOriginal(field, path)) {
            boolean source = field == Box.SOURCE;
            network.narrow(box, field, source ? path.srcHigh : path.dstHigh, source ? path.srcLow : path.dstLow);
        }
    }

    /** The result depends on the very address. */
    void pin(int field, Path path) {
        if (isOriginal(field, path)) {
            boolean source = field == Box.SOURCE;
            box.pin(field, source ? path.srcHigh : path.dstHigh, source ? path.srcLow : path.dstLow);
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
        keys.narrow(box, table, chain, path, protocol);
    }

    /** Whether part of a packet is in part of a set was asked. */
    void set(IpSet set, int part, int field, Path path, long high, long low) {
        if (!isOriginal(field, path)) {
            return;
        }
        sets.computeIfAbsent(set, Recorder::cuts)[part].narrow(box, field, high, low);
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
            cuts[part] = builder.build();
        }
        return cuts;
    }
}
