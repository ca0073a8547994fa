package dev.podpath.proxy.ipvs.schedule;

import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;

/**
 * wrr: turns in proportion to the weights. A current weight falls from the largest weight in steps of the weights'
 * greatest common divisor; at each level every server of at least that weight has a turn, in the order of the kernel's
 * list (net/netfilter/ipvs/ip_vs_wrr.c).
 */
public final class WeightedRoundRobin implements Scheduler {
    private static final int SHOWN = 64;

    /**
     * Where a virtual server's turns stand.
     *
     * @param last the server chosen last, or -1 for the head of the list
     * @param current the current weight
     * @param most the current weight to begin with
     * @param step the steps in which it falls
     */
    public record Mark(int last, long current, long most, long step) {}

    /**
     * A turn.
     *
     * @param server the server whose turn it is, or {@link Choice#NOBODY}
     * @param mark where the turns stand afterwards
     */
    public record Turn(int server, Mark mark) {}

    @Override
    public String name() {
        return "wrr";
    }

    /** Where the turns stand when the scheduler is bound to these servers. */
    public Mark begin(ServerList servers) {
        long step = divisor(servers);
        long most = most(servers) - (step - 1);
        return new Mark(-1, most, most, step);
    }

    /** Where they stand after a server was added, deleted or given another weight. */
    public Mark changed(Mark before, ServerList servers) {
        long step = divisor(servers);
        long most = most(servers) - (step - 1);
        long current = before.current();
        if (current > most || current == 0) {
            current = most;
        } else if (step > 1) {
            current = current / step * step + 1;
        }
        return new Mark(-1, current, most, step);
    }

    /** The next turn; the servers are in the kernel's order. */
    public Turn next(ServerList servers, Mark mark) {
        if (mark.most() == 0 || !anyAvailable(servers)) {
            return new Turn(Choice.NOBODY, mark);
        }
        long current = mark.current();
        int at = mark.last();
        while (true) {
            for (at++; at < servers.size(); at++) {
                if (!servers.overloaded(at) && servers.weight(at) >= current) {
                    return new Turn(at, new Mark(at, current, mark.most(), mark.step()));
                }
            }
            at = -1;
            current -= mark.step();
            if (current <= 0) {
                current = mark.most();
            }
        }
    }

    @Override
    public Choice choose(ServerList servers, Flow flow, SchedulerOptions flags) {
        return Turns.of(
                servers, servers::weight, cycle(servers), "wrr gives every server turns in proportion to its weight");
    }

    /** The servers in turn from the beginning of a cycle, where their order is known and the cycle is short. */
    private Vector<Integer> cycle(ServerList servers) {
        long length = 0;
        long step = divisor(servers);
        for (int i = 0; i < servers.size(); i++) {
            length += servers.eligible(i) ? servers.weight(i) / step : 0;
        }
        if (!servers.ordered() || length > SHOWN) {
            return Vector.empty();
        }
        List<Integer> turns = new ArrayList<>((int) length);
        Mark mark = begin(servers);
        for (int i = 0; i < length; i++) {
            Turn turn = next(servers, mark);
            turns.add(turn.server());
            mark = turn.mark();
        }
        return Vector.ofAll(turns);
    }

    private static boolean anyAvailable(ServerList servers) {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.eligible(i)) {
                return true;
            }
        }
        return false;
    }

    /** The greatest common divisor of the weights, overloaded servers' too; 1 where all are 0. */
    static long divisor(ServerList servers) {
        long divisor = 0;
        for (int i = 0; i < servers.size(); i++) {
            divisor = gcd(divisor, servers.weight(i));
        }
        return divisor == 0 ? 1 : divisor;
    }

    private static long most(ServerList servers) {
        long most = 0;
        for (int i = 0; i < servers.size(); i++) {
            most = Math.max(most, servers.weight(i));
        }
        return most;
    }

    private static long gcd(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }
}
