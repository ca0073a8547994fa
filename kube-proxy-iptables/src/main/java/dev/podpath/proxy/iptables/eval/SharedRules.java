package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;
import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.DispatchIndex;
import dev.podpath.proxy.iptables.rule.Hook;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules a packet may meet whatever its destination is: all that are reached without a rule that an index finds by a
 * destination address or port. Two addresses that no constant of these rules and nothing of the node's network tells apart are
 * alike to them, and so are two ports.
 */
final class SharedRules {
    /** With more ranges than these no two intervals are taken for alike: to compare them all would take too long. */
    private static final int MOST = 512;

    private final boolean v6;
    /** The shared chains of each table, by the order of {@link TableName}. */
    private final BitSet[] chains = new BitSet[TableName.values().length];

    private final List<Indexed> indexed = new ArrayList<>();
    private final BitSet byPort = new BitSet();
    /** Ranges of addresses that rules ask for, each as four words. */
    private final List<long[]> ranges = new ArrayList<>();
    /** Ranges of ports that rules ask for, the first port in the upper half. */
    private final List<Integer> portRanges = new ArrayList<>();

    private final Cuts cuts;
    private final int[] kind;
    private final char[] portKind = new char[65536];
    private boolean usable = true;

    /** A chain with an index. */
    record Indexed(Table table, int chain, DispatchIndex index) {}

    SharedRules(Ruleset rules, FieldCuts network) {
        this.v6 = rules.isV6();
        for (TableName name : TableName.values()) {
            follow(rules.table(name));
        }
        Cuts[] places = {network.kinds(Box.SOURCE), network.kinds(Box.DESTINATION), network.devices()};
        Cuts.Builder builder = new Cuts.Builder();
        for (Cuts place : places) {
            builder.all(place);
        }
        ranges.forEach(range -> builder.range(range[0], range[1], range[2], range[3]));
        this.cuts = builder.build(v6);
        this.kind = new int[cuts.intervals()];
        numberAddresses(places);
        numberPorts();
    }

    /** Gives the intervals one number that are in the same ranges and alike to the network. */
    private void numberAddresses(Cuts[] places) {
        Map<List<Object>, Integer> known = new HashMap<>();
        for (int i = 0; i < kind.length; i++) {
            long high = cuts.firstHigh(i);
            long low = cuts.firstLow(i);
            List<Object> alike = new ArrayList<>();
            for (Cuts place : places) {
                alike.add(place.alike(high, low));
            }
            alike.add(ranges.size() > MOST ? i : holding(high, low));
            kind[i] = known.computeIfAbsent(alike, key -> known.size());
        }
    }

    private BitSet holding(long high, long low) {
        BitSet holding = new BitSet();
        for (int i = 0; i < ranges.size(); i++) {
            long[] range = ranges.get(i);
            holding.set(
                    i,
                    Box.compare(range[0], range[1], high, low) <= 0 && Box.compare(high, low, range[2], range[3]) <= 0);
        }
        return holding;
    }

    private void numberPorts() {
        BitSet starts = new BitSet(65537);
        for (int range : portRanges) {
            starts.set(range >>> 16);
            starts.set((range & 0xFFFF) + 1);
        }
        Map<Object, Integer> known = new HashMap<>();
        int number = 0;
        for (int port = 0; port < portKind.length; port++) {
            if (port == 0 || starts.get(port)) {
                Object alike = portRanges.size() > MOST ? port : holding(port);
                number = known.computeIfAbsent(alike, key -> known.size());
            }
            portKind[port] = (char) number;
        }
    }

    private BitSet holding(int port) {
        BitSet holding = new BitSet();
        for (int i = 0; i < portRanges.size(); i++) {
            holding.set(i, portRanges.get(i) >>> 16 <= port && port <= (portRanges.get(i) & 0xFFFF));
        }
        return holding;
    }

    /** Whether all that matters to these rules is what this class says. */
    boolean isUsable() {
        return usable;
    }

    /** The chains with an index among them. */
    List<Indexed> indexed() {
        return indexed;
    }

    boolean isShared(Table table, int chain) {
        return chains[table.name().ordinal()].get(chain);
    }

    /** The addresses of one number are alike to these rules. */
    int kind(long high, long low) {
        return kind[cuts.interval(high, low)];
    }

    /** The ports of one number are alike to these rules. */
    int kind(int port) {
        return portKind[port];
    }

    /** Whether an index finds rules by this destination port alone. */
    boolean isFoundByPort(int protocol, int port) {
        return byPort.get(protocol << 16 | port);
    }

    private void follow(Table table) {
        BitSet shared = new BitSet(table.chainCount());
        chains[table.name().ordinal()] = shared;
        Deque<Integer> open = new ArrayDeque<>();
        for (Hook hook : Hook.values()) {
            if (table.builtIn(hook) >= 0) {
                reach(table.builtIn(hook), shared, open);
            }
        }
        while (!open.isEmpty()) {
            int chain = open.pop();
            int[] residual = table.index(chain).map(DispatchIndex::residual).getOrElse(new int[0]);
            if (table.isIndexed(chain)) {
                indexed.add(new Indexed(table, chain, table.index(chain).get()));
            }
            KeyList keys = new KeyList();
            for (int rule = table.first(chain); rule < table.end(chain); rule++) {
                if (table.isIndexed(chain) && Arrays.binarySearch(residual, rule) < 0) {
                    int port = keys.addRule(table, rule);
                    if (port >= 0) {
                        byPort.set(port);
                    }
                    continue;
                }
                int to = note(table, rule);
                if (to >= 0) {
                    reach(to, shared, open);
                }
            }
        }
    }

    private static void reach(int chain, BitSet shared, Deque<Integer> open) {
        if (!shared.get(chain)) {
            shared.set(chain);
            open.push(chain);
        }
    }

    /** Notes the constants of a rule; the chain it leads to, or -1. */
    private int note(Table table, int rule) {
        int[] code = table.code();
        int words = table.addressWords();
        int at = table.start(rule);
        for (; Op.of(code[at]) < Op.FIRST_TARGET; at += 1 + Op.operands(code[at], words)) {
            int header = code[at];
            switch (Op.of(header)) {
                case Op.SRC, Op.DST, Op.ORIG_SRC, Op.ORIG_DST ->
                    prefix(Addresses.high(code, at + 1, v6), Addresses.low(code, at + 1, v6), Op.argument(header));
                case Op.SRC_RANGE, Op.DST_RANGE -> range(code, at);
                case Op.DPORT, Op.ORIG_DPORT -> ports(code[at + 1]);
                case Op.PORTS -> {
                    for (int i = 1; i <= Op.argument(header) >>> 2; i++) {
                        ports(code[at + i]);
                    }
                }
                case Op.SRC_MASKED, Op.DST_MASKED, Op.SET, Op.IPVS, Op.IPVS_VADDR, Op.IPVS_VPORT -> usable = false;
                default -> {}
            }
        }
        switch (Op.of(code[at])) {
            case Op.JUMP, Op.GOTO -> {
                return code[at + 1];
            }
            case Op.DNAT, Op.SNAT -> {
                range(code, at);
                ports(code[at + 1 + 2 * words]);
            }
            case Op.REDIRECT, Op.MASQUERADE -> ports(code[at + 1]);
            case Op.NETMAP -> usable = false;
            default -> {}
        }
        return -1;
    }

    private void range(int[] code, int at) {
        int words = v6 ? 4 : 1;
        ranges.add(new long[] {
            Addresses.high(code, at + 1, v6),
            Addresses.low(code, at + 1, v6),
            Addresses.high(code, at + 1 + words, v6),
            Addresses.low(code, at + 1 + words, v6)
        });
    }

    private void prefix(long high, long low, int length) {
        ranges.add(new long[] {high, low, Prefixes.lastHigh(high, length, v6), Prefixes.lastLow(low, length, v6)});
    }

    private void ports(int range) {
        portRanges.add(range);
    }
}
