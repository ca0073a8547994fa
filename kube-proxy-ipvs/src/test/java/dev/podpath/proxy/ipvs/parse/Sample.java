package dev.podpath.proxy.ipvs.parse;

import dev.podpath.core.net.IpAddress;
import dev.podpath.proxy.ipvs.table.Forwarding;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ServiceFlags;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;

/**
 * A table as a list, to be printed in every form and compared with what was read.
 *
 * @param services the virtual servers
 */
record Sample(List<Service> services) {
    /** A virtual server. */
    record Service(
            ServiceKind kind,
            IpAddress address,
            int port,
            String scheduler,
            int flags,
            int timeout,
            int mask,
            List<Server> servers) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** A real server. */
    record Server(
            IpAddress address,
            int port,
            Forwarding forwarding,
            int weight,
            int active,
            int inactive,
            int upper,
            int lower) {}

    private static String endpoint(IpAddress address, int port) {
        return (address.isV6() ? "[" + address + "]" : address.toString()) + ":" + port;
    }

    private static String hex(IpAddress address, int port) {
        if (!address.isV6()) {
            return String.format(Locale.ROOT, "%08X:%04X", address.v4Bits(), port);
        }
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < 8; i++) {
            long half = i < 4 ? address.high() : address.low();
            text.append(i == 0 ? "" : ":")
                    .append(String.format(Locale.ROOT, "%04x", half >>> (48 - i % 4 * 16) & 0xFFFF));
        }
        return text + String.format(Locale.ROOT, "]:%04X", port);
    }

    private static String flags(Service service) {
        List<String> names = new ArrayList<>();
        String prefix = service.scheduler().equals("mh") ? "mh-" : "sh-";
        if (service.has(ServiceFlags.FALLBACK)) {
            names.add(prefix + "fallback");
        }
        if (service.has(ServiceFlags.HASH_PORT)) {
            names.add(prefix + "port");
        }
        return String.join(",", names);
    }

    private static String mask(Service service) {
        if (service.has(ServiceFlags.V6)) {
            return service.mask() == 128 ? "" : Integer.toString(service.mask());
        }
        return service.mask() == -1 ? "" : IpAddress.v4(service.mask()).toString();
    }

    private static String found(Service service) {
        return service.kind() == ServiceKind.FIREWALL_MARK
                ? "FWM  " + Integer.toUnsignedString(service.address().v4Bits())
                        + (service.has(ServiceFlags.V6) ? " IPv6" : "")
                : String.format(Locale.ROOT, "%-4s ", service.kind().label())
                        + endpoint(service.address(), service.port());
    }

    private static String listed(Service service) {
        String flags = flags(service);
        String mask = mask(service);
        return found(service) + " " + service.scheduler() + (flags.isEmpty() ? "" : " (" + flags + ")")
                + (service.has(ServiceFlags.PERSISTENT)
                        ? " persistent " + service.timeout() + (mask.isEmpty() ? "" : " mask " + mask)
                        : "")
                + (service.has(ServiceFlags.ONE_PACKET) ? " ops" : "");
    }

    private String listing(String heading, String columns, Function<Server, String> row) {
        StringBuilder text = new StringBuilder("IP Virtual Server version 1.2.1 (size=4096)\n")
                .append("Prot LocalAddress:Port ")
                .append(heading)
                .append("\n  -> RemoteAddress:Port           ")
                .append(columns)
                .append('\n');
        for (Service service : services) {
            text.append(listed(service)).append('\n');
            service.servers()
                    .forEach(server -> text.append("  -> ")
                            .append(String.format(Locale.ROOT, "%-28s ", endpoint(server.address(), server.port())))
                            .append(row.apply(server))
                            .append("         \n"));
        }
        return text.toString();
    }

    String listing() {
        return listing(
                "Scheduler Flags",
                "Forward Weight ActiveConn InActConn",
                s -> String.format(
                        Locale.ROOT,
                        "%-7s %-6d %-10d %d",
                        s.forwarding().label(),
                        s.weight(),
                        s.active(),
                        s.inactive()));
    }

    String persistent() {
        return listing(
                "           Weight    PersistConn ActiveConn InActConn ",
                "",
                s -> String.format(Locale.ROOT, "%-9d %-11d %-10d %d", s.weight(), 3, s.active(), s.inactive()));
    }

    String thresholds() {
        return listing(
                "           Uthreshold Lthreshold ActiveConn InActConn ",
                "",
                s -> String.format(
                        Locale.ROOT, "%-10d %-10d %-10d %d", s.upper(), s.lower(), s.active(), s.inactive()));
    }

    /** Counters of connections, packets and bytes instead of everything else; in short form, or exact. */
    String counters(boolean rate, boolean exact) {
        StringBuilder text = new StringBuilder("IP Virtual Server version 1.2.1 (size=4096)\n")
                .append(rate ? "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n" : "")
                .append(rate ? "" : "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n")
                .append("  -> RemoteAddress:Port\n");
        for (Service service : services) {
            text.append(String.format(Locale.ROOT, "%-33s", found(service)));
            counters(text, service.timeout(), exact);
            for (Server server : service.servers()) {
                text.append(String.format(Locale.ROOT, "  -> %-28s", endpoint(server.address(), server.port())));
                counters(text, server.active(), exact);
            }
        }
        return text.toString();
    }

    private static void counters(StringBuilder text, long seed, boolean exact) {
        long value = seed;
        for (int i = 0; i < 5; i++) {
            boolean whole = exact || value < 100_000_000;
            boolean thousands = value < 1_000_000_000;
            text.append(
                    whole
                            ? String.format(Locale.ROOT, " %8d", value)
                            : String.format(
                                    Locale.ROOT,
                                    "%8d%s",
                                    value / (thousands ? 1000 : 1_000_000),
                                    thousands ? "K" : "M"));
            value = value * 37 % 40_000_000_000L;
        }
        text.append('\n');
    }

    /** The same table in the order of another list. */
    Sample shuffled(Random random) {
        List<Service> mixed = new ArrayList<>();
        for (Service service : services) {
            List<Server> others = new ArrayList<>(service.servers());
            Collections.shuffle(others, random);
            mixed.add(new Service(
                    service.kind(),
                    service.address(),
                    service.port(),
                    service.scheduler(),
                    service.flags(),
                    service.timeout(),
                    service.mask(),
                    others));
        }
        Collections.shuffle(mixed, random);
        return new Sample(mixed);
    }

    String proc() {
        StringBuilder text = new StringBuilder("IP Virtual Server version 1.2.1 (size=4096)\n")
                .append("Prot LocalAddress:Port Scheduler Flags\n")
                .append("  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n");
        for (Service service : services) {
            String found = service.kind() == ServiceKind.FIREWALL_MARK
                    ? String.format(
                            Locale.ROOT, "FWM  %08X %s ", service.address().v4Bits(), service.scheduler())
                    : String.format(
                            Locale.ROOT,
                            "%-4s %s %s %s",
                            service.kind().label(),
                            hex(service.address(), service.port()),
                            service.scheduler(),
                            service.has(ServiceFlags.ONE_PACKET) ? "ops " : "");
            int mask = service.has(ServiceFlags.V6) ? Integer.reverseBytes(service.mask()) : service.mask();
            text.append(found)
                    .append(
                            service.has(ServiceFlags.PERSISTENT)
                                    ? String.format(Locale.ROOT, "persistent %d %08X\n", service.timeout() * 250, mask)
                                    : " \n");
            for (Server server : service.servers()) {
                text.append(String.format(
                        Locale.ROOT,
                        "  -> %-20s  %-7s %-6d %-10d %d\n",
                        hex(server.address(), server.port()),
                        server.forwarding().label(),
                        server.weight(),
                        server.active(),
                        server.inactive()));
            }
        }
        return text.toString();
    }

    String saved() {
        StringBuilder text = new StringBuilder();
        for (Service service : services) {
            String found = service.kind() == ServiceKind.FIREWALL_MARK
                    ? "-f " + Integer.toUnsignedString(service.address().v4Bits())
                            + (service.has(ServiceFlags.V6) ? " -6" : "")
                    : service.kind().option() + " " + endpoint(service.address(), service.port());
            String flags = flags(service);
            String mask = mask(service);
            text.append("-A ")
                    .append(found)
                    .append(" -s ")
                    .append(service.scheduler())
                    .append(service.has(ServiceFlags.PERSISTENT) ? " -p " + service.timeout() : "")
                    .append(service.has(ServiceFlags.PERSISTENT) && !mask.isEmpty() ? " -M " + mask : "")
                    .append(service.has(ServiceFlags.ONE_PACKET) ? " -o" : "")
                    .append(flags.isEmpty() ? "" : " -b " + flags)
                    .append('\n');
            service.servers()
                    .forEach(server -> text.append("-a ")
                            .append(found)
                            .append(" -r ")
                            .append(endpoint(server.address(), server.port()))
                            .append(' ')
                            .append(server.forwarding().option())
                            .append(" -w ")
                            .append(server.weight())
                            .append(server.upper() > 0 ? " -x " + server.upper() + " -y " + server.lower() : "")
                            .append('\n'));
        }
        return text.toString();
    }

    /** What a table that was read says of what its form prints, in words that compare. */
    static List<String> facts(IpvsTable table, Layout layout) {
        List<String> facts = new ArrayList<>();
        for (int service = 0; service < table.services(); service++) {
            StringBuilder fact = new StringBuilder(table.describe(service));
            if (layout.hasSchedulers()) {
                fact.append(' ').append(table.scheduler(service).getOrElse("?"));
                boolean persistent = table.has(service, ServiceFlags.PERSISTENT);
                fact.append(table.has(service, ServiceFlags.ONE_PACKET) ? " ops" : "")
                        .append(persistent ? " persistent mask " + table.netmask(service) : "");
            }
            facts.add(fact.toString());
            List<String> servers = new ArrayList<>();
            for (int server = table.first(service); server < table.end(service); server++) {
                servers.add(endpoint(table.serverAddress(server), table.serverPort(server))
                        + (layout.hasWeights() ? " " + table.weight(server) : ""));
            }
            servers.sort(String::compareTo);
            facts.addAll(servers);
        }
        return facts;
    }
}
