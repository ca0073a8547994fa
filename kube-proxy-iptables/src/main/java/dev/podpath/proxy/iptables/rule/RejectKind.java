package dev.podpath.proxy.iptables.rule;

/** What REJECT answers (net/ipv4/netfilter/ipt_REJECT.c, net/ipv6/netfilter/ip6t_REJECT.c). */
public enum RejectKind {
    /** ICMP 3/0. */
    ICMP_NET_UNREACHABLE("icmp-net-unreachable"),
    /** ICMP 3/1. */
    ICMP_HOST_UNREACHABLE("icmp-host-unreachable"),
    /** ICMP 3/2. */
    ICMP_PROTO_UNREACHABLE("icmp-proto-unreachable"),
    /** ICMP 3/3. */
    ICMP_PORT_UNREACHABLE("icmp-port-unreachable"),
    /** ICMP 3/9. */
    ICMP_NET_PROHIBITED("icmp-net-prohibited"),
    /** ICMP 3/10. */
    ICMP_HOST_PROHIBITED("icmp-host-prohibited"),
    /** ICMP 3/13. */
    ICMP_ADMIN_PROHIBITED("icmp-admin-prohibited"),
    /** A TCP reset. */
    TCP_RESET("tcp-reset"),
    /** ICMPv6 1/0. */
    ICMP6_NO_ROUTE("icmp6-no-route"),
    /** ICMPv6 1/1. */
    ICMP6_ADM_PROHIBITED("icmp6-adm-prohibited"),
    /** ICMPv6 1/3. */
    ICMP6_ADDR_UNREACHABLE("icmp6-addr-unreachable"),
    /** ICMPv6 1/4. */
    ICMP6_PORT_UNREACHABLE("icmp6-port-unreachable"),
    /** ICMPv6 1/5. */
    ICMP6_POLICY_FAIL("icmp6-policy-fail"),
    /** ICMPv6 1/6. */
    ICMP6_REJECT_ROUTE("icmp6-reject-route");

    private static final RejectKind[] ALL = values();

    private final String text;

    RejectKind(String text) {
        this.text = text;
    }

    /** As {@code --reject-with} names it. */
    public String text() {
        return text;
    }

    /** The kind of this number. */
    public static RejectKind of(int number) {
        return ALL[number];
    }
}
