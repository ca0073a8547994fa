package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeRoutes;
import dev.podpath.proxy.iptables.rule.AddressType;
import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.CtState;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.RecentMode;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Evaluates the tests of a rule for a packet: whether it matches, does not, does by chance, or that is not known. */
final class RuleTests {
    static final int NO = 0;
    static final int YES = 1;
    static final int MAYBE = 2;

    private static final int INITIAL_SYN = 0x02;

    private final Ruleset rules;
    private final NodeNetwork network;
    private final SetTests sets;
    private final @Nullable Recorder recorder;
    private Arrival arrival = Arrival.of(Arrival.Kind.POD);
    private Protocol protocol = Protocol.TCP;
    private final boolean v6;
    private final int words;

    /** Chance of the rule: {@code numerator} of {@code denominator}; the denominator is 0 where there is none. */
    private long numerator;

    private long denominator;
    private boolean rateOnly;
    private int stopped;
    private int assumed;
    private int affinitySeconds;
    private boolean usedDevices;
    private String reason = "";
    private @Nullable Missing missing;

    RuleTests(Ruleset rules, NodeNetwork network, SetTests sets, @Nullable Recorder recorder) {
        this.recorder = recorder;
        this.rules = rules;
        this.network = network;
        this.sets = sets;
        this.v6 = rules.isV6();
        this.words = v6 ? 4 : 1;
    }

    /** Makes ready for packets that come in one way. */
    void begin(Protocol of, Arrival way) {
        protocol = of;
        arrival = way;
        usedDevices = false;
    }

    long numerator() {
        return numerator;
    }

    long denominator() {
        return denominator;
    }

    /** Whether what makes the rule uncertain is a rate only: both ways are real, it depends on the traffic. */
    boolean rateOnly() {
        return rateOnly;
    }

    /** Where the test stands that decided, or the target where all tests were made. */
    int stopped() {
        return stopped;
    }

    /** Bits of {@link Path#seen} for what was taken for granted about the rule; 0 where it fails anyhow. */
    int assumed() {
        return assumed;
    }

    /** For how long a client that is not new would match, where {@link #assumed()} says that it is taken for new. */
    int affinitySeconds() {
        return affinitySeconds;
    }

    /** Whether the interfaces of the packet mattered to a rule. */
    boolean usedDevices() {
        return usedDevices;
    }

    /** The same, since it was last asked so. */
    boolean takeUsedDevices() {
        boolean used = usedDevices;
        usedDevices = false;
        return used;
    }

    String reason() {
        return reason;
    }

    @Nullable
    Missing missing() {
        return missing;
    }

    /** Whether the rule whose instructions begin here matches. */
    int match(Path path, Table table, int start) {
        int[] code = table.code();
        int at = start;
        int header = code[at];
        denominator = 0;
        boolean blocked = false;
        assumed = 0;
        affinitySeconds = 0;
        int result = YES;
        Recorder noting = recorder;
        while (Op.of(header) < Op.FIRST_TARGET) {
            if (noting != null) {
                noting.test(path, table, code, at, header);
            }
            int one = test(path, code, at, header);
            if (one != MAYBE && Op.negated(header)) {
                one = one ^ 1;
            }
            if (one == NO) {
                int op = Op.of(header);
                boolean byDefault = op == Op.RECENT || op == Op.PHYSDEV || op == Op.RPFILTER;
                if (assumed == 0 || !byDefault) {
                    assumed = 0;
                    stopped = at;
                    return NO;
                }
                blocked = true;
            } else if (one == MAYBE) {
                rateOnly = Op.of(header) == Op.RATE && (result == YES || rateOnly);
                result = MAYBE;
            }
            at += 1 + Op.operands(header, words);
            header = code[at];
        }
        stopped = at;
        return blocked ? NO : result;
    }

    private int test(Path path, int[] code, int at, int header) {
        return switch (Op.of(header)) {
            case Op.SRC -> source(path, code, at, header);
            case Op.DST -> prefix(path.dstHigh, path.dstLow, code, at, header);
            case Op.SRC_MASKED -> path.sourceUnknown ? translated() : masked(path.srcHigh, path.srcLow, code, at);
            case Op.DST_MASKED -> masked(path.dstHigh, path.dstLow, code, at);
            case Op.SRC_RANGE -> path.sourceUnknown ? translated() : range(path.srcHigh, path.srcLow, code, at);
            case Op.DST_RANGE -> range(path.dstHigh, path.dstLow, code, at);
            case Op.PROTO -> bool(protocol.number() == Op.argument(header));
            case Op.SPORT -> sourcePort(path.sourcePort, code[at + 1]);
            case Op.DPORT -> bool(inRange(path.destinationPort, code[at + 1]));
            case Op.PORTS -> ports(path, code, at, header);
            case Op.MARK -> bool((path.mark & code[at + 2]) == code[at + 1]);
            case Op.CTMARK -> bool(isTracked(path) && (path.connectionMark & code[at + 2]) == code[at + 1]);
            case Op.IN -> input(path, Op.argument(header));
            case Op.OUT -> device(path.out, rules.label(Op.argument(header)), "output");
            case Op.STATE -> bool((state(path) & Op.argument(header)) != 0);
            case Op.SRC_TYPE ->
                path.sourceUnknown ? translated() : type(path, path.srcHigh, path.srcLow, Op.argument(header));
            case Op.DST_TYPE -> type(path, path.dstHigh, path.dstLow, Op.argument(header));
            case Op.ORIG_SRC -> tracked(path, header, prefix(path.cameSrcHigh, path.cameSrcLow, code, at, header));
            case Op.ORIG_DST -> tracked(path, header, prefix(path.cameDstHigh, path.cameDstLow, code, at, header));
            case Op.ORIG_SPORT -> tracked(path, header, sourcePort(path.cameSourcePort, code[at + 1]));
            case Op.ORIG_DPORT -> tracked(path, header, bool(inRange(path.cameDestinationPort, code[at + 1])));
            case Op.CT_PROTO -> tracked(path, header, bool(protocol.number() == Op.argument(header)));
            case Op.CT_DIRECTION -> tracked(path, header, bool(Op.argument(header) == 0));
            case Op.TCP_FLAGS ->
                bool(protocol == Protocol.TCP
                        && (INITIAL_SYN & Op.argument(header) >>> 8) == (Op.argument(header) & 255));
            case Op.CONSTANT -> bool(Op.argument(header) == 1);
            case Op.RANDOM -> chance(code[at + 1] & 0xFFFF_FFFFL, 1L << 31, Op.negated(header));
            case Op.NTH -> chance(1, code[at + 1], Op.negated(header));
            default -> special(path, code, at, header);
        };
    }

    private int special(Path path, int[] code, int at, int header) {
        return switch (Op.of(header)) {
            case Op.RECENT -> recent(path, code, at, header);
            case Op.SET -> set(path, code[at + 1], Op.argument(header));
            case Op.OWNER -> arrival.isLocalOutput() && !path.loopedBack ? opaque(code, at) : NO;
            case Op.PHYSDEV -> bridgePort(code, at);
            case Op.RPFILTER -> reversePath();
            case Op.IPVS -> bool(path.balanced);
            case Op.IPVS_VADDR -> path.balanced ? prefix(path.cameDstHigh, path.cameDstLow, code, at, header) : NO;
            case Op.IPVS_VPORT -> bool(path.balanced && inRange(path.cameDestinationPort, code[at + 1]));
            default -> opaque(code, at);
        };
    }

    private int translated() {
        return unknown("the translated source is not known");
    }

    private int source(Path path, int[] code, int at, int header) {
        return path.sourceUnknown ? translated() : prefix(path.srcHigh, path.srcLow, code, at, header);
    }

    /** net/netfilter/xt_physdev.c: a packet that came over no bridge port matches what is negated only. */
    private int bridgePort(int[] code, int at) {
        if (arrival.kind() == Arrival.Kind.POD) {
            return opaque(code, at);
        }
        assumed |= arrival.isLocalOutput() ? 0 : Path.SEEN_PHYSDEV;
        return NO;
    }

    private int reversePath() {
        assumed |= Path.SEEN_RPFILTER;
        return YES;
    }

    private static int bool(boolean holds) {
        return holds ? YES : NO;
    }

    private int unknown(String why) {
        reason = why;
        missing = null;
        return MAYBE;
    }

    private int unknown(String why, Missing what) {
        reason = why;
        missing = what;
        return MAYBE;
    }

    private int opaque(int[] code, int at) {
        byte[] text = rules.document().bytes();
        int length = Math.min(code[at + 2], 120);
        return unknown("`" + new String(text, code[at + 1], length, StandardCharsets.UTF_8) + "` is not modelled");
    }

    private int prefix(long high, long low, int[] code, int at, int header) {
        int length = Op.argument(header);
        if (!v6) {
            return bool(length == 0 || ((int) low ^ code[at + 1]) >>> (32 - length) == 0);
        }
        return bool((high & Addresses.maskHigh(length, true)) == Addresses.join(code, at + 1)
                && (low & Addresses.maskLow(length, true)) == Addresses.join(code, at + 3));
    }

    private int masked(long high, long low, int[] code, int at) {
        return bool((high & Addresses.high(code, at + 1 + words, v6)) == Addresses.high(code, at + 1, v6)
                && (low & Addresses.low(code, at + 1 + words, v6)) == Addresses.low(code, at + 1, v6));
    }

    private int range(long high, long low, int[] code, int at) {
        return bool(compare(high, low, Addresses.high(code, at + 1, v6), Addresses.low(code, at + 1, v6)) >= 0
                && compare(high, low, Addresses.high(code, at + 1 + words, v6), Addresses.low(code, at + 1 + words, v6))
                        <= 0);
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        int first = Long.compareUnsigned(high, otherHigh);
        return first != 0 ? first : Long.compareUnsigned(low, otherLow);
    }

    private static boolean inRange(int port, int range) {
        return port >= range >>> 16 && port <= (range & 0xFFFF);
    }

    /** An open source port stands for every one. */
    private int sourcePort(int port, int range) {
        if (port == 0 && (range & 0xFFFF) - (range >>> 16) < 65534) {
            return unknown("the source port is open");
        }
        return bool(port == 0 || inRange(port, range));
    }

    private int ports(Path path, int[] code, int at, int header) {
        int which = Op.argument(header) & 3;
        int count = Op.argument(header) >>> 2;
        boolean maybe = false;
        for (int i = 1; i <= count; i++) {
            if ((which & 2) != 0 && inRange(path.destinationPort, code[at + i])) {
                return YES;
            }
            if ((which & 1) != 0) {
                int one = sourcePort(path.sourcePort, code[at + i]);
                if (one == YES) {
                    return YES;
                }
                maybe |= one == MAYBE;
            }
        }
        return maybe ? MAYBE : NO;
    }

    private static boolean isTracked(Path path) {
        return path.state != 0 && path.state != CtState.UNTRACKED;
    }

    /** net/netfilter/xt_conntrack.c: a packet of no connection is INVALID unless it is exempt. */
    private static int state(Path path) {
        return (path.state == 0 ? CtState.INVALID : path.state)
                | (path.destinationChanged && path.state == CtState.NEW ? CtState.DNAT : 0)
                | (path.sourceChanged && path.state == CtState.NEW ? CtState.SNAT : 0);
    }

    /** Without a connection such a test fails whether it is negated or not. */
    private static int tracked(Path path, int header, int result) {
        return isTracked(path) ? result : bool(Op.negated(header));
    }

    private int input(Path path, int label) {
        int result = device(path.in, rules.label(label), "input");
        // Until Linux 5.7 a packet had no input interface any more when it left.
        return result == YES
                        && path.forwarded
                        && path.stage > Stages.POSTROUTING
                        && !rules.label(label).equals("+")
                ? unknown("whether the input interface is still known in POSTROUTING depends on the kernel's version")
                : result;
    }

    private int device(String name, String pattern, String which) {
        boolean prefix = pattern.endsWith("+");
        usedDevices = true;
        if (name.equals(NodeRoutes.UNKNOWN)) {
            if (pattern.equals("+")) {
                return YES;
            }
            return pattern.equals("lo")
                    ? NO
                    : unknown("the " + which + " interface is not known", sets.missing("ip-route.json", "ip -j route"));
        }
        return bool(prefix ? name.startsWith(pattern.substring(0, pattern.length() - 1)) : name.equals(pattern));
    }

    private int type(Path path, long high, long low, int argument) {
        int wanted = argument & 0xFFFF;
        if (v6 && (wanted & ~(AddressType.LOCAL | AddressType.UNICAST | AddressType.MULTICAST)) != 0) {
            return unknown("this address type of IPv6 is not modelled");
        }
        int types = network.kinds(high, low, v6);
        if (v6) {
            return type6(types, wanted, argument, path, high, low);
        }
        if ((argument & (Op.LIMIT_IN | Op.LIMIT_OUT)) != 0 && (types & AddressType.LOCAL) != 0) {
            String device = (argument & Op.LIMIT_IN) != 0 ? path.in : path.out;
            if (device.equals(NodeRoutes.UNKNOWN)) {
                types |= AddressType.UNICAST;
            } else if (!device.isEmpty() && !network.isOn(device, high, low, false)) {
                types = AddressType.UNICAST;
            } else if (!device.isEmpty() && network.isShared(low)) {
                types |= AddressType.UNICAST;
            }
        }
        return types(types, wanted);
    }

    private int types(int types, int wanted) {
        if ((types & wanted) == 0) {
            return NO;
        }
        return (types & ~wanted) == 0
                ? YES
                : unknown("the node's addresses are not known", sets.missing("ip-addr.json", "ip -j addr"));
    }

    /** net/netfilter/xt_addrtype.c match_type6: all kinds asked for must hold, UNICAST of every host. */
    private int type6(int types, int wanted, int argument, Path path, long high, long low) {
        if ((wanted & AddressType.MULTICAST) != 0 && types != AddressType.MULTICAST) {
            return NO;
        }
        if ((wanted & AddressType.UNICAST) != 0 && types == AddressType.MULTICAST) {
            return NO;
        }
        if ((wanted & AddressType.LOCAL) == 0) {
            return YES;
        }
        if ((argument & (Op.LIMIT_IN | Op.LIMIT_OUT)) != 0 && (types & AddressType.LOCAL) != 0) {
            String device = (argument & Op.LIMIT_IN) != 0 ? path.in : path.out;
            if (device.equals(NodeRoutes.UNKNOWN)) {
                return unknown("the interface is not known", sets.missing("ip-route.json", "ip -j route"));
            }
            if (!device.isEmpty() && !network.isOn(device, high, low, true)) {
                return NO;
            }
        }
        return types(types, AddressType.LOCAL);
    }

    private int chance(long part, long whole, boolean negated) {
        long share = negated ? whole - part : part;
        if (denominator != 0) {
            if (denominator > 1L << 31 || whole > 1L << 31) {
                return unknown("too many chances in one rule");
            }
            numerator *= share;
            denominator *= whole;
        } else {
            numerator = share;
            denominator = whole;
        }
        return negated ? NO : YES;
    }

    /** Whether what a packet did to this record of recent addresses is known from what it did to others. */
    static boolean isToldApart(int list) {
        return list >= 0 && list < 63;
    }

    /** net/netfilter/xt_recent.c: a new client has no record, unless this very packet made one. */
    private int recent(Path path, int[] code, int at, int header) {
        int mode = Op.argument(header);
        int list = code[at + 1];
        long bit = isToldApart(list) ? 1L << list : 1L << 63;
        if ((mode & RecentMode.SET) != 0) {
            path.recentlySet |= bit;
            return YES;
        }
        if ((mode & RecentMode.DESTINATION) != 0 || list >= 63 && (path.recentlySet & bit) != 0) {
            return unknown("which addresses were seen recently is not known");
        }
        if ((path.recentlySet & bit) != 0) {
            return bool(code[at + 3] <= 1);
        }
        assumed |= Path.SEEN_RECENT;
        if ((mode & RecentMode.REAP) != 0) {
            affinitySeconds = code[at + 2];
        }
        return NO;
    }

    private int set(Path path, int label, int argument) {
        int result = sets.contains(path, protocol, rules.label(label), argument, v6);
        return result == MAYBE ? unknown(sets.reason(), sets.missing("ipset-save.txt", "ipset save")) : result;
    }
}
