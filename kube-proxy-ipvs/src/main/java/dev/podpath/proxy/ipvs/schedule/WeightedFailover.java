package dev.podpath.proxy.ipvs.schedule;

/**
 * fo: the server of the largest weight
 * (net/netfilter/ipvs/ip_vs_fo.c).
 */
public final class WeightedFailover extends Least {
    /** The scheduler. */
    public WeightedFailover() {
        super(false);
    }

    @Override
    public String name() {
        return "fo";
    }

    @Override
    String rule() {
        return "fo takes the server of the largest weight";
    }

    @Override
    int compare(ServerList servers, int a, int b) {
        return Integer.compare(servers.weight(b), servers.weight(a));
    }
}
