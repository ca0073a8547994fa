package dev.podpath.core.net;

import io.vavr.control.Option;
import java.util.Locale;

/** A transport protocol a service port can have. */
public enum Protocol {
    /** RFC 9293, IP protocol number 6. */
    TCP(6),
    /** RFC 768, IP protocol number 17. */
    UDP(17),
    /** RFC 9260, IP protocol number 132. */
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** The number in the IP header (IANA protocol numbers). */
    public int number() {
        return number;
    }

    /** Lower-case name, as the node's tools print it. */
    public String lower() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a name in any case, or the decimal number. */
    public static Option<Protocol> parse(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "TCP", "6" -> Option.some(TCP);
            case "UDP", "17" -> Option.some(UDP);
            case "SCTP", "132" -> Option.some(SCTP);
            default -> Option.none();
        };
    }
}
