package dev.podpath.proxy.ipvs.schedule;

import io.vavr.collection.Vector;
import java.util.BitSet;

/** What the two schedulers that remember destinations have in common. */
abstract class LocalityBased implements Scheduler {
    private static final WeightedLeastConnection FRESH = new WeightedLeastConnection();

    /** The server for a destination that is not remembered: the least loaded for its weight. */
    static int fresh(ServerList servers) {
        return FRESH.next(servers);
    }

    /** Whether a server has more connections than its weight while another is half free. */
    static boolean crowded(ServerList servers, int server) {
        if (servers.active(server) <= servers.weight(server)) {
            return false;
        }
        for (int i = 0; i < servers.size(); i++) {
            if (servers.weight(i) > 0 && servers.active(i) * 2L < servers.weight(i)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public final boolean countsConnections() {
        return true;
    }

    @Override
    public Choice choose(ServerList servers, Flow flow, SchedulerOptions flags) {
        Choice fresh = FRESH.choose(servers, flow, flags);
        if (servers.eligibleCount() == 0) {
            return fresh;
        }
        BitSet possible = new BitSet();
        int nobody = servers.size();
        fresh.candidates().forEach(candidate -> possible.set(candidate.server() < 0 ? nobody : candidate.server()));
        boolean counted = servers.connectionsKnown();
        for (int i = 0; i < servers.size(); i++) {
            if (servers.weight(i) > 0 && (!counted || !crowded(servers, i))) {
                possible.set(i);
            }
        }
        return Choice.oneOf(
                possible,
                nobody,
                name()
                        + " keeps a destination address at its server unless that is crowded, else takes the least loaded",
                Vector.of(Need.MEMORY));
    }
}
