package dev.podpath.proxy.ipvs.schedule;

/**
 * wlc: the server with the fewest connections for its weight
 * (net/netfilter/ipvs/ip_vs_wlc.c).
 */
public final class WeightedLeastConnection extends Least {
    /** The scheduler. */
    public WeightedLeastConnection() {
        super(true);
    }

    @Override
    public String name() {
        return "wlc";
    }

    @Override
    String rule() {
        return "wlc takes the server with the fewest connections for its weight, an active one counted as 256 inactive ones";
    }

    @Override
    int compare(ServerList servers, int a, int b) {
        return Long.compare(overhead(servers, a) * servers.weight(b), overhead(servers, b) * servers.weight(a));
    }
}
