package dev.podpath.proxy.ipvs;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The ports with virtual servers on each address: what partitions the packets to an address. */
final class ServedPorts {
    private static final int FTP = 21;
    private static final int FTP_DATA = 20;
    private static final int FIRST_UNPRIVILEGED = 1024;
    private static final int[] NONE = {};

    private final Map<IpAddress, int[][]> ports = new HashMap<>();

    ServedPorts(IpvsTable table) {
        Map<IpAddress, Map<ServiceKind, TreeSet<Integer>>> sorted = new HashMap<>();
        for (int service = 0; service < table.services(); service++) {
            if (table.kind(service) != ServiceKind.FIREWALL_MARK) {
                sorted.computeIfAbsent(table.address(service), key -> new HashMap<>())
                        .computeIfAbsent(table.kind(service), key -> new TreeSet<>())
                        .add(table.port(service));
            }
        }
        sorted.forEach((address, kinds) -> {
            int[][] all = new int[Protocol.values().length][];
            for (int i = 0; i < all.length; i++) {
                all[i] = cuts(kinds.get(ServiceKind.of(Protocol.values()[i])));
            }
            ports.put(address, all);
        });
    }

    private static int[] cuts(@Nullable Set<Integer> served) {
        if (served == null) {
            return NONE;
        }
        TreeSet<Integer> cuts = new TreeSet<>();
        for (int port : served) {
            cuts.add(port);
            cuts.add(port + 1);
        }
        if (served.contains(FTP)) {
            cuts.addAll(Arrays.asList(FTP_DATA, FTP, FIRST_UNPRIVILEGED));
        }
        return cuts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Every address with a virtual server. */
    Vector<IpAddress> addresses() {
        return Vector.ofAll(ports.keySet());
    }

    /** The lowest port up to which every port is served like this one. */
    int first(Protocol protocol, IpAddress address, int port) {
        int[] cuts = cuts(protocol, address);
        int at = above(cuts, port);
        return at == 0 ? 0 : cuts[at - 1];
    }

    /** The highest port up to which every port is served like this one. */
    int last(Protocol protocol, IpAddress address, int port) {
        int[] cuts = cuts(protocol, address);
        int at = above(cuts, port);
        return at == cuts.length ? 65535 : cuts[at] - 1;
    }

    private int[] cuts(Protocol protocol, IpAddress address) {
        int[][] all = ports.get(address);
        return all == null ? NONE : all[protocol.ordinal()];
    }

    /** How many cuts are at or below a port. */
    private static int above(int[] cuts, int port) {
        int found = Arrays.binarySearch(cuts, port);
        return found >= 0 ? found + 1 : -1 - found;
    }
}
