package dev.podpath.proxy.ipvs.parse;

import dev.podpath.proxy.ipvs.table.Forwarding;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ListOrder;
import dev.podpath.proxy.ipvs.table.ServiceFlags;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import dev.podpath.proxy.ipvs.table.TableBuilder;

/**
 * Reads what {@code ipvsadm -L} prints (ipvsadm/ipvsadm.c, {@code print_service_entry}) and {@code /proc/net/ip_vs}
 * (net/netfilter/ipvs/ip_vs_ctl.c, {@code ip_vs_info_seq_show}).
 */
final class ListingReader {
    private static final String ADDRESS = "a numeric address and port, as option -n prints them";

    private final Layout layout;
    private final boolean hex;
    private final Tokens words;
    private final Problems problems;
    private final AddressScan address = new AddressScan();
    private final TableBuilder table = new TableBuilder();
    private int service = -1;

    ListingReader(Layout layout, byte[] text, Problems problems) {
        this.layout = layout;
        this.hex = layout == Layout.PROC;
        this.words = new Tokens(text);
        this.problems = problems;
    }

    IpvsTable read() {
        while (words.nextLine()) {
            if (!words.next()) {
                continue;
            }
            if (words.is("->")) {
                server();
            } else if (words.is("TCP")) {
                service(ServiceKind.TCP);
            } else if (words.is("UDP")) {
                service(ServiceKind.UDP);
            } else if (words.is("SCTP")) {
                service(ServiceKind.SCTP);
            } else if (words.is("FWM")) {
                service(ServiceKind.FIREWALL_MARK);
            } else if (!words.is("IP") && !words.is("Prot")) {
                lost("TCP, UDP, SCTP, FWM or ->");
            }
        }
        return table.build(hex ? ListOrder.KERNEL : ListOrder.HIDDEN);
    }

    /** A line that may have been a virtual server. */
    private void lost(String expected) {
        problems.at(words, expected);
        table.incomplete();
        service = -1;
    }

    private void service(ServiceKind kind) {
        words.next();
        int flags = hex ? ServiceFlags.FLAGS_HIDDEN : 0;
        if (kind == ServiceKind.FIREWALL_MARK) {
            long mark = hex
                    ? Numbers.hex(words.text(), words.from(), words.to())
                    : Numbers.unsigned(words.text(), words.from(), words.to());
            if (mark < 0) {
                lost("a firewall mark");
                return;
            }
            boolean v6 = hex ? words.serverBelowIsV6() : words.next() && words.is("IPv6");
            if (!hex && !v6) {
                words.back();
            }
            add(kind, 0, mark, 0, v6 ? flags | ServiceFlags.V6 : flags);
        } else if (address.read(words.text(), words.from(), words.to(), hex) && address.port >= 0) {
            add(kind, address.high, address.low, address.port, address.v6 ? flags | ServiceFlags.V6 : flags);
        } else {
            lost(ADDRESS);
            return;
        }
        if (service >= 0 && layout.hasSchedulers()) {
            scheduler();
        }
    }

    private void add(ServiceKind kind, long high, long low, int port, int flags) {
        service = table.addService(kind, high, low, port, flags, words.line());
        if (service < 0) {
            problems.at(words.line(), "a second virtual server for the same", "each virtual server once");
        }
    }

    private void scheduler() {
        if (!words.next()) {
            damaged("the name of a scheduler");
            return;
        }
        table.scheduler(service, words.text(), words.from(), words.to());
        while (words.next()) {
            if (words.first() == '(') {
                schedulerFlags();
            } else if (words.is("persistent")) {
                persistent();
            } else if (words.is("ops")) {
                table.flag(service, ServiceFlags.ONE_PACKET);
            } else if (words.is("pe")) {
                words.next();
                table.engine(service, words.text(), words.from(), words.to());
            } else {
                damaged("persistent, ops, pe or flags of the scheduler in parentheses");
            }
        }
    }

    private void schedulerFlags() {
        int end = words.to() - 1;
        if (words.text()[end] != ')' || !SchedulerFlags.read(table, service, words.text(), words.from() + 1, end)) {
            damaged("flags of the scheduler, such as (sh-fallback,sh-port)");
        }
    }

    private void persistent() {
        words.next();
        int timeout = words.decimal();
        if (timeout < 0) {
            damaged("a persistence timeout");
            return;
        }
        int netmask = TableBuilder.UNKNOWN;
        if (hex) {
            table.flag(service, ServiceFlags.TICKS);
            words.next();
            long mask = Numbers.hex(words.text(), words.from(), words.to());
            if (mask < 0) {
                damaged("a netmask of eight hexadecimal digits");
                return;
            }
            netmask = table.has(service, ServiceFlags.V6) ? Integer.reverseBytes((int) mask) : (int) mask;
        } else if (words.next() && words.is("mask")) {
            words.next();
            netmask = netmask();
        } else {
            words.back();
        }
        table.persistent(service, timeout, netmask);
    }

    private int netmask() {
        if (table.has(service, ServiceFlags.V6)) {
            int bits = words.decimal();
            if (bits < 0 || bits > 128) {
                damaged("a prefix length");
            }
            return bits;
        }
        if (!address.readBare(words.text(), words.from(), words.to(), false) || address.v6) {
            damaged("a netmask");
        }
        return (int) address.low;
    }

    private void damaged(String expected) {
        problems.at(words, expected);
        if (service >= 0) {
            table.flag(service, ServiceFlags.DAMAGED);
        }
    }

    private void server() {
        words.next();
        if (words.is("RemoteAddress:Port")) {
            return;
        }
        if (service < 0) {
            if (!problems.any()) {
                problems.at(words, "a virtual server before the first real server");
                table.incomplete();
            }
            return;
        }
        if (!address.read(words.text(), words.from(), words.to(), hex) || address.port < 0) {
            damaged(ADDRESS);
            return;
        }
        int row = table.addServer(service, address.high, address.low, address.v6, address.port, words.line());
        if (row < 0) {
            damaged("each real server of a virtual server once");
            return;
        }
        switch (layout) {
            case LISTING, PROC -> {
                forwarding(row);
                weight(row);
                connections(row);
            }
            case PERSISTENT -> {
                weight(row);
                number("a number of persistent connections");
                connections(row);
            }
            case THRESHOLDS -> {
                int upper = number("an upper threshold");
                int lower = number("a lower threshold");
                table.thresholds(row, upper, lower);
                connections(row);
            }
            default -> {}
        }
    }

    private void forwarding(int row) {
        words.next();
        if (words.is("Masq")) {
            table.forwarding(row, Forwarding.MASQUERADE);
        } else if (words.is("Route")) {
            table.forwarding(row, Forwarding.ROUTE);
        } else if (words.is("Tunnel")) {
            table.forwarding(row, Forwarding.TUNNEL);
        } else if (words.is("Local")) {
            table.forwarding(row, Forwarding.LOCAL);
        } else {
            damaged("Masq, Route, Tunnel or Local");
        }
    }

    private void weight(int row) {
        int weight = number("a weight");
        table.weight(row, weight);
    }

    private void connections(int row) {
        int active = number("a number of active connections");
        int inactive = number("a number of inactive connections");
        table.connections(row, active, inactive);
    }

    private int number(String what) {
        words.next();
        int number = words.decimal();
        if (number < 0) {
            damaged(what);
        }
        return number;
    }
}
