package dev.podpath.proxy.ipvs;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.proxy.iptables.eval.Balancer;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The ports with virtual servers on each address: what partitions the packets to an address. */
final class ServedPorts {
    private static final int FTP = 21;
    private static final int FTP_DATA = 20;
    private static final int FIRST_UNPRIVILEGED = 1024;
    private static final int LAST = 65535;
    private static final int[] NONE = {};

    private final Map<IpAddress, int[][]> ports = new HashMap<>();

    ServedPorts(IpvsTable table) {
        for (int service = 0; service < table.services(); service++) {
            if (table.kind(service) != ServiceKind.FIREWALL_MARK) {
                int[][] all = ports.computeIfAbsent(table.address(service), key -> {
                    int[][] none = new int[Protocol.values().length][];
                    Arrays.fill(none, NONE);
                    return none;
                });
                int protocol =
                        table.kind(service).protocol().map(Protocol::ordinal).getOrElse(0);
                all[protocol] = with(all[protocol], table.port(service));
            }
        }
    }

    private static int[] with(int[] some, int port) {
        int at = Arrays.binarySearch(some, port);
        if (at >= 0) {
            return some;
        }
        int[] more = new int[some.length + 1];
        int place = -1 - at;
        System.arraycopy(some, 0, more, 0, place);
        more[place] = port;
        System.arraycopy(some, place, more, place + 1, some.length - place);
        return more;
    }

    static boolean isFtp(int port) {
        return port == FTP;
    }

    static boolean isFtpData(int port) {
        return port == FTP_DATA;
    }

    /** Every address with a virtual server, of one family. */
    Vector<IpAddress> addresses(boolean v6) {
        return Vector.ofAll(ports.keySet()).filter(address -> address.isV6() == v6);
    }

    /** The ports of an address with virtual servers; empty where there is one that other ports can reach, too. */
    Option<int[]> told(IpAddress address, Protocol protocol) {
        int[][] all = ports.get(address);
        int[] served = all == null ? NONE : all[protocol.ordinal()];
        boolean several = served.length > 0 && served[0] == 0 || Arrays.binarySearch(served, FTP) >= 0;
        return several ? Option.none() : Option.some(served.clone());
    }

    /** Tells which packets find the same virtual server as this one, or none as well. */
    void narrow(Balancer.Seen packet, Balancer.Alike alike) {
        int[][] all = ports.get(packet.destination());
        int[] served = all == null ? NONE : all[packet.protocol().ordinal()];
        if (served.length == 0) {
            return;
        }
        int port = packet.destinationPort();
        boolean own = Arrays.binarySearch(served, port) >= 0;
        if (own) {
            alike.destinationPorts(port, port);
        } else {
            for (int other : served) {
                alike.destinationPorts(other, other);
            }
            if (Arrays.binarySearch(served, FTP) >= 0) {
                alike.destinationPorts(FTP_DATA, FTP_DATA);
                alike.destinationPorts(FIRST_UNPRIVILEGED, LAST);
            }
        }
        if (own || served[0] == 0 || Arrays.binarySearch(served, FTP) >= 0) {
            alike.sourcePorts(FTP_DATA, FTP_DATA);
        }
    }
}
