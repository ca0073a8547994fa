package dev.podpath.proxy.ipvs.table;

import dev.podpath.core.net.Protocol;
import io.vavr.control.Option;

/** By what a virtual server is found. */
public enum ServiceKind {
    /** TCP address and port. */
    TCP("TCP", "-t"),
    /** UDP address and port. */
    UDP("UDP", "-u"),
    /** SCTP address and port. */
    SCTP("SCTP", "--sctp-service"),
    /** The packet's mark. */
    FIREWALL_MARK("FWM", "-f");

    private static final ServiceKind[] ALL = values();

    private final String label;
    private final String option;

    ServiceKind(String label, String option) {
        this.label = label;
        this.option = option;
    }

    /** As {@code ipvsadm -L} prints it. */
    public String label() {
        return label;
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

    static ServiceKind at(int ordinal) {
        return ALL[ordinal];
    }
}
