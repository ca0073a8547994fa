package dev.podpath.proxy.nftables.rule;

import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/** What of a packet, its connection or the node an expression reads. */
public enum Selector {
    /** Source address, IPv4. */
    IP_SADDR("ip saddr", DataType.IPV4),
    /** Destination address, IPv4. */
    IP_DADDR("ip daddr", DataType.IPV4),
    /** Protocol field of the IPv4 header. */
    IP_PROTOCOL("ip protocol", DataType.PROTOCOL),
    /** Source address, IPv6. */
    IP6_SADDR("ip6 saddr", DataType.IPV6),
    /** Destination address, IPv6. */
    IP6_DADDR("ip6 daddr", DataType.IPV6),
    /** Next-header field of the IPv6 header. */
    IP6_NEXTHDR("ip6 nexthdr", DataType.PROTOCOL),
    /** Source port of TCP. */
    TCP_SPORT("tcp sport", DataType.SERVICE),
    /** Destination port of TCP. */
    TCP_DPORT("tcp dport", DataType.SERVICE),
    /** Flags of TCP. */
    TCP_FLAGS("tcp flags", DataType.TCP_FLAG),
    /** Source port of UDP. */
    UDP_SPORT("udp sport", DataType.SERVICE),
    /** Destination port of UDP. */
    UDP_DPORT("udp dport", DataType.SERVICE),
    /** Source port of SCTP. */
    SCTP_SPORT("sctp sport", DataType.SERVICE),
    /** Destination port of SCTP. */
    SCTP_DPORT("sctp dport", DataType.SERVICE),
    /** Source port of any transport protocol. */
    TH_SPORT("th sport", DataType.SERVICE),
    /** Destination port of any transport protocol. */
    TH_DPORT("th dport", DataType.SERVICE),
    /** Type of an ICMP message. */
    ICMP_TYPE("icmp type", DataType.ICMP_TYPE),
    /** Type of an ICMPv6 message. */
    ICMPV6_TYPE("icmpv6 type", DataType.ICMPV6_TYPE),
    /** Transport protocol. */
    L4PROTO("meta l4proto", DataType.PROTOCOL),
    /** Family of the packet. */
    NFPROTO("meta nfproto", DataType.NFPROTO),
    /** Mark of the packet. */
    MARK("meta mark", DataType.MARK),
    /** Input interface by name. */
    IIFNAME("iifname", DataType.IFNAME),
    /** Output interface by name. */
    OIFNAME("oifname", DataType.IFNAME),
    /** Input interface by number. */
    IIF("iif", DataType.IFINDEX),
    /** Output interface by number. */
    OIF("oif", DataType.IFINDEX),
    /** State of the connection. */
    CT_STATE("ct state", DataType.CT_STATE),
    /** Status of the connection. */
    CT_STATUS("ct status", DataType.CT_STATUS),
    /** Mark of the connection. */
    CT_MARK("ct mark", DataType.MARK),
    /** Direction of the packet in its connection. */
    CT_DIRECTION("ct direction", DataType.CT_DIRECTION),
    /** Source address the connection began with, IPv4. */
    CT_IP_SADDR("ct original ip saddr", DataType.IPV4),
    /** Destination address the connection began with, IPv4. */
    CT_IP_DADDR("ct original ip daddr", DataType.IPV4),
    /** Source address the connection began with, IPv6. */
    CT_IP6_SADDR("ct original ip6 saddr", DataType.IPV6),
    /** Destination address the connection began with, IPv6. */
    CT_IP6_DADDR("ct original ip6 daddr", DataType.IPV6),
    /** Source port the connection began with. */
    CT_PROTO_SRC("ct original proto-src", DataType.SERVICE),
    /** Destination port the connection began with. */
    CT_PROTO_DST("ct original proto-dst", DataType.SERVICE),
    /** Transport protocol of the connection. */
    CT_PROTOCOL("ct original protocol", DataType.PROTOCOL),
    /** Type of the source address. */
    SADDR_TYPE("fib saddr type", DataType.ADDRESS_TYPE),
    /** Type of the destination address. */
    DADDR_TYPE("fib daddr type", DataType.ADDRESS_TYPE),
    /** Whether the source is routed out of the interface the packet came in by: 0 where it is not. */
    REVERSE_PATH("fib saddr . iif oif", DataType.INTEGER),
    /** The same for the packet's mark. */
    REVERSE_PATH_MARK("fib saddr . mark . iif oif", DataType.INTEGER);

    private static final Map<String, Selector> BY_TEXT = new HashMap<>();

    static {
        for (Selector selector : values()) {
            BY_TEXT.put(selector.text, selector);
        }
        BY_TEXT.put("meta iifname", IIFNAME);
        BY_TEXT.put("meta oifname", OIFNAME);
        BY_TEXT.put("meta iif", IIF);
        BY_TEXT.put("meta oif", OIF);
        BY_TEXT.put("mark", MARK);
        BY_TEXT.put("ct protocol", CT_PROTOCOL);
    }

    private final String text;
    private final DataType type;

    Selector(String text, DataType type) {
        this.text = text;
        this.type = type;
    }

    /** As nft writes it. */
    public String text() {
        return text;
    }

    /** Type of its values. */
    public DataType type() {
        return type;
    }

    /** The selector with this text. */
    public static Option<Selector> named(String text) {
        return Option.of(BY_TEXT.get(text));
    }
}
