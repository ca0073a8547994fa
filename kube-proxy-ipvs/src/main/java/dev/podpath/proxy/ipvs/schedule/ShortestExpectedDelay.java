package dev.podpath.proxy.ipvs.schedule;

/**
 * sed: the server with the fewest active connections for its weight, the new one counted
 * (net/netfilter/ipvs/ip_vs_sed.c).
 */
public final class ShortestExpectedDelay extends Least {
    /** The scheduler. */
    public ShortestExpectedDelay() {
        super(true);
    }

    @Override
    public String name() {
        return "sed";
    }

    @Override
    String rule() {
        return "sed takes the server that would have the fewest active connections for its weight with this one";
    }

    @Override
    int compare(ServerList servers, int a, int b) {
        return Long.compare((servers.active(a) + 1L) * servers.weight(b), (servers.active(b) + 1L) * servers.weight(a));
    }
}
