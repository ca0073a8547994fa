package dev.podpath.proxy.ipvs;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.proxy.ipvs.parse.IpvsText;
import dev.podpath.proxy.ipvs.schedule.SchedulerOptions;
import dev.podpath.proxy.ipvs.schedule.ServerList;
import dev.podpath.proxy.ipvs.table.Forwarding;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ListOrder;
import dev.podpath.proxy.ipvs.table.ServiceFlags;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/**
 * A virtual server and its real servers, put together from all documents that list it. Real servers are numbered in the
 * kernel's order where a document shows it.
 */
final class VirtualServer {
    private final Vector<Row> rows;
    private final int[][] servers;
    private final ServerList list;
    private final Vector<IpvsText.Servers> disagreeing;

    /**
     * The virtual server in one document.
     *
     * @param text the document
     * @param service its number there
     */
    private record Row(IpvsText.Servers text, int service) {
        IpvsTable table() {
            return text.table();
        }

        int size() {
            return table().end(service) - table().first(service);
        }
    }

    private record Key(IpAddress address, int port) {}

    private VirtualServer(Vector<Row> rows, int[][] servers, ServerList list, Vector<IpvsText.Servers> disagreeing) {
        this.rows = rows;
        this.servers = servers;
        this.list = list;
        this.disagreeing = disagreeing;
    }

    /** Puts together what the documents say of a virtual server of the main document. */
    static VirtualServer of(Captured captured, int service) {
        Row main = new Row(captured.main(), service);
        Vector<Row> rows = Vector.of(main);
        Vector<IpvsText.Servers> disagreeing = Vector.empty();
        Row order = main;
        if (captured.servers().size() > 1) {
            Map<Key, Integer> known = keys(main);
            for (IpvsText.Servers text : captured.servers().tail()) {
                int same = text.table().findSame(main.table(), service);
                Row row = new Row(text, same);
                if (same < 0 || !keys(row).keySet().equals(known.keySet()) || contradicts(main, row, known)) {
                    disagreeing = disagreeing.append(text);
                } else {
                    rows = rows.append(row);
                    order = order.table().order() != ListOrder.KERNEL
                                    && text.table().order() == ListOrder.KERNEL
                            ? row
                            : order;
                }
            }
        }
        int[][] servers = numbers(rows, order);
        return new VirtualServer(rows, servers, list(rows, servers, order), disagreeing);
    }

    private static Map<Key, Integer> keys(Row row) {
        Map<Key, Integer> keys = new HashMap<>();
        if (row.service() >= 0) {
            for (int i = row.table().first(row.service()); i < row.table().end(row.service()); i++) {
                keys.put(new Key(row.table().serverAddress(i), row.table().serverPort(i)), i);
            }
        }
        return keys;
    }

    /** Whether two documents give a server different weights, or name different schedulers. */
    private static boolean contradicts(Row main, Row other, Map<Key, Integer> known) {
        Option<String> scheduler = other.table().scheduler(other.service());
        Option<String> mainScheduler = main.table().scheduler(main.service());
        if (scheduler.isDefined() && mainScheduler.isDefined() && !scheduler.equals(mainScheduler)) {
            return true;
        }
        for (Map.Entry<Key, Integer> entry : keys(other).entrySet()) {
            int weight = other.table().weight(entry.getValue());
            int mainWeight = main.table().weight(known.getOrDefault(entry.getKey(), entry.getValue()));
            if (weight >= 0 && mainWeight >= 0 && weight != mainWeight) {
                return true;
            }
        }
        return false;
    }

    /** For each document the numbers of the real servers there, in the order of one of them. */
    private static int[][] numbers(Vector<Row> rows, Row order) {
        int size = order.size();
        int first = order.table().first(order.service());
        int[][] numbers = new int[rows.size()][size];
        for (int document = 0; document < numbers.length; document++) {
            Row row = rows.get(document);
            Map<Key, Integer> keys = row.equals(order) ? Map.of() : keys(row);
            for (int i = 0; i < size; i++) {
                numbers[document][i] = row.equals(order)
                        ? first + i
                        : keys.getOrDefault(
                                new Key(
                                        order.table().serverAddress(first + i),
                                        order.table().serverPort(first + i)),
                                first + i);
            }
        }
        return numbers;
    }

    private static ServerList list(Vector<Row> rows, int[][] servers, Row order) {
        int size = order.size();
        int first = order.table().first(order.service());
        ServerList.Builder list = ServerList.builder(size).ordered(order.table().order() == ListOrder.KERNEL);
        for (int i = 0; i < size; i++) {
            int weight = -1;
            int active = -1;
            int inactive = -1;
            int upper = -1;
            int lower = -1;
            for (int document = 0; document < servers.length; document++) {
                IpvsTable table = rows.get(document).table();
                int server = servers[document][i];
                weight = weight < 0 ? table.weight(server) : weight;
                upper = upper < 0 ? table.upperThreshold(server) : upper;
                lower = lower < 0 ? table.lowerThreshold(server) : lower;
                if (active < 0) {
                    active = table.active(server);
                    inactive = table.inactive(server);
                }
            }
            list.server(order.table().serverAddress(first + i), order.table().serverPort(first + i), weight)
                    .connections(active, inactive)
                    .thresholds(upper, lower);
        }
        return list.build();
    }

    private IpvsTable table() {
        return rows.head().table();
    }

    private int service() {
        return rows.head().service();
    }

    /** For people: {@code TCP 10.96.0.1:443}. */
    String name() {
        return table().describe(service());
    }

    /** The real servers. */
    ServerList list() {
        return list;
    }

    /** Documents that say something else of this virtual server. */
    Vector<IpvsText.Servers> disagreeing() {
        return disagreeing;
    }

    /** Whether something about it could not be read. */
    boolean isDamaged() {
        return has(ServiceFlags.DAMAGED);
    }

    private boolean has(int flag) {
        return rows.exists(row -> row.table().has(row.service(), flag));
    }

    boolean isPersistent() {
        return has(ServiceFlags.PERSISTENT);
    }

    boolean isOnePacket() {
        return has(ServiceFlags.ONE_PACKET);
    }

    /** Seconds of persistence for people; procfs gives ticks of a clock whose rate is not known. */
    String timeout() {
        return timeoutSeconds().map(seconds -> seconds + " seconds").getOrElse("its timeout");
    }

    /** Seconds of persistence; empty where only ticks are known. */
    Option<Integer> timeoutSeconds() {
        return rows.find(row -> !row.table().has(row.service(), ServiceFlags.TICKS)
                        && row.table().timeout(row.service()) > 0)
                .map(row -> row.table().timeout(row.service()));
    }

    /** The address of clients of which one stands for all: the source under the netmask of persistence. */
    IpAddress masked(IpAddress source) {
        Row row = rows.find(each -> each.table().has(each.service(), ServiceFlags.PERSISTENT))
                .getOrElse(rows.head());
        int mask = row.table().netmask(row.service());
        return source.isV6()
                ? new IpPrefix(source, Math.min(128, Math.max(0, mask))).address()
                : IpAddress.v4(source.v4Bits() & mask);
    }

    int port() {
        return table().port(service());
    }

    /** By mark; empty where it is found by address. */
    Option<Integer> mark() {
        return table().kind(service()).number() == 0 ? Option.some(table().mark(service())) : Option.none();
    }

    /** Name of its scheduler; empty where no document says. */
    Option<String> scheduler() {
        return rows.flatMap(row -> row.table().scheduler(row.service())).headOption();
    }

    SchedulerOptions options() {
        boolean told = rows.exists(row ->
                row.text().layout().hasSchedulers() && !row.table().has(row.service(), ServiceFlags.FLAGS_HIDDEN));
        return new SchedulerOptions(has(ServiceFlags.FALLBACK), has(ServiceFlags.HASH_PORT), !told);
    }

    /** How a real server is reached. */
    Forwarding forwarding(int server) {
        for (int document = 0; document < servers.length; document++) {
            Forwarding how = rows.get(document).table().forwarding(servers[document][server]);
            if (how != Forwarding.UNKNOWN) {
                return how;
            }
        }
        return Forwarding.UNKNOWN;
    }

    /** The line of the virtual server in the main document. */
    Evidence evidence() {
        return rows.head().text().document().line(table().line(service()));
    }

    /** The line of a real server in the main document. */
    Evidence evidence(int server) {
        return rows.head().text().document().line(table().serverLine(servers[0][server]));
    }

    /** The number of a real server; -1 where it is none of these. */
    int find(IpAddress address, int port) {
        for (int i = 0; i < list.size(); i++) {
            if (list.address(i).equals(address) && (list.port(i) == port || list.port(i) == 0)) {
                return i;
            }
        }
        return -1;
    }
}
