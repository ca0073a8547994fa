package dev.podpath.proxy.ipvs.schedule;

import io.vavr.collection.Vector;

/**
 * rr: each server in turn, in the order of the kernel's list; weights count only as zero or not
 * (net/netfilter/ipvs/ip_vs_rr.c).
 */
public final class RoundRobin implements Scheduler {
    /** The pointer of a virtual server to which no connection was given yet: the head of the list. */
    public static final int HEAD = -1;

    @Override
    public String name() {
        return "rr";
    }

    /**
     * The next server, which becomes the pointer.
     *
     * @param servers in the kernel's order
     * @param pointer the server chosen last, or {@link #HEAD}
     * @return the server, or {@link Choice#NOBODY}
     */
    public int next(ServerList servers, int pointer) {
        int size = servers.size();
        for (int i = 1; i <= size + 1; i++) {
            int at = (pointer + 1 + i) % (size + 1) - 1;
            if (at >= 0 && servers.available(at)) {
                return at;
            }
        }
        return Choice.NOBODY;
    }

    /** The pointer after a server was deleted: the one before it, where it was the pointer. */
    public static int afterDelete(int pointer, int deleted) {
        return pointer >= deleted ? pointer - 1 : pointer;
    }

    /** The pointer after a server was added, which becomes number 0. */
    public static int afterAdd(int pointer) {
        return pointer == HEAD ? HEAD : pointer + 1;
    }

    @Override
    public Choice choose(ServerList servers, Flow flow, SchedulerOptions flags) {
        return Turns.equal(servers, "rr gives every server of some weight its turn, whatever the weight");
    }

    /** The servers in turn. */
    static Vector<Integer> cycle(ServerList servers) {
        return Vector.range(0, servers.size()).filter(servers::eligible);
    }
}
