package dev.podpath.proxy.iptables.rule;

/**
 * The instructions a rule consists of: tests, all of which must hold, and then one target.
 *
 * <p>An instruction is a header word and operand words. The header holds the operation (bits 0 to 6), whether a test is
 * negated (bit 7) and an argument (bits 8 to 31). An address takes one word in an IPv4 table and four in an IPv6 table.
 */
public final class Op {
    /** Source address in a prefix; argument: length; operand: address. */
    public static final int SRC = 1;
    /** Destination address in a prefix; argument: length; operand: address. */
    public static final int DST = 2;
    /** Source address under a mask with holes; operands: address, mask. */
    public static final int SRC_MASKED = 3;
    /** Destination address under a mask with holes; operands: address, mask. */
    public static final int DST_MASKED = 4;
    /** Source address in a range (xt_iprange); operands: first, last. */
    public static final int SRC_RANGE = 5;
    /** Destination address in a range (xt_iprange); operands: first, last. */
    public static final int DST_RANGE = 6;
    /** Protocol; argument: its number. */
    public static final int PROTO = 7;
    /** Source port in a range; operand: first port in the upper half, last in the lower. */
    public static final int SPORT = 8;
    /** Destination port in a range; operand as for the source port. */
    public static final int DPORT = 9;
    /** Ports in a list of ranges (xt_multiport); argument: {@code 1} source, {@code 2} destination, {@code 3} either, and
     * four times the number of ranges; operands: the ranges. */
    public static final int PORTS = 10;
    /** Packet mark under a mask (xt_mark); operands: value, mask. */
    public static final int MARK = 11;
    /** Connection mark under a mask (xt_connmark); operands: value, mask. */
    public static final int CTMARK = 12;
    /** Input interface; argument: number of its name; a name that ends in {@code +} is a prefix. */
    public static final int IN = 13;
    /** Output interface; argument as for the input interface. */
    public static final int OUT = 14;
    /** Connection state (xt_conntrack, xt_state); argument: bits of {@link CtState}. */
    public static final int STATE = 15;
    /** Type of the source address (xt_addrtype); argument: bits of {@link AddressType}, {@link #LIMIT_IN}, ... */
    public static final int SRC_TYPE = 16;
    /** Type of the destination address (xt_addrtype). */
    public static final int DST_TYPE = 17;
    /** Original source of the connection in a prefix (xt_conntrack); argument: length; operand: address. */
    public static final int ORIG_SRC = 18;
    /** Original destination of the connection in a prefix. */
    public static final int ORIG_DST = 19;
    /** Original source port of the connection in a range. */
    public static final int ORIG_SPORT = 20;
    /** Original destination port of the connection in a range. */
    public static final int ORIG_DPORT = 21;
    /** Protocol of the connection; argument: its number. */
    public static final int CT_PROTO = 22;
    /** Direction of the packet in its connection; argument: 0 original, 1 reply. */
    public static final int CT_DIRECTION = 23;
    /** TCP flags; argument: mask in bits 8 to 15, wanted flags in bits 0 to 7. */
    public static final int TCP_FLAGS = 24;
    /** Always the same for the first packet of a connection; argument: 1 holds, 0 does not. */
    public static final int CONSTANT = 25;
    /** Chance (xt_statistic random); operand: how many of 2^31 packets. */
    public static final int RANDOM = 26;
    /** One packet of every so many (xt_statistic nth); operands: every, packet. */
    public static final int NTH = 27;
    /** Record of recent addresses (xt_recent); argument: {@link RecentMode} bits; operands: list, seconds, hits. */
    public static final int RECENT = 28;
    /** Membership in a set (xt_set); argument: directions, see {@link IpSet}; operand: number of the set's name. */
    public static final int SET = 29;
    /** Socket owner (xt_owner); operands: offset and length of the text. */
    public static final int OWNER = 30;
    /** Bridge port (xt_physdev); operands: offset and length of the text. */
    public static final int PHYSDEV = 31;
    /** Reverse path (xt_rpfilter); operands: offset and length of the text. */
    public static final int RPFILTER = 32;
    /** Rate (xt_limit, xt_hashlimit, xt_connlimit); operands: offset and length of the text. */
    public static final int RATE = 33;
    /** Whether IPVS handled the packet (xt_ipvs). */
    public static final int IPVS = 34;
    /** The virtual address IPVS handled it for; argument: length; operand: address. */
    public static final int IPVS_VADDR = 35;
    /** The virtual port IPVS handled it for; operand: range. */
    public static final int IPVS_VPORT = 36;
    /**
     * Cannot be evaluated; argument: 1 where the match is known by name, and from bit 1 the number of that name plus one
     * where the text does not begin with it; operands: offset and length of the text.
     */
    public static final int OPAQUE = 37;

    /** Marks the first target operation. */
    public static final int FIRST_TARGET = 64;
    /** No target: the rule only counts. */
    public static final int NONE = 64;
    /** ACCEPT. */
    public static final int ACCEPT = 65;
    /** DROP. */
    public static final int DROP = 66;
    /** RETURN. */
    public static final int RETURN = 67;
    /** Jump to a chain; operand: chain. */
    public static final int JUMP = 68;
    /** Goto a chain; operand: chain. */
    public static final int GOTO = 69;
    /** MARK; operands: value, mask: {@code mark = (mark & ~mask) ^ value}. */
    public static final int SET_MARK = 70;
    /** CONNMARK; argument: {@link #CONNMARK_SET}, ...; operands: two, see there. */
    public static final int SET_CTMARK = 71;
    /** NOTRACK, CT --notrack. */
    public static final int NOTRACK = 72;
    /** DNAT; argument: {@link NatRange} bits; operands: first and last address, ports. */
    public static final int DNAT = 73;
    /** SNAT; as DNAT. */
    public static final int SNAT = 74;
    /** MASQUERADE; argument: {@link NatRange} bits; operand: ports. */
    public static final int MASQUERADE = 75;
    /** REDIRECT; argument: {@link NatRange} bits; operand: ports. */
    public static final int REDIRECT = 76;
    /** REJECT; argument: number of its kind in {@link RejectKind}. */
    public static final int REJECT = 77;
    /** NETMAP; argument: length; operand: address. */
    public static final int NETMAP = 78;
    /** A target without influence on where the packet goes (LOG, TCPMSS, ...); operands: offset and length of text. */
    public static final int NEUTRAL = 79;
    /** A target whose effect is not modelled; argument: 1 where known by name; operands: offset and length of text. */
    public static final int OPAQUE_TARGET = 80;

    /** In the argument of {@link #OPAQUE_TARGET}: the text is the whole rule, which could not be read. */
    public static final int WHOLE_LINE = 2;

    /** {@code --limit-iface-in}, in the argument of address types. */
    public static final int LIMIT_IN = 1 << 16;
    /** {@code --limit-iface-out}, in the argument of address types. */
    public static final int LIMIT_OUT = 1 << 17;

    /** {@code ctmark = (ctmark & ~mask) ^ value}; operands: value, mask. */
    public static final int CONNMARK_SET = 0;
    /** {@code ctmark = (ctmark & ~ctmask) ^ (mark & nfmask)}; operands: nfmask, ctmask. */
    public static final int CONNMARK_SAVE = 1;
    /** {@code mark = (mark & ~nfmask) ^ (ctmark & ctmask)}; operands: nfmask, ctmask. */
    public static final int CONNMARK_RESTORE = 2;

    private static final int NEGATED = 1 << 7;

    private Op() {}

    /** A header word. */
    public static int header(int op, boolean negated, int argument) {
        return op | (negated ? NEGATED : 0) | argument << 8;
    }

    /** The operation of a header. */
    public static int of(int header) {
        return header & 127;
    }

    /** Whether a test is negated. */
    public static boolean negated(int header) {
        return (header & NEGATED) != 0;
    }

    /** The argument of a header. */
    public static int argument(int header) {
        return header >>> 8;
    }

    /** Number of operand words after this header, where an address takes so many words. */
    public static int operands(int header, int addressWords) {
        return switch (of(header)) {
            case SRC, DST, ORIG_SRC, ORIG_DST, IPVS_VADDR, NETMAP -> addressWords;
            case SRC_MASKED, DST_MASKED, SRC_RANGE, DST_RANGE -> 2 * addressWords;
            case SPORT, DPORT, ORIG_SPORT, ORIG_DPORT, RANDOM, SET, JUMP, GOTO, IPVS_VPORT, MASQUERADE, REDIRECT -> 1;
            case PORTS -> argument(header) >>> 2;
            case MARK, CTMARK, NTH, SET_MARK, SET_CTMARK -> 2;
            case OWNER, PHYSDEV, RPFILTER, RATE, OPAQUE, NEUTRAL, OPAQUE_TARGET -> 2;
            case RECENT -> 3;
            case DNAT, SNAT -> 2 * addressWords + 1;
            default -> 0;
        };
    }

    /** Whether the operands of a header are a place in the text. */
    public static boolean holdsText(int header) {
        int op = of(header);
        return op >= OWNER && op <= RATE || op == OPAQUE || op == NEUTRAL || op == OPAQUE_TARGET;
    }
}
