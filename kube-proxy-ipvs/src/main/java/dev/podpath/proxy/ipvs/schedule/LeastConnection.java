package dev.podpath.proxy.ipvs.schedule;

/**
 * lc: the server with the fewest connections, whatever the weights
 * (net/netfilter/ipvs/ip_vs_lc.c).
 */
public final class LeastConnection extends Least {
    /** The scheduler. */
    public LeastConnection() {
        super(true);
    }

    @Override
    public String name() {
        return "lc";
    }

    @Override
    String rule() {
        return "lc takes the server with the fewest connections, an active one counted as 256 inactive ones";
    }

    @Override
    int compare(ServerList servers, int a, int b) {
        return Long.compare(overhead(servers, a), overhead(servers, b));
    }
}
