package dev.podpath.proxy.nftables.rule;

import io.vavr.control.Option;
import java.util.Locale;

/** Families of tables (include/uapi/linux/netfilter.h, NFPROTO_*). */
public enum Family {
    /** IPv4. */
    IP,
    /** IPv6. */
    IP6,
    /** Both. */
    INET,
    /** ARP. */
    ARP,
    /** Frames on a bridge. */
    BRIDGE,
    /** Frames on a device. */
    NETDEV;

    /** As nft writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether packets of an address family meet its chains on their way through the IP stack. */
    public boolean carries(boolean v6) {
        return this == INET || this == (v6 ? IP6 : IP);
    }

    /** Whether it is one of the IP stack at all. */
    public boolean isIp() {
        return this == IP || this == IP6 || this == INET;
    }

    /** The family of this name. */
    public static Option<Family> parse(String text) {
        for (Family family : values()) {
            if (family.text().equals(text)) {
                return Option.some(family);
            }
        }
        return Option.none();
    }
}
