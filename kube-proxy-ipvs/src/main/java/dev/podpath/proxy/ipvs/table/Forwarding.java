package dev.podpath.proxy.ipvs.table;

/** How packets reach a real server (include/uapi/linux/ip_vs.h, {@code IP_VS_CONN_F_FWD_MASK}). */
public enum Forwarding {
    /** The destination is rewritten; answers come back through the node. */
    MASQUERADE("Masq", "-m"),
    /** Sent on unchanged to the link address of the real server. */
    ROUTE("Route", "-g"),
    /** Sent on unchanged inside another packet. */
    TUNNEL("Tunnel", "-i"),
    /** Given to the node itself unchanged. */
    LOCAL("Local", "-g"),
    /** The listing does not say. */
    UNKNOWN("?", "");

    private final String label;
    private final String option;

    Forwarding(String label, String option) {
        this.label = label;
        this.option = option;
    }

    /** As {@code ipvsadm -L} prints it. */
    public String label() {
        return label;
    }

    /** The option of {@code ipvsadm} that sets it. */
    public String option() {
        return option;
    }
}
