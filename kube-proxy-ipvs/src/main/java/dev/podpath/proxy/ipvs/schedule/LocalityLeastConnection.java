package dev.podpath.proxy.ipvs.schedule;

/**
 * lblc: a destination address stays at its server; where that takes no connections or is crowded, the least loaded one is
 * taken and remembered (net/netfilter/ipvs/ip_vs_lblc.c).
 */
public final class LocalityLeastConnection extends LocalityBased {
    @Override
    public String name() {
        return "lblc";
    }

    /**
     * The server the kernel takes, which it remembers for the destination.
     *
     * @param servers in the kernel's order, with their connections
     * @param remembered the server of this destination, or {@link Choice#NOBODY}
     */
    public int next(ServerList servers, int remembered) {
        boolean stays = remembered >= 0 && servers.weight(remembered) > 0 && !crowded(servers, remembered);
        return stays ? remembered : fresh(servers);
    }
}
