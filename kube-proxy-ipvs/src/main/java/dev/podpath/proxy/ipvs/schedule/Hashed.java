package dev.podpath.proxy.ipvs.schedule;

import io.vavr.collection.Vector;
import java.util.BitSet;

/**
 * The schedulers that hash. With the order of the servers, the flags and the packet known their choice is exact. Where
 * something is not known, every case is tried as long as there are few; then it is one of the servers met.
 */
abstract class Hashed implements Scheduler {
    private static final int MOST_PERMUTED = 4;
    private static final int MOST_UNSURE = 3;
    private static final int FTP_DATA = 20;

    /** The table the kernel builds of these servers, which are in its order. */
    abstract HashTable table(ServerList servers);

    /** Whether the scheduler has flags. */
    abstract boolean hasFlags();

    /** How it chooses, one sentence. */
    abstract String rule(SchedulerOptions flags);

    /**
     * The server the kernel takes.
     *
     * @param servers in the kernel's order
     * @return the server, or {@link Choice#NOBODY}
     */
    public final int next(ServerList servers, Flow flow, SchedulerOptions flags) {
        return table(servers).server(flow, flags.port() ? flow.sourcePort() : 0, flags.fallback());
    }

    @Override
    public Choice choose(ServerList servers, Flow flow, SchedulerOptions flags) {
        if (servers.eligibleCount() == 0) {
            return Choice.nobody("no server of the virtual server takes connections");
        }
        boolean flagsOpen = hasFlags() && flags.hidden();
        boolean portOpen = hasFlags() && (flags.port() || flagsOpen) && flow.sourcePort() == 0;
        Vector<Need> needs = Vector.empty();
        needs = servers.ordered() ? needs : needs.append(Need.LIST_ORDER);
        needs = servers.unsureCount() == 0 ? needs : needs.append(Need.THRESHOLDS);
        needs = flagsOpen ? needs.append(Need.FLAGS) : needs;
        needs = portOpen ? needs.append(Need.SOURCE_PORT) : needs;
        int nobody = servers.size();
        BitSet all = Least.eligible(servers);
        all.set(nobody);
        String rule = rule(flags);
        if (!servers.ordered() && servers.size() > MOST_PERMUTED || servers.unsureCount() > MOST_UNSURE) {
            all.set(nobody, canRefuse(servers, flags));
            return Choice.oneOf(all, nobody, rule, needs);
        }
        BitSet met = new BitSet();
        int[] order = identity(servers.size());
        do {
            for (long bits = 0; bits < 1L << servers.unsureCount(); bits++) {
                ServerList certain = servers.unsureCount() == 0 ? servers : servers.decided(bits);
                ServerList listed = servers.ordered() ? certain : certain.reordered(order);
                HashTable table = table(listed);
                for (int combination = 0; combination < 4; combination++) {
                    boolean fallback = (combination & 1) != 0;
                    boolean port = (combination & 2) != 0;
                    if (flagsOpen
                            || !hasFlags() && combination == 0
                            || hasFlags() && fallback == flags.fallback() && port == flags.port()) {
                        meet(met, all, table, flow, port, fallback, order, nobody);
                    }
                }
            }
        } while (!servers.ordered() && Permutations.next(order));
        return Choice.oneOf(met, nobody, rule, needs);
    }

    /** The servers that some packet gets. */
    final Choice anyOf(ServerList servers, SchedulerOptions flags) {
        if (servers.eligibleCount() == 0) {
            return Choice.nobody("no server of the virtual server takes connections");
        }
        BitSet all = Least.eligible(servers);
        all.set(servers.size(), canRefuse(servers, flags));
        return Choice.oneOf(all, servers.size(), rule(flags), Vector.of(Need.SOURCE));
    }

    private static void meet(
            BitSet met,
            BitSet all,
            HashTable table,
            Flow flow,
            boolean port,
            boolean fallback,
            int[] order,
            int nobody) {
        int first = !port ? 0 : flow.sourcePort() > 0 ? flow.sourcePort() : 1;
        int last = !port ? 0 : flow.sourcePort() > 0 ? flow.sourcePort() : 65535;
        for (int number = first; number <= last; number++) {
            if (number == FTP_DATA && last > first) {
                continue;
            }
            int server = table.server(flow, number, fallback);
            met.set(server < 0 ? nobody : order[server]);
            if (number % 256 == 0 && met.equals(all)) {
                return;
            }
        }
    }

    /** Whether a packet can be refused: it meets the place of a server that takes none, and none stands in. */
    private boolean canRefuse(ServerList servers, SchedulerOptions flags) {
        boolean some = false;
        for (int i = 0; i < servers.size(); i++) {
            some |= !servers.available(i);
        }
        return some && (!hasFlags() || flags.hidden() || !flags.fallback() || servers.unsureCount() > 0);
    }

    private static int[] identity(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }
}
