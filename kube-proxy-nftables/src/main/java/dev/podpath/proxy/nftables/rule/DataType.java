package dev.podpath.proxy.nftables.rule;

import java.util.Map;

/**
 * Types of values (nft's datatypes, include/datatype.h). A value of any type is a number of up to 128 bits in two words: an
 * address, a port, the sixteen bytes of an interface name.
 */
public enum DataType {
    /** IPv4 address. */
    IPV4("ipv4_addr", "ip daddr"),
    /** IPv6 address. */
    IPV6("ipv6_addr", "ip6 daddr"),
    /** Number of a protocol. */
    PROTOCOL("inet_proto", "meta l4proto"),
    /** Port. */
    SERVICE("inet_service", "th dport"),
    /** Packet or connection mark. */
    MARK("mark", "meta mark"),
    /** Name of an interface. */
    IFNAME("ifname", "iifname"),
    /** An interface by its number, listed by its name. */
    IFINDEX("iface_index", "iif"),
    /** States of connection tracking, as bits. */
    CT_STATE("ct_state", "ct state"),
    /** Status of a connection, as bits. */
    CT_STATUS("ct_status", "ct status"),
    /** Direction of a connection. */
    CT_DIRECTION("ct_dir", "ct direction"),
    /** Type of an address (RTN_* of include/uapi/linux/rtnetlink.h). */
    ADDRESS_TYPE("fib_addrtype", "fib daddr type"),
    /** Family of a packet. */
    NFPROTO("nf_proto", "meta nfproto"),
    /** Flags of TCP, as bits. */
    TCP_FLAG("tcp_flag", "tcp flags"),
    /** Type of an ICMP message. */
    ICMP_TYPE("icmp_type", "icmp type"),
    /** Type of an ICMPv6 message. */
    ICMPV6_TYPE("icmpv6_type", "icmpv6 type"),
    /** Just a number. */
    INTEGER("integer", "numgen random mod 2"),
    /** What to do with a packet. */
    VERDICT("verdict", ""),
    /** One that is not modelled: nothing can be told of its values. */
    OTHER("", "");

    private final String text;
    private final String example;

    DataType(String text, String example) {
        this.text = text;
        this.example = example;
    }

    /** As nft writes it. */
    public String text() {
        return text;
    }

    /** An expression of this type, for declarations by {@code typeof}. */
    String example() {
        return example;
    }

    /** Whether a value is a set of flags, so that a comparison without an operator asks for any of them. */
    public boolean isFlags() {
        return this == CT_STATE || this == CT_STATUS || this == TCP_FLAG;
    }

    /** Highest value, first word. */
    public long maxHigh() {
        return this == IPV6 || this == IFNAME || this == IFINDEX ? -1L : 0;
    }

    /** Highest value, second word. */
    public long maxLow() {
        return switch (this) {
            case IPV6, IFNAME, IFINDEX -> -1L;
            case PROTOCOL, NFPROTO, TCP_FLAG, ICMP_TYPE, ICMPV6_TYPE, CT_DIRECTION -> 0xFF;
            case SERVICE -> 0xFFFF;
            default -> 0xFFFF_FFFFL;
        };
    }

    /** The names of values, where some have one. */
    public Map<String, Integer> symbols() {
        return switch (this) {
            case PROTOCOL -> Symbols.PROTOCOLS;
            case SERVICE -> Symbols.SERVICES;
            case CT_STATE -> Symbols.STATES;
            case CT_STATUS -> Symbols.STATUS;
            case CT_DIRECTION -> Symbols.DIRECTIONS;
            case ADDRESS_TYPE -> Symbols.ADDRESS_TYPES;
            case NFPROTO -> Symbols.NFPROTO;
            case TCP_FLAG -> Symbols.TCP_FLAGS;
            case ICMP_TYPE -> Symbols.ICMP;
            case ICMPV6_TYPE -> Symbols.ICMPV6;
            default -> Map.of();
        };
    }

    /** The type nft calls so; {@link #OTHER} where it is not modelled. */
    public static DataType named(String text) {
        for (DataType type : values()) {
            if (type.text.equals(text) && type != OTHER) {
                return type;
            }
        }
        return OTHER;
    }
}
