package dev.podpath.proxy.ipvs.schedule;

/**
 * ovf: the server of the largest weight that has not more active connections than its weight
 * (net/netfilter/ipvs/ip_vs_ovf.c).
 */
public final class WeightedOverflow extends Least {
    /** The scheduler. */
    public WeightedOverflow() {
        super(true);
    }

    @Override
    public String name() {
        return "ovf";
    }

    @Override
    String rule() {
        return "ovf takes the server of the largest weight among those with no more active connections than their weight";
    }

    @Override
    int compare(ServerList servers, int a, int b) {
        return Integer.compare(servers.weight(b), servers.weight(a));
    }

    @Override
    boolean fits(ServerList servers, int server) {
        return servers.active(server) <= servers.weight(server);
    }

    @Override
    boolean refuses() {
        return true;
    }
}
