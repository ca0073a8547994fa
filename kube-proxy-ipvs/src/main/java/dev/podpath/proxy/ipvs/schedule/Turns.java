package dev.podpath.proxy.ipvs.schedule;

import dev.podpath.proxy.ipvs.schedule.Choice.Candidate;
import dev.podpath.proxy.ipvs.schedule.Choice.Certainty;
import io.vavr.collection.Vector;
import java.util.BitSet;
import java.util.function.IntToLongFunction;

/** Choices of the schedulers that give servers turns. */
final class Turns {
    private static final Vector<Need> PHASE = Vector.of(Need.MEMORY);
    private static final Vector<Need> PHASE_AND_ORDER = Vector.of(Need.LIST_ORDER, Need.MEMORY);

    private Turns() {}

    static Choice equal(ServerList servers, String why) {
        return of(servers, server -> 1, servers.ordered() ? RoundRobin.cycle(servers) : Vector.empty(), why);
    }

    static Choice of(ServerList servers, IntToLongFunction part, Vector<Integer> cycle, String why) {
        int eligible = servers.eligibleCount();
        if (eligible == 0) {
            return Choice.nobody("no server of the virtual server takes connections");
        }
        if (servers.unsureCount() > 0) {
            return unsure(servers, why);
        }
        Vector<Candidate> candidates = Vector.range(0, servers.size())
                .filter(servers::eligible)
                .map(server -> new Candidate(server, part.applyAsLong(server)));
        if (eligible == 1) {
            return Choice.exact(candidates.head().server(), "only one server takes connections");
        }
        return new Choice(Certainty.TURNS, candidates, cycle, why, servers.ordered() ? PHASE : PHASE_AND_ORDER);
    }

    private static Choice unsure(ServerList servers, String why) {
        BitSet possible = new BitSet();
        boolean certain = false;
        for (int i = 0; i < servers.size(); i++) {
            possible.set(i, servers.eligible(i));
            certain |= servers.available(i);
        }
        possible.set(servers.size(), !certain);
        return Choice.oneOf(possible, servers.size(), why, Vector.of(Need.THRESHOLDS));
    }
}
