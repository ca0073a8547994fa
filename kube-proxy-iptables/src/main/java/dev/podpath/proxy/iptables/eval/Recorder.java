package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;
import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.IpSet;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Table;

/** Narrows an extent as a walk goes: to the packets that would have gone the same way so far. */
final class Recorder {
    private final Extent extent;
    private final FieldCuts cuts;

    Recorder(Extent extent, FieldCuts cuts) {
        this.extent = extent;
        this.cuts = cuts;
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
        alike(field, path, cuts.kinds(field));
    }

    /** Over which interface the source is reached was asked. */
    void device(Path path) {
        alike(Box.SOURCE, path, cuts.devices());
    }

    private void alike(int field, Path path, Cuts places) {
        if (isOriginal(field, path) && !extent.isSettled(field)) {
            boolean source = field == Box.SOURCE;
            extent.alike(field, source ? path.srcHigh : path.dstHigh, source ? path.srcLow : path.dstLow, places);
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
        cuts.keys().narrow(extent, table, chain, path, protocol);
    }

    /**
     * Whether a packet is in a set was asked.
     *
     * @param argument a bit from the fourth on for each part of which the source was asked
     */
    void set(IpSet set, int argument, Path path, long[] values) {
        IpSet.Part[] parts = set.parts();
        int[] fields = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            boolean source = (argument & 8 << i) != 0;
            int field = switch (parts[i]) {
                case IFACE, MARK -> -1;
                case PORT -> source ? Box.SOURCE_PORT : Box.DESTINATION_PORT;
                default -> source ? Box.SOURCE : Box.DESTINATION;
            };
            fields[i] = field >= 0 && isOriginal(field, path) ? field : -1;
        }
        cuts.set(set).narrow(extent, fields, values);
    }
}
