package dev.podpath.proxy.ipvs.schedule;

import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.BitSet;

/**
 * mh: Maglev consistent hashing. Every server walks a permutation of 4093 slots, made of its own address and port, and
 * takes free slots in turns by its weight; a hash of the source address, with mh-port of the source port too, picks the
 * slot. A server that takes no connections keeps the slots of its former weight; with mh-fallback another slot stands in
 * (net/netfilter/ipvs/ip_vs_mh.c, of a kernel with {@code CONFIG_IP_VS_MH_TAB_INDEX=12}).
 */
public final class MaglevHashing extends Hashed {
    private static final int SIZE = 4093;
    private static final int TURN_BITS = 6;
    private static final long FIRST_KEY = 2_654_435_761L;
    private static final long SECOND_KEY = 2_654_446_892L;

    @Override
    public String name() {
        return "mh";
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
                ? "mh picks the server by a consistent hash of the source address and port"
                : "mh picks the server by a consistent hash of the source address";
    }

    @Override
    public Choice choose(ServerList servers, Flow flow, SchedulerOptions flags) {
        boolean drained = false;
        for (int i = 0; i < servers.size(); i++) {
            drained |= servers.weight(i) == 0;
        }
        if (!drained || servers.eligibleCount() == 0) {
            return super.choose(servers, flow, flags);
        }
        BitSet all = Least.eligible(servers);
        all.set(servers.size(), flags.hidden() || !flags.fallback() || servers.unsureCount() > 0);
        return Choice.oneOf(
                all,
                servers.size(),
                rule(flags) + "; a server of weight 0 keeps the slots of its former weight",
                Vector.of(Need.FORMER_WEIGHTS));
    }

    @Override
    HashTable table(ServerList servers) {
        int[] weights = new int[servers.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = servers.weight(i);
        }
        return table(servers, weights);
    }

    /**
     * The server the kernel takes where servers had other weights before they were set to 0.
     *
     * @param servers in the kernel's order
     * @param lastWeights the last weight of each that was not 0; 0 where there never was one
     * @return the server, or {@link Choice#NOBODY}
     */
    public int next(ServerList servers, int[] lastWeights, Flow flow, SchedulerOptions flags) {
        return table(servers, lastWeights).server(flow, flags.port() ? flow.sourcePort() : 0, flags.fallback());
    }

    private static HashTable table(ServerList servers, int[] weights) {
        int[] slots = slots(servers, weights);
        return (flow, port, fallback) -> {
            int key = port + Hashing.fold(flow.source());
            int hash = slot(key, FIRST_KEY, SIZE);
            int first = slots[hash];
            if (first < 0 || servers.available(first) || !fallback) {
                return first >= 0 && servers.available(first) ? first : Choice.NOBODY;
            }
            for (int offset = 0; offset < SIZE; offset++) {
                int other = slots[slot((offset + hash) % SIZE + key, FIRST_KEY, SIZE)];
                if (other < 0) {
                    return Choice.NOBODY;
                }
                if (servers.available(other)) {
                    return other;
                }
            }
            return Choice.NOBODY;
        };
    }

    private static int slot(int value, long key, int size) {
        return Integer.remainderUnsigned(Hashing.sip13(value, key), size);
    }

    private static int[] slots(ServerList servers, int[] weights) {
        int[] slots = new int[SIZE];
        Arrays.fill(slots, Choice.NOBODY);
        int[] turns = turns(weights);
        int size = servers.size();
        int[] at = new int[size];
        int[] skip = new int[size];
        boolean any = false;
        for (int i = 0; i < size; i++) {
            int key = Hashing.fold(servers.address(i)) + servers.port(i);
            at[i] = slot(key, FIRST_KEY, SIZE);
            skip[i] = slot(key, SECOND_KEY, SIZE - 1) + 1;
            any |= turns[i] > 0;
        }
        int server = 0;
        int taken = 0;
        for (int filled = 0; any && filled < SIZE; ) {
            if (turns[server] == 0) {
                server = (server + 1) % size;
                continue;
            }
            while (slots[at[server]] >= 0) {
                at[server] = (at[server] + skip[server]) % SIZE;
            }
            slots[at[server]] = server;
            filled++;
            if (++taken >= turns[server]) {
                taken = 0;
                server = (server + 1) % size;
            }
        }
        return slots;
    }

    /** Weights as turns: divided by their greatest common divisor, and halved until the largest has 6 bits ({@code IP_VS_MH_TAB_BITS}). */
    private static int[] turns(int[] weights) {
        int divisor = 0;
        int most = 0;
        for (int weight : weights) {
            int a = divisor;
            int b = weight;
            while (b != 0) {
                int rest = a % b;
                a = b;
                b = rest;
            }
            divisor = a;
            most = Math.max(most, weight);
        }
        int[] turns = new int[weights.length];
        if (divisor == 0) {
            return turns;
        }
        int shift = Math.max(0, 32 - Integer.numberOfLeadingZeros(most / divisor) - TURN_BITS);
        for (int i = 0; i < weights.length; i++) {
            turns[i] = weights[i] == 0 ? 0 : Math.max(1, weights[i] / divisor >> shift);
        }
        return turns;
    }
}
