package dev.podpath.proxy.ipvs.table;

import dev.podpath.core.net.Protocol;
import io.vavr.control.Option;

/** By what a virtual server is found. */
public enum ServiceKind {
    /** TCP address and port. */
    TCP("TCP", "-t", 6),
    /** UDP address and port. */
    UDP("UDP", "-u", 17),
    /** SCTP address and port. */
    SCTP("SCTP", "--sctp-service", 132),
    /** The packet's mark. */
    FIREWALL_MARK("FWM", "-f", 0);

    private final String label;
    private final String option;
    private final int number;

    ServiceKind(String label, String option, int number) {
        this.label = label;
        this.option = option;
        this.number = number;
    }

    /** As {@code ipvsadm -L} prints it. */
    public String label() {
        return label;
    }

    /** IP protocol number; 0 for a firewall mark. */
    public int number() {
        return number;
    }

    /** The option of {@code ipvsadm} that names such a virtual server. */
    public String option() {
        return option;
    }

    /** The transport protocol; empty for a firewall mark, which serves all of them. */
    public Option<Protocol> protocol() {
        return switch (this) {
            case TCP -> Option.some(Protocol.TCP);
            case UDP -> Option.some(Protocol.UDP);
            case SCTP -> Option.some(Protocol.SCTP);
            case FIREWALL_MARK -> Option.none();
        };
    }

    /** The kind that serves a protocol by address. */
    public static ServiceKind of(Protocol protocol) {
        return switch (protocol) {
            case TCP -> TCP;
            case UDP -> UDP;
            case SCTP -> SCTP;
        };
    }
}
