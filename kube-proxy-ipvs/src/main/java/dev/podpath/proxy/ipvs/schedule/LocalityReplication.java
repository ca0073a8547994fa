package dev.podpath.proxy.ipvs.schedule;

import io.vavr.collection.Seq;

/**
 * lblcr: a destination address has a set of servers, of which the least loaded one is taken; where that is crowded, the
 * least loaded of all is taken and joins the set. Servers leave the set in time
 * (net/netfilter/ipvs/ip_vs_lblcr.c).
 */
public final class LocalityReplication extends LocalityBased {
    @Override
    public String name() {
        return "lblcr";
    }

    /**
     * The server the kernel takes, which is in the set of the destination afterwards.
     *
     * @param servers in the kernel's order, with their connections
     * @param set the servers of this destination, the one that joined last first
     */
    public int next(ServerList servers, Seq<Integer> set) {
        int least = Choice.NOBODY;
        for (int i : set) {
            if (servers.available(i)
                    && (least < 0
                            || Least.overhead(servers, i) * servers.weight(least)
                                    < Least.overhead(servers, least) * servers.weight(i))) {
                least = i;
            }
        }
        return least >= 0 && !crowded(servers, least) ? least : fresh(servers);
    }
}
