package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;
import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Table;
import java.util.Arrays;

/** Destination addresses that rules want, each with a protocol and port, or with -1 where a rule wants any. */
final class KeyList {
    /** A protocol and port take 24 bits; with one more the value -1 is told apart, and sorts first. */
    private static final int TRANSPORT_BITS = 25;

    private long[] high = new long[16];
    private long[] low = new long[16];
    private int[] transport = new int[16];
    private boolean small = true;
    private int count;

    void add(long addressHigh, long addressLow, int wanted) {
        if (count == low.length) {
            high = Arrays.copyOf(high, count * 2);
            low = Arrays.copyOf(low, count * 2);
            transport = Arrays.copyOf(transport, count * 2);
        }
        small &= addressHigh == 0 && addressLow >>> 32 == 0;
        high[count] = addressHigh;
        low[count] = addressLow;
        transport[count++] = wanted;
    }

    void addAll(KeyList other) {
        for (int i = 0; i < other.count; i++) {
            add(other.high[i], other.low[i], other.transport[i]);
        }
    }

    int count() {
        return count;
    }

    long high(int index) {
        return high[index];
    }

    long low(int index) {
        return low[index];
    }

    /** The protocol in the upper half and the port in the lower, or -1. */
    int transport(int index) {
        return transport[index];
    }

    /** A copy of all protocols and ports, in order. */
    int[] transports() {
        return Arrays.copyOf(transport, count);
    }

    /** Orders by address, then by protocol and port. */
    KeyList sort() {
        if (small) {
            long[] packed = new long[count];
            for (int i = 0; i < count; i++) {
                packed[i] = low[i] << TRANSPORT_BITS | transport[i] + 1;
            }
            Arrays.sort(packed);
            for (int i = 0; i < count; i++) {
                low[i] = packed[i] >>> TRANSPORT_BITS;
                transport[i] = (int) (packed[i] & (1 << TRANSPORT_BITS) - 1) - 1;
            }
            return this;
        }
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, this::compare);
        KeyList sorted = new KeyList();
        for (int i : order) {
            sorted.add(high[i], low[i], transport[i]);
        }
        high = sorted.high;
        low = sorted.low;
        transport = sorted.transport;
        return this;
    }

    private int compare(int one, int two) {
        int address = Box.compare(high[one], low[one], high[two], low[two]);
        return address != 0 ? address : Integer.compare(transport[one], transport[two]);
    }

    /** The first key that is not before an address and a protocol and port; the keys are sorted. */
    int bound(long addressHigh, long addressLow, int wanted) {
        int from = 0;
        int to = count;
        while (from < to) {
            int middle = (from + to) >>> 1;
            int order = Box.compare(high[middle], low[middle], addressHigh, addressLow);
            if (order < 0 || order == 0 && transport[middle] < wanted) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Reads what a rule wants; where it wants no single address, the protocol and port, or -1 where not these either. */
    int addRule(Table table, int rule) {
        int[] code = table.code();
        boolean v6 = table.isV6();
        int address = -1;
        int protocol = -1;
        int port = -1;
        for (int at = table.start(rule);
                Op.of(code[at]) < Op.FIRST_TARGET;
                at += 1 + Op.operands(code[at], table.addressWords())) {
            int header = code[at];
            if (Op.negated(header)) {
                continue;
            }
            if (Op.of(header) == Op.DST && Op.argument(header) == (v6 ? 128 : 32)) {
                address = at + 1;
            } else if (Op.of(header) == Op.PROTO) {
                protocol = Op.argument(header);
            } else if (Op.of(header) == Op.DPORT && code[at + 1] >>> 16 == (code[at + 1] & 0xFFFF)) {
                port = code[at + 1] & 0xFFFF;
            }
        }
        int wanted = protocol >= 0 && port >= 0 ? protocol << 16 | port : -1;
        if (address < 0) {
            return wanted;
        }
        add(Addresses.high(code, address, v6), Addresses.low(code, address, v6), wanted);
        return -1;
    }
}
