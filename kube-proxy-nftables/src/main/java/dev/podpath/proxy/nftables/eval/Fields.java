package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeRoutes;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Selector;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * What an expression is for a packet (net/netfilter/nft_payload.c, nft_meta.c, nft_ct.c, nft_fib.c, nft_bitwise.c). The value of the
 * last question stays until the next.
 */
final class Fields {
    /** The value is known. */
    static final int KNOWN = 0;
    /** The packet has no such thing: the rule does not hold, negated or not. */
    static final int ABSENT = 1;
    /** The value is not known; {@link #reason} says why. */
    static final int UNKNOWN = 2;

    private static final int INVALID = 1;
    static final int NEW = 8;
    static final int UNTRACKED = 64;
    private static final int SYN = 2;

    private final NodeNetwork network;
    private final boolean v6;
    private final boolean local;
    private final int protocol;
    private final Path origin;
    private final @Nullable Recorder recorder;

    /** The value, first word. */
    long high;
    /** The value, second word. */
    long low;
    /** A row of values, two words each. */
    long[] row = new long[8];

    /** Where a type of an address is not known for certain: the types it can be, as bits. */
    int kinds;

    String reason = "";
    /** Whether interfaces mattered, which the routing table told. */
    boolean usedDevices;

    /** Whether the input interface was not told and is taken from the route to the source. */
    boolean inputByRoute;

    Fields(NodeNetwork network, boolean v6, boolean local, int protocol, Path origin, @Nullable Recorder recorder) {
        this.network = network;
        this.v6 = v6;
        this.local = local;
        this.protocol = protocol;
        this.origin = origin;
        this.recorder = recorder;
    }

    /** Evaluates an expression of one value. */
    int value(Path path, Expr expr) {
        kinds = 0;
        switch (expr.kind()) {
            case Expr.READ -> {
                return read(path, ((Expr.Read) expr).selector());
            }
            case Expr.CONSTANT -> {
                high = ((Expr.Constant) expr).high();
                low = ((Expr.Constant) expr).low();
                return KNOWN;
            }
            case Expr.BITS -> {
                return bits(path, (Expr.Bits) expr);
            }
            default -> {
                return unknown("what it asks for is not modelled");
            }
        }
    }

    /** Evaluates a row of values into {@link #row}. */
    int row(Path path, Expr.Concat concat) {
        int size = concat.size();
        if (row.length < 2 * size) {
            row = new long[2 * size];
        }
        int result = KNOWN;
        for (int i = 0; i < size; i++) {
            int one = value(path, concat.part(i));
            if (one == ABSENT) {
                return ABSENT;
            }
            result = Math.max(result, one);
            row[2 * i] = high;
            row[2 * i + 1] = low;
        }
        return result;
    }

    private int bits(Path path, Expr.Bits bits) {
        int left = value(path, bits.left());
        if (left != KNOWN) {
            return left;
        }
        long leftHigh = high;
        long leftLow = low;
        Recorder noting = recorder;
        if (noting != null) {
            noting.bits(bits, path, this, v6);
        }
        int right = value(path, bits.right());
        if (right != KNOWN) {
            return right;
        }
        switch (bits.op()) {
            case AND -> {
                high &= leftHigh;
                low &= leftLow;
            }
            case OR -> {
                high |= leftHigh;
                low |= leftLow;
            }
            case XOR -> {
                high ^= leftHigh;
                low ^= leftLow;
            }
            case LEFT -> low = low > 31 ? 0 : leftLow << low & 0xFFFF_FFFFL;
            default -> low = low > 31 ? 0 : leftLow >>> low;
        }
        return KNOWN;
    }

    private int unknown(String why) {
        reason = why;
        return UNKNOWN;
    }

    private int known(long valueHigh, long valueLow) {
        high = valueHigh;
        low = valueLow;
        return KNOWN;
    }

    private int read(Path path, Selector selector) {
        switch (selector) {
            case IP_SADDR -> {
                return v6 ? ABSENT : source(path);
            }
            case IP6_SADDR -> {
                return v6 ? source(path) : ABSENT;
            }
            case IP_DADDR -> {
                return v6 ? ABSENT : known(path.dstHigh, path.dstLow);
            }
            case IP6_DADDR -> {
                return v6 ? known(path.dstHigh, path.dstLow) : ABSENT;
            }
            case IP_PROTOCOL -> {
                return v6 ? ABSENT : known(0, protocol);
            }
            case IP6_NEXTHDR -> {
                return v6 ? known(0, protocol) : ABSENT;
            }
            case L4PROTO -> {
                return known(0, protocol);
            }
            case NFPROTO -> {
                return known(0, v6 ? 10 : 2);
            }
            case TCP_SPORT -> {
                return protocol == 6 ? sourcePort(path.sourcePort) : ABSENT;
            }
            case UDP_SPORT -> {
                return protocol == 17 ? sourcePort(path.sourcePort) : ABSENT;
            }
            case SCTP_SPORT -> {
                return protocol == 132 ? sourcePort(path.sourcePort) : ABSENT;
            }
            case TH_SPORT -> {
                return sourcePort(path.sourcePort);
            }
            case TCP_DPORT -> {
                return protocol == 6 ? known(0, path.destinationPort) : ABSENT;
            }
            case UDP_DPORT -> {
                return protocol == 17 ? known(0, path.destinationPort) : ABSENT;
            }
            case SCTP_DPORT -> {
                return protocol == 132 ? known(0, path.destinationPort) : ABSENT;
            }
            case TH_DPORT -> {
                return known(0, path.destinationPort);
            }
            case TCP_FLAGS -> {
                return protocol == 6 ? known(0, SYN) : ABSENT;
            }
            case ICMP_TYPE, ICMPV6_TYPE -> {
                return ABSENT;
            }
            case MARK -> {
                return path.is(Path.MARK_UNKNOWN)
                        ? unknown("the mark of the packet is not known")
                        : known(0, path.mark & 0xFFFF_FFFFL);
            }
            case IIFNAME, IIF -> {
                return device(input(path));
            }
            case OIFNAME, OIF -> {
                return device(path.out);
            }
            case SADDR_TYPE -> {
                return source(path) == KNOWN ? kind(Box.SOURCE, path, path.srcHigh, path.srcLow) : UNKNOWN;
            }
            case DADDR_TYPE -> {
                return kind(Box.DESTINATION, path, path.dstHigh, path.dstLow);
            }
            case REVERSE_PATH, REVERSE_PATH_MARK -> {
                path.seen |= Path.SEEN_REVERSE;
                return known(0, 1);
            }
            case CT_STATE -> {
                return known(0, path.state == 0 ? INVALID : path.state);
            }
            default -> {
                return path.state == 0 || path.state == UNTRACKED ? ABSENT : connection(path, selector);
            }
        }
    }

    private int connection(Path path, Selector selector) {
        switch (selector) {
            case CT_STATUS -> {
                int status = (path.is(Path.DESTINATION_CHANGED) ? 0x20 : 0)
                        | (path.is(Path.SOURCE_CHANGED) ? 0x10 : 0)
                        | (path.is(Path.DESTINATION_DONE) ? 0x100 : 0)
                        | (path.is(Path.SOURCE_DONE) ? 0x80 : 0);
                return known(0, status);
            }
            case CT_MARK -> {
                return path.is(Path.CT_MARK_UNKNOWN)
                        ? unknown("the mark of the connection is not known")
                        : known(0, path.connectionMark & 0xFFFF_FFFFL);
            }
            case CT_DIRECTION -> {
                return known(0, 0);
            }
            case CT_PROTOCOL -> {
                return known(0, protocol);
            }
            case CT_PROTO_SRC -> {
                return sourcePort(origin.sourcePort);
            }
            case CT_PROTO_DST -> {
                return known(0, origin.destinationPort);
            }
            case CT_IP_SADDR, CT_IP6_SADDR -> {
                return (selector == Selector.CT_IP6_SADDR) == v6 ? known(origin.srcHigh, origin.srcLow) : ABSENT;
            }
            default -> {
                return (selector == Selector.CT_IP6_DADDR) == v6 ? known(origin.dstHigh, origin.dstLow) : ABSENT;
            }
        }
    }

    private int sourcePort(int port) {
        return port == 0 ? unknown("the source port is not known") : known(0, port);
    }

    private int source(Path path) {
        if (path.is(Path.SOURCE_PENDING)) {
            look(path);
        }
        return path.is(Path.SOURCE_UNKNOWN)
                ? unknown("the source address is not known after its translation")
                : known(path.srcHigh, path.srcLow);
    }

    /** Looks up which address a masqueraded packet gets. */
    void look(Path path) {
        path.flags &= ~Path.SOURCE_PENDING;
        Vector<IpAddress> candidates = network.sources(path.out, path.dstHigh, path.dstLow, v6);
        path.sourceNat = new SourceNat.Masquerade(candidates);
        if (candidates.size() == 1) {
            path.srcHigh = candidates.head().high();
            path.srcLow = candidates.head().low();
        } else {
            path.flags |= Path.SOURCE_UNKNOWN;
        }
    }

    private int kind(int field, Path path, long valueHigh, long valueLow) {
        Recorder noting = recorder;
        if (noting != null) {
            noting.kind(field, path);
        }
        kinds = network.kinds(valueHigh, valueLow, v6);
        return Integer.bitCount(kinds) == 1
                ? known(0, Integer.numberOfTrailingZeros(kinds))
                : unknown("whether " + (v6 ? IpAddress.v6(valueHigh, valueLow) : IpAddress.v4((int) valueLow))
                        + " is an address of the node is not known");
    }

    /** The input interface; where it is the one that routes lead back by, what kind of address the source is was asked. */
    String input(Path path) {
        Recorder noting = recorder;
        if (noting != null && inputByRoute && !path.is(Path.LOOPED)) {
            noting.kind(Box.SOURCE, origin);
        }
        return path.in;
    }

    private int device(String name) {
        if (name.equals(NodeRoutes.UNKNOWN)) {
            return unknown("the interface is not known");
        }
        usedDevices |= !local;
        long first = 0;
        long second = 0;
        int length = Math.min(16, name.length());
        for (int i = 0; i < length; i++) {
            long b = name.charAt(i) & 0xFFL;
            if (i < 8) {
                first |= b << (56 - 8 * i);
            } else {
                second |= b << (120 - 8 * i);
            }
        }
        return known(first, second);
    }
}
