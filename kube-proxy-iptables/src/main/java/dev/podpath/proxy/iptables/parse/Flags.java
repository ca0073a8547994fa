package dev.podpath.proxy.iptables.parse;

/** Lists of names with commas, each name a bit. */
final class Flags {
    /** In the order of {@code CtState}. */
    static final Flags STATE = new Flags("INVALID", "ESTABLISHED", "RELATED", "NEW", "SNAT", "DNAT", "UNTRACKED");
    /** In the order of {@code AddressType}. */
    static final Flags ADDRESS_TYPE = new Flags(
            "UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT");
    /** In the order of the bits of the TCP header (RFC 9293 section 3.1). */
    static final Flags TCP = new Flags("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR");

    private final String[] names;

    private Flags(String... names) {
        this.names = names;
    }

    /** The bits of the names between two places, or -1 where one of them is not known. */
    int read(byte[] text, int from, int to) {
        int bits = 0;
        int at = from;
        while (at <= to) {
            int comma = Scan.find(text, at, to, ',');
            int bit = bit(text, at, comma);
            if (bit < 0) {
                return -1;
            }
            bits |= bit;
            at = comma + 1;
        }
        return bits;
    }

    private int bit(byte[] text, int from, int to) {
        for (int i = 0; i < names.length; i++) {
            if (matches(names[i], text, from, to)) {
                return 1 << i;
            }
        }
        if (this == TCP && matches("NONE", text, from, to)) {
            return 0;
        }
        return this == TCP && matches("ALL", text, from, to) ? 0x3F : -1;
    }

    private static boolean matches(String name, byte[] text, int from, int to) {
        if (name.length() != to - from) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != text[from + i]) {
                return false;
            }
        }
        return true;
    }
}
