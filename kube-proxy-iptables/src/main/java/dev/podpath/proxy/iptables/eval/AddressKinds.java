package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.IpSet;
import dev.podpath.proxy.iptables.rule.IpSets;
import dev.podpath.proxy.iptables.rule.NatRange;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What rules, sets, interfaces and a balancer say of each address that a balancer looks at on its own. Some of it is said
 * together with a protocol and port: these are its named ports. All else is its kind: packets to two addresses of one kind
 * go the same way on every port that is named with neither.
 */
final class AddressKinds {
    /** No address is like this one. */
    static final int ALONE = -1;

    private static final int DEEPEST = 8;

    private final IndexKeys keys;
    private final boolean v6;
    private final int[] kind;
    private final List<Integer> patterns = new ArrayList<>();

    /** Number of the address above protocol and port, sorted. */
    private long[] named = new long[64];

    private int namedCount;
    private int[] first = {0};

    private AddressKinds(IndexKeys keys, boolean v6) {
        this.keys = keys;
        this.v6 = v6;
        this.kind = new int[keys.addressCount()];
        Arrays.fill(kind, ALONE);
    }

    /** The kinds of the addresses of a balancer. */
    static AddressKinds of(
            Ruleset rules, IpSets sets, IndexKeys keys, NetworkCuts network, Balancer.Partitioned balancer) {
        AddressKinds kinds = new AddressKinds(keys, rules.isV6());
        Vector<IpAddress> own = balancer.addresses(rules.isV6());
        for (IpAddress address : own) {
            kinds.begin(address, balancer);
        }
        Map<Object, Integer> places = new HashMap<>();
        kinds.refine(number -> places.computeIfAbsent(
                network.likeness(keys.addressHigh(number), keys.addressLow(number), rules.isV6()),
                key -> places.size()));
        Cuts.Builder cuts = new Cuts.Builder();
        boolean whole = kinds.addRules(rules, sets, cuts);
        if (whole) {
            Arrays.fill(kinds.kind, ALONE);
        }
        Cuts intervals = cuts.build(rules.isV6());
        kinds.refine(number -> intervals.interval(keys.addressHigh(number), keys.addressLow(number)));
        kinds.index();
        return kinds;
    }

    /** The kind of an address, or {@link #ALONE}. */
    int kind(int number) {
        return kind[number];
    }

    /** The address of each kind whose ports are named least. */
    int pattern(int of) {
        return patterns.get(of);
    }

    /** The ports that something names with an address and a protocol. */
    Ranges ports(int number, Protocol protocol) {
        PortList ports = new PortList();
        for (int i = first[number]; i < first[number + 1]; i++) {
            if ((int) (named[i] >>> 16 & 255) == protocol.number()) {
                ports.add((int) named[i] & 0xFFFF);
            }
        }
        return ports.ranges();
    }

    private void begin(IpAddress address, Balancer.Partitioned balancer) {
        int number = keys.find(address.high(), address.low());
        boolean shared = number >= 0 && !keys.isWholeByRule(number);
        for (Protocol protocol : Protocol.values()) {
            Option<int[]> ports = shared ? balancer.ports(address, protocol) : Option.none();
            shared &= ports.isDefined();
            for (int port : ports.getOrElse(() -> new int[0])) {
                name(number, protocol.number() << 16 | port);
            }
            Ranges byRules = shared ? keys.ports(number, protocol.number()) : Ranges.of(new long[0]);
            for (int i = 0; i < byRules.bounds().length; i += 4) {
                for (long port = byRules.bounds()[i + 1]; port <= byRules.bounds()[i + 3]; port++) {
                    name(number, protocol.number() << 16 | (int) port);
                }
            }
        }
        if (shared) {
            kind[number] = 0;
        }
    }

    private void name(int number, int transport) {
        if (namedCount == named.length) {
            named = Arrays.copyOf(named, namedCount * 2);
        }
        named[namedCount++] = (long) number << 24 | transport;
    }

    /** Tells addresses by one thing more; {@link #ALONE} where an address is like no other in it. */
    @FunctionalInterface
    private interface Aspect {
        int of(int number);
    }

    private void refine(Aspect aspect) {
        Map<Long, Integer> seen = new HashMap<>();
        for (int number = 0; number < kind.length; number++) {
            int value = kind[number] == ALONE ? ALONE : aspect.of(number);
            kind[number] = value == ALONE
                    ? ALONE
                    : seen.computeIfAbsent((long) kind[number] << 32 | value, key -> seen.size());
        }
    }

    /** Takes in what rules ask of destinations; true where it cannot be told from the rules. */
    private boolean addRules(Ruleset rules, IpSets sets, Cuts.Builder cuts) {
        Map<Long, Boolean> asked = new HashMap<>();
        for (TableName name : TableName.values()) {
            Table table = rules.table(name);
            int[] code = table.code();
            int words = table.addressWords();
            for (int at = 0; at < code.length; at += 1 + Op.operands(code[at], words)) {
                int header = code[at];
                switch (Op.of(header)) {
                    case Op.DST, Op.ORIG_DST, Op.IPVS_VADDR ->
                        Prefixes.cut(
                                cuts,
                                Addresses.high(code, at + 1, v6),
                                Addresses.low(code, at + 1, v6),
                                Op.argument(header),
                                v6);
                    case Op.DST_RANGE ->
                        cuts.range(
                                Addresses.high(code, at + 1, v6),
                                Addresses.low(code, at + 1, v6),
                                Addresses.high(code, at + 1 + words, v6),
                                Addresses.low(code, at + 1 + words, v6));
                    case Op.DST_MASKED, Op.NETMAP -> {
                        return true;
                    }
                    case Op.DNAT -> {
                        if ((Op.argument(header) & NatRange.ADDRESSES) == 0) {
                            return true;
                        }
                    }
                    case Op.SET -> {
                        long key = (long) code[at + 1] << 32 | Op.argument(header);
                        if (asked.put(key, true) == null) {
                            addSet(sets, rules.label(code[at + 1]), Op.argument(header), cuts, 0);
                        }
                    }
                    default -> {}
                }
            }
        }
        return false;
    }

    private void addSet(IpSets sets, String name, int argument, Cuts.Builder cuts, int depth) {
        if (depth < DEEPEST) {
            sets.list(name)
                    .forEach(members -> members.forEach(member -> addSet(sets, member, argument, cuts, depth + 1)));
        }
        @Nullable IpSet set = sets.set(name).getOrNull();
        if (set == null || set.unknown().isDefined() || (argument & 7) < set.parts().length || !set.serves(v6)) {
            return;
        }
        IpSet.Part[] parts = set.parts();
        int address = -1;
        int port = -1;
        boolean networks = false;
        for (int i = 0; i < parts.length; i++) {
            if ((argument & 8 << i) == 0) {
                address = parts[i] == IpSet.Part.IP && address < 0 ? i : address;
                port = parts[i] == IpSet.Part.PORT ? i : port;
                networks |= parts[i] == IpSet.Part.NET;
            }
        }
        for (int i = 0; networks && i < parts.length; i++) {
            for (int element = 0; parts[i] == IpSet.Part.NET && element < set.size(); element++) {
                Prefixes.cut(
                        cuts, set.word(element, 2 * i), set.word(element, 2 * i + 1), set.prefixLength(element, i), v6);
            }
        }
        if (address >= 0) {
            addElements(set, address, port, parts.length == 1);
        }
    }

    private void addElements(IpSet set, int address, int port, boolean single) {
        boolean[] members = new boolean[kind.length];
        for (int element = 0; element < set.size(); element++) {
            int number = keys.find(set.word(element, 2 * address), set.word(element, 2 * address + 1));
            if (number >= 0 && port >= 0) {
                name(number, (int) set.word(element, 2 * port + 1) & 0xFF_FFFF);
            } else if (number >= 0) {
                members[number] = true;
            }
        }
        if (port < 0) {
            refine(number -> single ? members[number] ? 1 : 0 : members[number] ? ALONE : 0);
        }
    }

    private void index() {
        Arrays.sort(named, 0, namedCount);
        first = new int[kind.length + 1];
        int at = 0;
        for (int number = 0; number <= kind.length; number++) {
            while (at < namedCount && named[at] >>> 24 < number) {
                at++;
            }
            first[number] = at;
        }
        for (int number = 0; number < kind.length; number++) {
            if (kind[number] == ALONE) {
                continue;
            }
            while (patterns.size() <= kind[number]) {
                patterns.add(number);
            }
            int before = patterns.get(kind[number]);
            if (first[number + 1] - first[number] < first[before + 1] - first[before]) {
                patterns.set(kind[number], number);
            }
        }
    }
}
