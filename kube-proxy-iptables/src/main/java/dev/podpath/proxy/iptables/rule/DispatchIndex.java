package dev.podpath.proxy.iptables.rule;

/**
 * An index over the rules of a long chain. Rules that want one destination address, one protocol and one destination
 * port are found by these three; those that want only the address, or only protocol and port, by these; all others are
 * in a list of their own, the residual. What a packet can match is then the ordered union of four short lists, and
 * walking it gives what walking the whole chain gives.
 *
 * <p>Two keys with one hash share a bucket; each rule found is tested in full, so that is harmless.
 */
public final class DispatchIndex {
    private static final int RESIDUAL = 0;
    private static final int BY_ALL = 1;
    private static final int BY_ADDRESS = 2;
    private static final int BY_PORT = 3;

    private final int end;
    private final int[] residual;
    private final Buckets byAll;
    private final Buckets byAddress;
    private final Buckets byPort;

    private DispatchIndex(int end, int[] residual, Buckets byAll, Buckets byAddress, Buckets byPort) {
        this.end = end;
        this.residual = residual;
        this.byAll = byAll;
        this.byAddress = byAddress;
        this.byPort = byPort;
    }

    static DispatchIndex of(Table table, int first, int end) {
        int count = end - first;
        byte[] kind = new byte[count];
        int[] hash = new int[count];
        int[] sizes = new int[4];
        for (int i = 0; i < count; i++) {
            classify(table, first + i, i, kind, hash);
            sizes[kind[i]]++;
        }
        int[] residual = new int[sizes[RESIDUAL]];
        for (int i = 0, next = 0; i < count; i++) {
            if (kind[i] == RESIDUAL) {
                residual[next++] = first + i;
            }
        }
        return new DispatchIndex(
                end,
                residual,
                Buckets.of(first, kind, hash, BY_ALL, sizes[BY_ALL]),
                Buckets.of(first, kind, hash, BY_ADDRESS, sizes[BY_ADDRESS]),
                Buckets.of(first, kind, hash, BY_PORT, sizes[BY_PORT]));
    }

    private static void classify(Table table, int rule, int i, byte[] kind, int[] hash) {
        int[] code = table.code();
        int words = table.addressWords();
        long high = 0;
        long low = 0;
        boolean address = false;
        int protocol = -1;
        int port = -1;
        for (int at = table.start(rule); Op.of(code[at]) < Op.FIRST_TARGET; at += 1 + Op.operands(code[at], words)) {
            int header = code[at];
            if (Op.negated(header)) {
                continue;
            }
            int op = Op.of(header);
            if (op == Op.DST && Op.argument(header) == 32 * words) {
                address = true;
                high = words == 1 ? 0 : Addresses.join(code, at + 1);
                low = words == 1 ? code[at + 1] & 0xFFFF_FFFFL : Addresses.join(code, at + 3);
            } else if (op == Op.PROTO) {
                protocol = Op.argument(header);
            } else if (op == Op.DPORT && code[at + 1] >>> 16 == (code[at + 1] & 0xFFFF)) {
                port = code[at + 1] & 0xFFFF;
            }
        }
        boolean transport = protocol >= 0 && port >= 0;
        if (address) {
            kind[i] = transport ? (byte) BY_ALL : BY_ADDRESS;
            hash[i] = transport ? hash(high, low, protocol, port) : hash(high, low, 0, 0);
        } else if (transport) {
            kind[i] = BY_PORT;
            hash[i] = hash(0, 0, protocol, port);
        }
    }

    private static int hash(long high, long low, int protocol, int port) {
        long mixed =
                (high * 31 + low) * 0x9E37_79B9_7F4A_7C15L + ((long) protocol << 16 | port) * 0xC2B2_AE3D_27D4_EB4FL;
        mixed ^= mixed >>> 32;
        return (int) (mixed * 0x9E37_79B9L >>> 11);
    }

    /** The first rule from this one on that such a packet can match, or the end of the chain. */
    int next(int from, long high, long low, int protocol, int port) {
        int best = atLeast(residual, 0, residual.length, from, end);
        best = Math.min(best, byAll.next(from, hash(high, low, protocol, port), end));
        best = Math.min(best, byAddress.next(from, hash(high, low, 0, 0), end));
        return Math.min(best, byPort.next(from, hash(0, 0, protocol, port), end));
    }

    /** As {@link #next}, without the rules that no single destination selects. */
    public int nextFound(int from, long high, long low, int protocol, int port) {
        int best = byAll.next(from, hash(high, low, protocol, port), end);
        best = Math.min(best, byAddress.next(from, hash(high, low, 0, 0), end));
        return Math.min(best, byPort.next(from, hash(0, 0, protocol, port), end));
    }

    /** Rules that no single destination selects, in order; not a copy, never to be changed. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public int[] residual() {
        return residual;
    }

    private static int atLeast(int[] sorted, int low, int high, int from, int otherwise) {
        int begin = low;
        int to = high;
        if (to - begin <= 4) {
            for (; begin < to; begin++) {
                if (sorted[begin] >= from) {
                    return sorted[begin];
                }
            }
            return otherwise;
        }
        while (begin < to) {
            int middle = (begin + to) >>> 1;
            if (sorted[middle] < from) {
                begin = middle + 1;
            } else {
                to = middle;
            }
        }
        return begin < high ? sorted[begin] : otherwise;
    }

    /** Rules by hash; within a bucket in order. */
    private static final class Buckets {
        private final int[] begin;
        private final int[] rules;

        private Buckets(int[] begin, int[] rules) {
            this.begin = begin;
            this.rules = rules;
        }

        static Buckets of(int first, byte[] kind, int[] hash, int wanted, int count) {
            if (count == 0) {
                return new Buckets(new int[0], new int[0]);
            }
            int size = Integer.highestOneBit(Math.max(1, count * 2 - 1)) * 2;
            int mask = size - 1;
            int[] begin = new int[size + 1];
            for (int i = 0; i < kind.length; i++) {
                if (kind[i] == wanted) {
                    begin[(hash[i] & mask) + 1]++;
                }
            }
            for (int b = 0; b < size; b++) {
                begin[b + 1] += begin[b];
            }
            int[] fill = begin.clone();
            int[] rules = new int[count];
            for (int i = 0; i < kind.length; i++) {
                if (kind[i] == wanted) {
                    rules[fill[hash[i] & mask]++] = first + i;
                }
            }
            return new Buckets(begin, rules);
        }

        int next(int from, int hash, int end) {
            if (begin.length == 0) {
                return end;
            }
            int bucket = hash & (begin.length - 2);
            int low = begin[bucket];
            int high = begin[bucket + 1];
            return low == high ? end : atLeast(rules, low, high, from, end);
        }
    }
}
