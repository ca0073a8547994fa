package dev.podpath.proxy.ipvs.parse;

/** The kinds of texts an IPVS table or its connections come in. */
public enum Layout {
    /** {@code ipvsadm -Ln}: schedulers, forwarding, weights, connection counts. */
    LISTING("ipvsadm -Ln", "virtual and real servers"),
    /** {@code ipvsadm -Ln --persistent-conn}: schedulers, weights, connection counts. */
    PERSISTENT("ipvsadm -Ln --persistent-conn", "virtual and real servers"),
    /** {@code ipvsadm -Ln --thresholds}: schedulers, connection thresholds and counts. */
    THRESHOLDS("ipvsadm -Ln --thresholds", "virtual and real servers"),
    /** {@code ipvsadm -Ln --stats}: totals only. */
    STATS("ipvsadm -Ln --stats", "virtual and real servers"),
    /** {@code ipvsadm -Ln --rate}: rates only. */
    RATE("ipvsadm -Ln --rate", "virtual and real servers"),
    /** {@code /proc/net/ip_vs}: hexadecimal, in the kernel's order. */
    PROC("/proc/net/ip_vs", "virtual and real servers"),
    /** {@code ipvsadm-save -n} and {@code ipvsadm -Sn}: the options that make the table again. */
    SAVE("ipvsadm-save -n", "virtual and real servers"),
    /** {@code ipvsadm -Lnc}. */
    CONNECTIONS("ipvsadm -Lnc", "connections"),
    /** {@code /proc/net/ip_vs_conn}. */
    PROC_CONNECTIONS("/proc/net/ip_vs_conn", "connections");

    private final String command;
    private final String unit;

    Layout(String command, String unit) {
        this.command = command;
        this.unit = unit;
    }

    /** The command that prints it, or the file that is it. */
    public String command() {
        return command;
    }

    /** What it lists, in the plural. */
    public String unit() {
        return unit;
    }

    /** Whether it lists connections rather than servers. */
    public boolean isConnections() {
        return this == CONNECTIONS || this == PROC_CONNECTIONS;
    }

    /** Whether it names schedulers. */
    public boolean hasSchedulers() {
        return !isConnections() && this != STATS && this != RATE;
    }

    /** Whether it gives the weights of real servers. */
    public boolean hasWeights() {
        return this == LISTING || this == PERSISTENT || this == PROC || this == SAVE;
    }
}
