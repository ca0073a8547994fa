package dev.podpath.proxy.ipvs.schedule;

/**
 * dh: a hash of the destination address picks one of 256 buckets, filled from the kernel's list in turn, whatever the
 * weights. A virtual server of one address has one server. A server of weight 0 keeps its buckets
 * (net/netfilter/ipvs/ip_vs_dh.c).
 */
public final class DestinationHashing extends Hashed {
    @Override
    public String name() {
        return "dh";
    }

    @Override
    boolean hasFlags() {
        return false;
    }

    @Override
    String rule(SchedulerOptions flags) {
        return "dh picks the server by a hash of the destination address";
    }

    @Override
    HashTable table(ServerList servers) {
        return (flow, port, fallback) -> {
            int server = Hashing.multiplicative(Hashing.fold(flow.destination())) % servers.size();
            return servers.available(server) ? server : Choice.NOBODY;
        };
    }
}
