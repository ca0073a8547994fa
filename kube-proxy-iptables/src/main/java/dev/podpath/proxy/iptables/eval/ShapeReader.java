package dev.podpath.proxy.iptables.eval;

import dev.podpath.proxy.iptables.eval.SharedRules.Indexed;
import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.NatRange;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Table;
import java.util.Arrays;

/**
 * Reads what the rules for one destination address, protocol and destination port are but for their addresses, ports and names of
 * chains: in one pass over the rules that an index finds for it and the chains these lead to. See {@link Shape}.
 *
 * <p>For use by one thread at a time, again and again.
 */
final class ShapeReader {
    static final int MOST_ADDRESSES = 24;
    private static final int MOST_WORDS = 1_500;
    private static final int DEEPEST = 8;

    private final SharedRules shared;
    private final IndexKeys keys;
    private final boolean v6;
    private final int bits;
    private int[] words = new int[256];
    private int count;
    private final long[] high = new long[MOST_ADDRESSES];
    private final long[] low = new long[MOST_ADDRESSES];
    private int addresses;
    private final int[] ports = new int[MOST_ADDRESSES];
    private int portCount;
    /** Numbers of address and port of each endpoint; the port is -1 where it stays. */
    private final int[] endpoints = new int[2 * MOST_ADDRESSES];

    private int endpointCount;
    /** Places of the prefixes in the words; these are tests that are asked of addresses. */
    private final int[] prefixes = new int[MOST_ADDRESSES];

    private int prefixCount;
    private final int[] lists = new int[MOST_ADDRESSES];
    private int listCount;
    private int protocol;
    private boolean failed;
    /** Kept, so that what computes it is not left out. */
    int fetched;

    ShapeReader(SharedRules shared, IndexKeys keys, boolean v6) {
        this.shared = shared;
        this.keys = keys;
        this.v6 = v6;
        this.bits = v6 ? 128 : 32;
    }

    /**
     * Reads the rules for a destination; false where they are of a kind that is not read.
     *
     * @param number the number of its address
     */
    boolean read(int number, int of, int port) {
        long toHigh = keys.addressHigh(number);
        long toLow = keys.addressLow(number);
        count = 0;
        addresses = 0;
        portCount = 0;
        endpointCount = 0;
        prefixCount = 0;
        listCount = 0;
        failed = shared.isFoundByPort(of, port);
        protocol = of;
        address(toHigh, toLow);
        port(port);
        add(of);
        for (int i = 0; i < shared.indexed().size() && !failed; i++) {
            Indexed chain = shared.indexed().get(i);
            int end = chain.table().end(chain.chain());
            int rule = chain.index().nextFound(chain.table().first(chain.chain()), toHigh, toLow, of, port);
            for (; rule < end && !failed; rule = chain.index().nextFound(rule + 1, toHigh, toLow, of, port)) {
                if (isForeign(chain.table(), rule)) {
                    continue;
                }
                add(i);
                add(-1 - Arrays.binarySearch(chain.index().residual(), rule));
                failed |= !isFor(chain.table(), rule);
                rule(chain.table(), chain.table().start(rule), 0);
            }
        }
        if (!failed) {
            place();
        }
        return !failed;
    }

    /**
     * Whether a rule that an index found is for another destination, found because hashes are the same. It does not match, then, and
     * nothing may be asked before that which divides these packets and not those to other destinations.
     */
    private boolean isForeign(Table table, int rule) {
        int[] code = table.code();
        for (int at = table.start(rule); ; at += 1 + Op.operands(code[at], table.addressWords())) {
            int header = code[at];
            boolean holds;
            switch (Op.of(header)) {
                case Op.DST ->
                    holds = Op.argument(header) == bits
                            && Addresses.high(code, at + 1, v6) == high[0]
                            && Addresses.low(code, at + 1, v6) == low[0];
                case Op.PROTO -> holds = Op.argument(header) == protocol;
                case Op.DPORT -> holds = code[at + 1] == (ports[0] << 16 | ports[0]);
                // They divide no packets that have one destination.
                case Op.DST_TYPE, Op.MARK, Op.STATE -> {
                    continue;
                }
                default -> {
                    return false;
                }
            }
            if (!holds) {
                failed |= Op.negated(header) || Op.of(header) == Op.DST && Op.argument(header) != bits;
                return !failed;
            }
            failed |= Op.negated(header);
        }
    }

    /** Whether a rule wants just this destination. */
    private boolean isFor(Table table, int rule) {
        int[] code = table.code();
        int wanted = 0;
        for (int at = table.start(rule);
                Op.of(code[at]) < Op.FIRST_TARGET;
                at += 1 + Op.operands(code[at], table.addressWords())) {
            int header = code[at];
            boolean plain = !Op.negated(header);
            switch (Op.of(header)) {
                case Op.DST -> {
                    boolean same = Op.argument(header) == bits
                            && Addresses.high(code, at + 1, v6) == high[0]
                            && Addresses.low(code, at + 1, v6) == low[0];
                    wanted |= plain && same ? 1 : 8;
                }
                case Op.PROTO -> wanted |= plain && Op.argument(header) == protocol ? 2 : 8;
                case Op.DPORT -> wanted |= plain && code[at + 1] == (ports[0] << 16 | ports[0]) ? 4 : 8;
                default -> {}
            }
        }
        return wanted == 7;
    }

    /** Reads a rule from the place where its instructions begin; the place after it. */
    private int rule(Table table, int start, int depth) {
        int[] code = table.code();
        int operandWords = table.addressWords();
        int at = start;
        for (; Op.of(code[at]) < Op.FIRST_TARGET && !failed; at += 1 + Op.operands(code[at], operandWords)) {
            test(code, at, code[at]);
        }
        if (failed) {
            return at;
        }
        target(table, code, at, depth);
        return at + 1 + Op.operands(code[at], operandWords);
    }

    private void test(int[] code, int at, int header) {
        add(header);
        switch (Op.of(header)) {
            case Op.SRC, Op.DST -> {
                if (Op.argument(header) == bits) {
                    add(address(Addresses.high(code, at + 1, v6), Addresses.low(code, at + 1, v6)));
                } else {
                    failed |= prefixCount == MOST_ADDRESSES;
                    prefixes[failed ? 0 : prefixCount++] = count - 1;
                    literal(code, at + 1, v6 ? 4 : 1);
                }
            }
            case Op.DPORT -> failed |= code[at + 1] != (ports[0] << 16 | ports[0]);
            case Op.PROTO, Op.STATE, Op.CONSTANT, Op.SRC_TYPE -> {}
            case Op.RANDOM -> literal(code, at + 1, 1);
            case Op.MARK -> literal(code, at + 1, 2);
            case Op.RECENT -> recent(code, at);
            default -> failed = true;
        }
    }

    /** Records of clients: each endpoint has one of its own, known by the number of its name. */
    private void recent(int[] code, int at) {
        int list = code[at + 1];
        int known = 0;
        while (known < listCount && lists[known] != list) {
            known++;
        }
        if (known == MOST_ADDRESSES) {
            failed = true;
            return;
        }
        lists[known] = list;
        listCount = Math.max(listCount, known + 1);
        add(known);
        add(RuleTests.isToldApart(list) ? 1 : 0);
        literal(code, at + 2, 2);
    }

    private void target(Table table, int[] code, int at, int depth) {
        int header = code[at];
        add(header);
        switch (Op.of(header)) {
            case Op.NONE, Op.ACCEPT, Op.DROP, Op.RETURN, Op.REJECT -> {}
            case Op.SET_MARK -> literal(code, at + 1, 2);
            case Op.JUMP, Op.GOTO -> chain(table, code[at + 1], depth + 1);
            case Op.DNAT -> endpoint(code, at, Op.argument(header));
            default -> failed = true;
        }
    }

    private void chain(Table table, int chain, int depth) {
        boolean isShared = shared.isShared(table, chain);
        add(isShared ? chain : -1 - table.ruleCount(chain));
        if (isShared) {
            return;
        }
        failed |= depth > DEEPEST || table.isIndexed(chain);
        int at = table.codeStart(chain);
        fetched += failed || table.ruleCount(chain) < 3 ? 0 : table.fetch(at, table.ruleCount(chain));
        for (int rule = table.first(chain); rule < table.end(chain) && !failed; rule++) {
            at = rule(table, at, depth);
        }
    }

    private void endpoint(int[] code, int at, int flags) {
        int size = v6 ? 4 : 1;
        long toHigh = Addresses.high(code, at + 1, v6);
        long toLow = Addresses.low(code, at + 1, v6);
        int range = code[at + 1 + 2 * size];
        boolean single = (flags & NatRange.ADDRESSES) != 0
                && toHigh == Addresses.high(code, at + 1 + size, v6)
                && toLow == Addresses.low(code, at + 1 + size, v6)
                && ((flags & NatRange.PORTS) == 0 || range >>> 16 == (range & 0xFFFF));
        if (!single || endpointCount == MOST_ADDRESSES || keys.isNamed(toHigh, toLow)) {
            failed = true;
            return;
        }
        int port = (flags & NatRange.PORTS) == 0 ? -1 : port(range & 0xFFFF);
        failed |= shared.isFoundByPort(protocol, port < 0 ? ports[0] : ports[port]);
        endpoints[2 * endpointCount] = address(toHigh, toLow);
        endpoints[2 * endpointCount + 1] = port;
        add(endpoints[2 * endpointCount]);
        add(port);
        endpointCount++;
    }

    /** Adds where the addresses and ports lie among the constants of other rules and of these. */
    private void place() {
        for (int i = 0; i < addresses; i++) {
            add(shared.kind(high[i], low[i]));
            add(ShapeKind.within(words, prefixes, prefixCount, high[i], low[i], v6));
        }
        for (int i = 0; i < portCount; i++) {
            add(shared.kind(ports[i]));
        }
    }

    private void literal(int[] code, int from, int size) {
        for (int i = 0; i < size; i++) {
            add(code[from + i]);
        }
    }

    private void add(int word) {
        if (count == MOST_WORDS) {
            failed = true;
            return;
        }
        if (count == words.length) {
            words = Arrays.copyOf(words, 2 * count);
        }
        words[count++] = word;
    }

    private int address(long addressHigh, long addressLow) {
        for (int i = 0; i < addresses; i++) {
            if (low[i] == addressLow && high[i] == addressHigh) {
                return i;
            }
        }
        if (addresses == MOST_ADDRESSES) {
            failed = true;
            return 0;
        }
        high[addresses] = addressHigh;
        low[addresses] = addressLow;
        return addresses++;
    }

    private int port(int number) {
        for (int i = 0; i < portCount; i++) {
            if (ports[i] == number) {
                return i;
            }
        }
        if (portCount == MOST_ADDRESSES) {
            failed = true;
            return 0;
        }
        ports[portCount] = number;
        return portCount++;
    }

    /** How many words and ports there are. */
    int size() {
        return count + portCount + 1;
    }

    /** Writes the words, with the ports themselves before them, and tells where they end. */
    int copy(int[] to, int from) {
        int at = from;
        to[at++] = portCount;
        for (int i = 0; i < portCount; i++) {
            to[at++] = ports[i];
        }
        System.arraycopy(words, 0, to, at, count);
        return at + count;
    }

    /** A number for the words; each adds its part by itself, so that none waits for the one before. */
    int hash() {
        int sum = count;
        for (int i = 0; i < count; i++) {
            sum += words[i] * ((i + 1) * 0x9E37_79B1 | 1);
        }
        return sum ^ sum >>> 15;
    }

    boolean isOf(ShapeKind kind) {
        return Arrays.equals(words, 0, count, kind.words(), 0, kind.words().length);
    }

    /** How many addresses there are; the first is the destination. */
    int addresses() {
        return addresses;
    }

    long high(int address) {
        return high[address];
    }

    long low(int address) {
        return low[address];
    }

    /** What was read but for addresses and ports. */
    ShapeKind kind(int number) {
        return new ShapeKind(
                number,
                Arrays.copyOf(words, count),
                Arrays.copyOf(prefixes, prefixCount),
                Arrays.copyOf(endpoints, 2 * endpointCount),
                addresses,
                v6);
    }

    /** What was read, which is of a kind. */
    Shape shape(ShapeKind kind) {
        int size = v6 ? 4 : 1;
        int[] constants = new int[addresses * size + portCount];
        for (int i = 0; i < addresses; i++) {
            if (v6) {
                constants[4 * i] = (int) (high[i] >>> 32);
                constants[4 * i + 1] = (int) high[i];
                constants[4 * i + 2] = (int) (low[i] >>> 32);
                constants[4 * i + 3] = (int) low[i];
            } else {
                constants[i] = (int) low[i];
            }
        }
        System.arraycopy(ports, 0, constants, addresses * size, portCount);
        return new Shape(kind, constants);
    }
}
