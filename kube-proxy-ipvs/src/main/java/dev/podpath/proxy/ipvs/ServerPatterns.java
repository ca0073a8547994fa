package dev.podpath.proxy.ipvs;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.proxy.iptables.eval.Balancer;
import dev.podpath.proxy.ipvs.schedule.SchedulerOptions;
import dev.podpath.proxy.ipvs.schedule.ServerList;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.List;

/** What IPVS does with new connections to an address, but for the addresses in it. */
final class ServerPatterns {
    /** Schedulers that go by the order, the weights and the connections of servers; the others hash addresses. */
    private static final List<String> BY_ORDER = List.of("rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf");

    private static final int MOST_SERVERS = 256;

    private final IpvsTable table;
    private final VirtualServers servers;
    private final ServedPorts ports;
    private final boolean marks;

    ServerPatterns(IpvsTable table, VirtualServers servers, ServedPorts ports) {
        this.table = table;
        this.servers = servers;
        this.ports = ports;
        boolean some = false;
        for (int service = 0; service < table.services(); service++) {
            some |= table.kind(service) == ServiceKind.FIREWALL_MARK;
        }
        this.marks = some;
    }

    /** Of one address; empty where packets to it can find a virtual server in another way, or addresses are hashed. */
    Option<Balancer.Pattern> of(IpAddress address) {
        if (marks) {
            return Option.none();
        }
        Writer writer = new Writer(address);
        for (Protocol protocol : Protocol.values()) {
            Option<int[]> told = ports.told(address, protocol);
            if (told.isEmpty()) {
                return Option.none();
            }
            for (int port : told.get()) {
                int service = table.find(ServiceKind.of(protocol), address, port);
                if (service < 0 || !writer.add(protocol, port, servers.get(service))) {
                    return Option.none();
                }
            }
        }
        return Option.some(new Balancer.Pattern(
                Arrays.copyOf(writer.words, writer.count), Arrays.copyOf(writer.addresses, writer.size)));
    }

    /** Puts words together. */
    private static final class Writer {
        private int[] words = new int[64];
        private int count;
        private long[] addresses = new long[16];
        private int size;

        Writer(IpAddress address) {
            place(address);
        }

        @SuppressWarnings("EnumOrdinal")
        boolean add(Protocol protocol, int port, VirtualServer server) {
            ServerList list = server.list();
            int scheduler = server.scheduler().map(BY_ORDER::indexOf).getOrElse(BY_ORDER.size());
            if (server.isDamaged() || scheduler < 0 || list.size() > MOST_SERVERS) {
                return false;
            }
            SchedulerOptions options = server.options();
            put(protocol.number());
            put(port);
            put(scheduler);
            put((server.isPersistent() ? 1 : 0)
                    | (server.isOnePacket() ? 2 : 0)
                    | (options.fallback() ? 4 : 0)
                    | (options.port() ? 8 : 0)
                    | (options.hidden() ? 16 : 0)
                    | (list.ordered() ? 32 : 0));
            put(server.timeoutSeconds().getOrElse(-1));
            put(list.size());
            for (int i = 0; i < list.size(); i++) {
                put(place(list.address(i)));
                put(list.port(i));
                put(list.weight(i));
                put(list.active(i));
                put(list.inactive(i));
                put(list.load(i));
                put(server.forwarding(i).ordinal());
            }
            return true;
        }

        private void put(int word) {
            if (count == words.length) {
                words = Arrays.copyOf(words, 2 * count);
            }
            words[count++] = word;
        }

        private int place(IpAddress address) {
            long high = address.high();
            long low = address.low();
            for (int i = 0; i < size; i += 2) {
                if (addresses[i + 1] == low && addresses[i] == high) {
                    return i / 2;
                }
            }
            if (size == addresses.length) {
                addresses = Arrays.copyOf(addresses, 2 * size);
            }
            addresses[size] = high;
            addresses[size + 1] = low;
            size += 2;
            return size / 2 - 1;
        }
    }
}
