package dev.podpath.proxy.ipvs.schedule;

import io.vavr.collection.Vector;
import java.util.BitSet;

/**
 * The schedulers that take the best server by its weight and connections, and of equal ones the first of the kernel's
 * list.
 */
abstract class Least implements Scheduler {
    private static final int MOST_UNSURE = 6;

    private final boolean countsConnections;

    Least(boolean countsConnections) {
        this.countsConnections = countsConnections;
    }

    /** Whether a server that is available is a candidate at all. */
    boolean fits(ServerList servers, int server) {
        return true;
    }

    /** Negative where the first server is better than the second, 0 where they are equal. */
    abstract int compare(ServerList servers, int a, int b);

    /** How it chooses, one sentence. */
    abstract String rule();

    /** The best servers, all equal, in the order of the list. */
    final BitSet best(ServerList servers) {
        BitSet best = new BitSet();
        int least = -1;
        for (int i = 0; i < servers.size(); i++) {
            if (!servers.available(i) || !fits(servers, i)) {
                continue;
            }
            int order = least < 0 ? -1 : compare(servers, i, least);
            if (order < 0) {
                best.clear();
                least = i;
            }
            if (order <= 0) {
                best.set(i);
            }
        }
        return best;
    }

    /**
     * The server the kernel takes.
     *
     * @param servers in the kernel's order, with their connections
     * @return the server, or {@link Choice#NOBODY}
     */
    public final int next(ServerList servers) {
        return best(servers).nextSetBit(0);
    }

    @Override
    public final boolean countsConnections() {
        return countsConnections;
    }

    @Override
    public Choice choose(ServerList servers, Flow flow, SchedulerOptions flags) {
        if (servers.eligibleCount() == 0) {
            return Choice.nobody("no server of the virtual server takes connections");
        }
        int nobody = servers.size();
        if (countsConnections && !servers.connectionsKnown()) {
            BitSet all = eligible(servers);
            all.set(nobody, servers.unsureCount() > 0 || refuses());
            return Choice.oneOf(all, nobody, rule(), Vector.of(Need.CONNECTIONS));
        }
        int unsure = servers.unsureCount();
        if (unsure > MOST_UNSURE) {
            BitSet all = eligible(servers);
            all.set(nobody);
            return Choice.oneOf(all, nobody, rule(), Vector.of(Need.THRESHOLDS));
        }
        BitSet possible = new BitSet();
        boolean tied = false;
        for (long bits = 0; bits < 1L << unsure; bits++) {
            BitSet best = best(unsure == 0 ? servers : servers.decided(bits));
            if (best.isEmpty()) {
                possible.set(nobody);
            } else if (servers.ordered()) {
                possible.set(best.nextSetBit(0));
            } else {
                tied |= best.cardinality() > 1;
                possible.or(best);
            }
        }
        Vector<Need> needs = tied ? Vector.of(Need.LIST_ORDER) : Vector.empty();
        return Choice.oneOf(possible, nobody, rule(), unsure > 0 ? needs.append(Need.THRESHOLDS) : needs);
    }

    /** Whether it can refuse a connection although a server is available. */
    boolean refuses() {
        return false;
    }

    static BitSet eligible(ServerList servers) {
        BitSet eligible = new BitSet();
        for (int i = 0; i < servers.size(); i++) {
            eligible.set(i, servers.eligible(i));
        }
        return eligible;
    }

    /** Connections in the measure of lc and wlc: an active one counts as 256 inactive ones. */
    static long overhead(ServerList servers, int server) {
        return ((long) servers.active(server) << 8) + servers.inactive(server);
    }
}
