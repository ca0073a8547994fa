package dev.podpath.proxy.iptables.parse;

import java.util.Locale;
import java.util.Map;

/** Protocol names as the tools print them, from the usual {@code /etc/protocols}. */
final class Protocols {
    /** Every protocol. */
    static final int ALL = 256;

    private static final Map<String, Integer> NAMES = Map.ofEntries(
            Map.entry("all", ALL),
            Map.entry("tcp", 6),
            Map.entry("udp", 17),
            Map.entry("sctp", 132),
            Map.entry("icmp", 1),
            Map.entry("icmpv6", 58),
            Map.entry("ipv6-icmp", 58),
            Map.entry("icmp6", 58),
            Map.entry("igmp", 2),
            Map.entry("ipencap", 4),
            Map.entry("ipip", 94),
            Map.entry("egp", 8),
            Map.entry("igp", 9),
            Map.entry("dccp", 33),
            Map.entry("ipv6", 41),
            Map.entry("ipv6-route", 43),
            Map.entry("ipv6-frag", 44),
            Map.entry("rsvp", 46),
            Map.entry("gre", 47),
            Map.entry("esp", 50),
            Map.entry("ipv6-crypt", 50),
            Map.entry("ah", 51),
            Map.entry("ipv6-auth", 51),
            Map.entry("ipv6-nonxt", 59),
            Map.entry("ipv6-opts", 60),
            Map.entry("ipv6-mh", 135),
            Map.entry("mh", 135),
            Map.entry("mobility-header", 135),
            Map.entry("eigrp", 88),
            Map.entry("ospf", 89),
            Map.entry("pim", 103),
            Map.entry("ipcomp", 108),
            Map.entry("vrrp", 112),
            Map.entry("carp", 112),
            Map.entry("l2tp", 115),
            Map.entry("udplite", 136),
            Map.entry("hopopt", 0));

    private Protocols() {}

    /** The number of the protocol between two places, {@link #ALL}, or -1 where it is not known. */
    static int number(byte[] text, int from, int to) {
        if (to - from == 3) {
            int packed = text[from] << 16 | text[from + 1] << 8 | text[from + 2];
            if (packed == ('t' << 16 | 'c' << 8 | 'p')) {
                return 6;
            }
            if (packed == ('u' << 16 | 'd' << 8 | 'p')) {
                return 17;
            }
        }
        if (from < to && text[from] >= '0' && text[from] <= '9') {
            int number = (int) Scan.decimal(text, from, to, 255);
            return number == 0 ? ALL : number;
        }
        return to - from > 20
                ? -1
                : NAMES.getOrDefault(Scan.string(text, from, to).toLowerCase(Locale.ROOT), -1);
    }
}
