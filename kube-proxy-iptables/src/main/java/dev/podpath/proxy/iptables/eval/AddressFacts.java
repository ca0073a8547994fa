package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;
import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.IpSet;
import dev.podpath.proxy.iptables.rule.IpSets;
import dev.podpath.proxy.iptables.rule.NatRange;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that rules and the sets they ask say of single addresses, in any role: the elements an address occurs in, and between
 * which constants and networks it lies. Immutable once made.
 */
final class AddressFacts {
    private static final int DEEPEST = 8;
    private static final int MOST_ELEMENTS = 64;

    private final boolean v6;
    private final IndexKeys keys;
    private final List<IpSet> sets = new ArrayList<>();
    private final Set<String> asked = new HashSet<>();
    private final Cuts.Builder constants = new Cuts.Builder();
    private final Cuts intervals;
    private final int[] kind;
    private final Cuts places;
    private boolean usable = true;

    /** Open addressing: number of the first entry of an address, plus one. */
    private int[] slots = new int[1024];

    private int filled;
    private int entries;
    private long[] high = new long[512];
    private long[] low = new long[512];
    private int[] set = new int[512];
    private int[] element = new int[512];
    private int[] next = new int[512];

    AddressFacts(Ruleset rules, IpSets known, FieldCuts network) {
        this.v6 = rules.isV6();
        this.keys = network.keys();
        for (TableName name : TableName.values()) {
            note(rules, rules.table(name), known);
        }
        for (int i = 0; i < sets.size(); i++) {
            index(i);
        }
        this.intervals = constants.build(v6);
        Cuts kinds = network.kinds(Box.DESTINATION);
        Cuts devices = network.devices();
        Cuts.Builder all = new Cuts.Builder();
        all.all(intervals);
        all.all(kinds);
        all.all(devices);
        this.places = all.build(v6);
        this.kind = new int[places.intervals()];
        Map<List<Object>, Integer> numbers = new HashMap<>();
        for (int i = 0; i < kind.length; i++) {
            long firstHigh = places.firstHigh(i);
            long firstLow = places.firstLow(i);
            List<Object> alike = List.of(
                    kinds.alike(firstHigh, firstLow),
                    devices.alike(firstHigh, firstLow),
                    intervals.interval(firstHigh, firstLow));
            kind[i] = numbers.computeIfAbsent(alike, key -> numbers.size());
        }
    }

    /** Whether nothing else about addresses matters to these rules. */
    boolean isUsable() {
        return usable;
    }

    /** Addresses of one number that are not the node's are alike to rules, networks and routes. */
    int kind(long ofHigh, long ofLow) {
        return kind[places.interval(ofHigh, ofLow)];
    }

    /**
     * The elements an address occurs in, in an order that does not depend on the sets' own: addresses are told by their place
     * in a list, others as they are.
     *
     * @param list two words for each address
     * @param place which of them
     * @return empty where there are too many
     */
    Option<int[][]> elements(long[] list, int place) {
        int entry = slots[slot(list[2 * place], list[2 * place + 1])] - 1;
        List<int[]> found = new ArrayList<>(2);
        for (; entry >= 0; entry = next[entry]) {
            if (found.size() == MOST_ELEMENTS) {
                return Option.none();
            }
            found.add(row(entry, list));
        }
        int[][] rows = found.toArray(new int[0][]);
        if (rows.length > 1) {
            Arrays.sort(rows, Arrays::compare);
        }
        return Option.some(rows);
    }

    private int[] row(int entry, long[] list) {
        IpSet from = sets.get(set[entry]);
        IpSet.Part[] parts = from.parts();
        int[] row = new int[3 + 5 * parts.length];
        int at = 0;
        row[at++] = set[entry];
        at = put(row, at, from.word(element[entry], 2 * parts.length));
        for (int i = 0; i < parts.length; i++) {
            long partHigh = from.word(element[entry], 2 * i);
            long partLow = from.word(element[entry], 2 * i + 1);
            int place = parts[i] == IpSet.Part.IP ? find(list, partHigh, partLow) : -1;
            row[at++] = place;
            at = put(row, at, place < 0 ? partHigh : 0);
            at = put(row, at, place < 0 ? partLow : 0);
        }
        return row;
    }

    private static int put(int[] row, int at, long word) {
        row[at] = (int) (word >>> 32);
        row[at + 1] = (int) word;
        return at + 2;
    }

    private static int find(long[] list, long ofHigh, long ofLow) {
        for (int i = 0; i < list.length; i += 2) {
            if (list[i + 1] == ofLow && list[i] == ofHigh) {
                return i / 2;
            }
        }
        return -1;
    }

    private void note(Ruleset rules, Table table, IpSets known) {
        int[] code = table.code();
        int words = table.addressWords();
        for (int at = 0; at < code.length; at += 1 + Op.operands(code[at], words)) {
            int header = code[at];
            switch (Op.of(header)) {
                case Op.SRC, Op.DST, Op.ORIG_SRC, Op.ORIG_DST, Op.IPVS_VADDR ->
                    Prefixes.cut(
                            constants,
                            Addresses.high(code, at + 1, v6),
                            Addresses.low(code, at + 1, v6),
                            Op.argument(header),
                            v6);
                case Op.SRC_RANGE, Op.DST_RANGE -> range(code, at, words);
                case Op.SNAT -> {
                    if ((Op.argument(header) & NatRange.ADDRESSES) != 0) {
                        range(code, at, words);
                    }
                }
                case Op.DNAT -> {
                    range(code, at, words);
                    usable &= (Op.argument(header) & NatRange.ADDRESSES) != 0 && isForeign(code, at, words);
                }
                case Op.SRC_MASKED, Op.DST_MASKED, Op.NETMAP, Op.REDIRECT -> usable = false;
                case Op.SET -> take(known, rules.label(code[at + 1]), 0);
                default -> {}
            }
        }
    }

    private void range(int[] code, int at, int words) {
        constants.range(
                Addresses.high(code, at + 1, v6),
                Addresses.low(code, at + 1, v6),
                Addresses.high(code, at + 1 + words, v6),
                Addresses.low(code, at + 1 + words, v6));
    }

    /** Whether a target is one address, and none that a balancer looks at. */
    private boolean isForeign(int[] code, int at, int words) {
        long toHigh = Addresses.high(code, at + 1, v6);
        long toLow = Addresses.low(code, at + 1, v6);
        return toHigh == Addresses.high(code, at + 1 + words, v6)
                && toLow == Addresses.low(code, at + 1 + words, v6)
                && keys.find(toHigh, toLow) < 0;
    }

    private void take(IpSets known, String name, int depth) {
        if (depth > DEEPEST || !asked.add(name)) {
            return;
        }
        known.list(name).forEach(members -> members.forEach(member -> take(known, member, depth + 1)));
        @Nullable IpSet found = known.set(name).getOrNull();
        if (found != null && found.unknown().isEmpty() && found.serves(v6)) {
            sets.add(found);
        }
    }

    private void index(int number) {
        IpSet from = sets.get(number);
        IpSet.Part[] parts = from.parts();
        for (int i = 0; i < from.size(); i++) {
            for (int part = 0; part < parts.length; part++) {
                long partHigh = from.word(i, 2 * part);
                long partLow = from.word(i, 2 * part + 1);
                if (parts[part] == IpSet.Part.NET) {
                    Prefixes.cut(constants, partHigh, partLow, from.prefixLength(i, part), v6);
                } else if (parts[part] == IpSet.Part.IP && !isEarlier(from, i, parts, part)) {
                    enter(partHigh, partLow, number, i);
                }
            }
        }
    }

    private static boolean isEarlier(IpSet from, int row, IpSet.Part[] parts, int part) {
        for (int i = 0; i < part; i++) {
            if (parts[i] == IpSet.Part.IP
                    && from.word(row, 2 * i) == from.word(row, 2 * part)
                    && from.word(row, 2 * i + 1) == from.word(row, 2 * part + 1)) {
                return true;
            }
        }
        return false;
    }

    private void enter(long ofHigh, long ofLow, int ofSet, int ofElement) {
        if (entries == high.length) {
            high = Arrays.copyOf(high, 2 * entries);
            low = Arrays.copyOf(low, 2 * entries);
            set = Arrays.copyOf(set, 2 * entries);
            element = Arrays.copyOf(element, 2 * entries);
            next = Arrays.copyOf(next, 2 * entries);
        }
        high[entries] = ofHigh;
        low[entries] = ofLow;
        set[entries] = ofSet;
        element[entries] = ofElement;
        int slot = slot(ofHigh, ofLow);
        next[entries] = slots[slot] - 1;
        filled += slots[slot] == 0 ? 1 : 0;
        slots[slot] = ++entries;
        if (filled > slots.length / 2) {
            rehash();
        }
    }

    private void rehash() {
        int[] before = slots;
        slots = new int[2 * before.length];
        for (int entry : before) {
            if (entry > 0) {
                slots[slot(high[entry - 1], low[entry - 1])] = entry;
            }
        }
    }

    /** Where an address is, or would be. */
    private int slot(long ofHigh, long ofLow) {
        long mixed = (ofHigh * 0x9E37_79B9_7F4A_7C15L ^ ofLow) * 0xC2B2_AE3D_27D4_EB4FL;
        int slot = (int) (mixed >>> 32) & slots.length - 1;
        while (slots[slot] > 0 && (low[slots[slot] - 1] != ofLow || high[slots[slot] - 1] != ofHigh)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }
}
