package dev.podpath.proxy.ipvs.schedule;

/**
 * nq: the first server without active connections, else as sed does
 * (net/netfilter/ipvs/ip_vs_nq.c).
 */
public final class NeverQueue extends Least {
    /** The scheduler. */
    public NeverQueue() {
        super(true);
    }

    @Override
    public String name() {
        return "nq";
    }

    @Override
    String rule() {
        return "nq takes the first server without active connections, else the one with the fewest for its weight";
    }

    @Override
    int compare(ServerList servers, int a, int b) {
        boolean idleA = servers.active(a) == 0;
        boolean idleB = servers.active(b) == 0;
        if (idleA || idleB) {
            return Boolean.compare(idleB, idleA);
        }
        return Long.compare((servers.active(a) + 1L) * servers.weight(b), (servers.active(b) + 1L) * servers.weight(a));
    }
}
