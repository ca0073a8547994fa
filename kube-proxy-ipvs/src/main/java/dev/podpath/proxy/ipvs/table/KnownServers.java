package dev.podpath.proxy.ipvs.table;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a real server that its virtual server has already. The few of the virtual server that is being filled are
 * compared one by one; many of them, or those of one that is filled again later, are remembered in a set.
 */
final class KnownServers {
    private static final int FEW = 8;

    private record Key(int service, long high, long low, boolean v6, int port) {}

    private @Nullable Set<Key> all;
    private Set<Key> run = new HashSet<>();
    private int service = -1;
    private int begin;
    private int highest = -1;

    /** Whether the server is new. */
    boolean add(TableBuilder table, int row, long high, long low, boolean v6, int port) {
        if (row != service) {
            if (row < highest && all == null) {
                all = everything(table);
            }
            service = row;
            begin = table.servers;
            highest = Math.max(highest, row);
            run = run.isEmpty() ? run : new HashSet<>();
        }
        if (all != null) {
            return all.add(new Key(row, high, low, v6, port));
        }
        if (table.servers - begin < FEW) {
            for (int i = begin; i < table.servers; i++) {
                if (table.serverLow[i] == low
                        && table.serverHigh[i] == high
                        && table.serverPort[i] == port
                        && table.serverV6[i] == v6) {
                    return false;
                }
            }
            return true;
        }
        if (run.isEmpty()) {
            for (int i = begin; i < table.servers; i++) {
                run.add(key(table, i));
            }
        }
        return run.add(new Key(row, high, low, v6, port));
    }

    private static Set<Key> everything(TableBuilder table) {
        Set<Key> keys = new HashSet<>();
        for (int i = 0; i < table.servers; i++) {
            keys.add(key(table, i));
        }
        return keys;
    }

    private static Key key(TableBuilder table, int i) {
        return new Key(
                table.service[i], table.serverHigh[i], table.serverLow[i], table.serverV6[i], table.serverPort[i]);
    }
}
