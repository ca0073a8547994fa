package dev.podpath.proxy.ipvs.schedule;

/**
 * sh: a hash of the source address, with sh-port of the source port too, picks one of 256 buckets; they are filled from
 * the kernel's list, as many in a row for each server as its weight, at least one. A server that takes no connections
 * keeps its buckets; with sh-fallback another bucket stands in (net/netfilter/ipvs/ip_vs_sh.c).
 */
public final class SourceHashing extends Hashed {
    private static final int SIZE = 256;

    @Override
    public String name() {
        return "sh";
    }

    @Override
    public boolean dependsOnSource() {
        return true;
    }

    @Override
    public Choice chooseForAll(ServerList servers, Flow flow, SchedulerOptions flags) {
        return anyOf(servers, flags);
    }

    @Override
    boolean hasFlags() {
        return true;
    }

    @Override
    String rule(SchedulerOptions flags) {
        return flags.port()
                ? "sh picks the server by a hash of the source address and port"
                : "sh picks the server by a hash of the source address";
    }

    @Override
    HashTable table(ServerList servers) {
        int[] buckets = new int[SIZE];
        int server = 0;
        int filled = 0;
        for (int i = 0; i < SIZE; i++) {
            buckets[i] = server;
            if (++filled >= servers.weight(server)) {
                server = (server + 1) % servers.size();
                filled = 0;
            }
        }
        return (flow, port, fallback) -> {
            int hash = Hashing.multiplicative(port + Hashing.fold(flow.source()));
            int first = buckets[hash];
            if (servers.available(first) || !fallback) {
                return servers.available(first) ? first : Choice.NOBODY;
            }
            for (int offset = 0; offset < SIZE; offset++) {
                int other = buckets[offset + hash + hash & SIZE - 1];
                if (servers.available(other)) {
                    return other;
                }
            }
            return Choice.NOBODY;
        };
    }
}
