package dev.podpath.proxy.ipvs.parse;

import dev.podpath.proxy.ipvs.table.Forwarding;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ListOrder;
import dev.podpath.proxy.ipvs.table.ServiceFlags;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import dev.podpath.proxy.ipvs.table.TableBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@code ipvsadm -S} prints and {@code ipvsadm -R} reads (ipvsadm/ipvsadm.c, {@code parse_options}): one command
 * with options a line. Options that are not given have ipvsadm's own defaults.
 */
final class SaveReader {
    private static final byte[] DEFAULT_SCHEDULER = "wlc".getBytes(StandardCharsets.US_ASCII);
    private static final int DEFAULT_TIMEOUT = 300;
    private static final int DEFAULT_WEIGHT = 1;

    private final Tokens words;
    private final Problems problems;
    private final AddressScan address = new AddressScan();
    private final AddressScan server = new AddressScan();
    private final TableBuilder table = new TableBuilder();

    /** Where the word stands that the address was read from; the line after it mostly has the same. */
    private int addressFrom;

    private int addressTo;
    /** The virtual server with the address, of the kind it was looked up for; negative where it was not looked up. */
    private int known = -1;

    private ServiceKind knownKind = ServiceKind.TCP;

    /** The options of the line. */
    private boolean broken;

    private boolean named;
    private ServiceKind kind = ServiceKind.TCP;
    private long mark;
    private boolean serverGiven;
    private boolean v6;
    private int schedulerFrom;
    private int schedulerTo;
    private int engineFrom;
    private int engineTo;
    private int schedulerFlagsFrom;
    private int schedulerFlagsTo;
    private int timeout;
    private int netmask;
    private boolean onePacket;
    private Forwarding forwarding = Forwarding.ROUTE;
    private int weight;
    private int upper;
    private int lower;

    SaveReader(byte[] text, Problems problems) {
        this.words = new Tokens(text);
        this.problems = problems;
    }

    IpvsTable read() {
        while (words.nextLine()) {
            if (!words.next() || words.first() == '#') {
                continue;
            }
            if (words.is("-A") || words.is("--add-service")) {
                addService();
            } else if (words.is("-a") || words.is("--add-server")) {
                addServer();
            } else {
                problems.at(words, "-A or -a, as ipvsadm-save -n prints them");
                table.incomplete();
            }
        }
        return table.build(ListOrder.HIDDEN);
    }

    private void addService() {
        options();
        if (!named || broken && kind == ServiceKind.FIREWALL_MARK && mark < 0) {
            if (!broken) {
                problems.at(words, "-t, -u, --sctp-service or -f");
            }
            table.incomplete();
            return;
        }
        int flags = (isV6() ? ServiceFlags.V6 : 0)
                | (onePacket ? ServiceFlags.ONE_PACKET : 0)
                | (broken ? ServiceFlags.DAMAGED : 0);
        int row = kind == ServiceKind.FIREWALL_MARK
                ? table.addService(kind, 0, mark, 0, flags, words.line())
                : table.addService(kind, address.high, address.low, Math.max(0, address.port), flags, words.line());
        if (row < 0) {
            problems.at(words.line(), "a second virtual server for the same", "each virtual server once");
            return;
        }
        if (schedulerTo > schedulerFrom) {
            table.scheduler(row, words.text(), schedulerFrom, schedulerTo);
        } else {
            table.scheduler(row, DEFAULT_SCHEDULER, 0, DEFAULT_SCHEDULER.length);
        }
        if (engineTo > engineFrom) {
            table.engine(row, words.text(), engineFrom, engineTo);
        }
        if (schedulerFlagsTo > schedulerFlagsFrom
                && !SchedulerFlags.read(table, row, words.text(), schedulerFlagsFrom, schedulerFlagsTo)) {
            problems.at(words.line(), "unknown flags of the scheduler", "flags such as sh-fallback,sh-port");
            table.flag(row, ServiceFlags.DAMAGED);
        }
        if (timeout >= 0) {
            table.persistent(row, timeout, netmask);
        }
    }

    private void addServer() {
        options();
        int row = !named ? -1 : kind == ServiceKind.FIREWALL_MARK ? table.find(kind, 0, mark, 0, isV6()) : find();
        if (row < 0) {
            if (!broken) {
                problems.at(words.line(), "a real server without its virtual server", "-A for it on a line before");
            }
            table.incomplete();
            return;
        }
        if (broken || !serverGiven) {
            if (!broken) {
                problems.at(words, "-r and a real server");
            }
            table.flag(row, ServiceFlags.DAMAGED);
            return;
        }
        int port = server.port >= 0 ? server.port : kind == ServiceKind.FIREWALL_MARK ? 0 : Math.max(0, address.port);
        int at = table.addServer(row, server.high, server.low, server.v6, port, words.line());
        if (at < 0) {
            problems.at(words.line(), "a real server for the second time", "each real server once");
            table.flag(row, ServiceFlags.DAMAGED);
            return;
        }
        table.forwarding(at, forwarding);
        table.weight(at, weight);
        if (upper >= 0 || lower >= 0) {
            table.thresholds(at, Math.max(0, upper), Math.max(0, lower));
        }
    }

    private int find() {
        if (known < 0 || knownKind != kind) {
            known = table.find(kind, address.high, address.low, Math.max(0, address.port), address.v6);
            knownKind = kind;
        }
        return known;
    }

    private boolean isV6() {
        return kind == ServiceKind.FIREWALL_MARK ? v6 : address.v6;
    }

    private void options() {
        broken = false;
        named = false;
        mark = -1;
        serverGiven = false;
        v6 = false;
        schedulerTo = schedulerFrom;
        engineTo = engineFrom;
        schedulerFlagsTo = schedulerFlagsFrom;
        timeout = -1;
        netmask = TableBuilder.UNKNOWN;
        onePacket = false;
        forwarding = Forwarding.ROUTE;
        weight = DEFAULT_WEIGHT;
        upper = -1;
        lower = -1;
        while (!broken && words.next()) {
            if (words.length() == 2 && words.first() == '-') {
                shortOption(words.text()[words.from() + 1]);
            } else {
                longOption();
            }
        }
    }

    private void shortOption(int letter) {
        switch (letter) {
            case 't' -> service(ServiceKind.TCP);
            case 'u' -> service(ServiceKind.UDP);
            case 'f' -> mark();
            case 'r' -> server();
            case 's' -> scheduler();
            case 'p' -> timeout();
            case 'M' -> netmask();
            case 'b' -> schedulerFlags();
            case 'o' -> onePacket = true;
            case '6' -> v6 = true;
            case 'm' -> forwarding = Forwarding.MASQUERADE;
            case 'g' -> forwarding = Forwarding.ROUTE;
            case 'i' -> forwarding = Forwarding.TUNNEL;
            case 'w' -> weight = number("a weight");
            case 'x' -> upper = number("an upper threshold");
            case 'y' -> lower = number("a lower threshold");
            default -> bad("an option of ipvsadm");
        }
    }

    private void longOption() {
        if (words.is("--sctp-service")) {
            service(ServiceKind.SCTP);
        } else if (words.is("--tcp-service")) {
            service(ServiceKind.TCP);
        } else if (words.is("--udp-service")) {
            service(ServiceKind.UDP);
        } else if (words.is("--fwmark-service")) {
            mark();
        } else if (words.is("--real-server")) {
            server();
        } else if (words.is("--scheduler")) {
            scheduler();
        } else if (words.is("--persistent")) {
            timeout();
        } else if (words.is("--netmask")) {
            netmask();
        } else if (words.is("--sched-flags")) {
            schedulerFlags();
        } else if (words.is("--pe") || words.is("pe")) {
            words.next();
            engineFrom = words.from();
            engineTo = words.to();
        } else if (words.is("--ops") || words.is("ops")) {
            onePacket = true;
        } else if (words.is("--ipv6")) {
            v6 = true;
        } else if (words.is("--masquerading")) {
            forwarding = Forwarding.MASQUERADE;
        } else if (words.is("--gatewaying")) {
            forwarding = Forwarding.ROUTE;
        } else if (words.is("--ipip")) {
            forwarding = Forwarding.TUNNEL;
        } else if (words.is("--weight")) {
            weight = number("a weight");
        } else if (words.is("--u-threshold")) {
            upper = number("an upper threshold");
        } else if (words.is("--l-threshold")) {
            lower = number("a lower threshold");
        } else if (words.is("--tun-type") || words.is("--tun-port")) {
            words.next();
        } else if (!words.is("--tun-nocsum") && !words.is("--tun-csum") && !words.is("--tun-remcsum")) {
            bad("an option of ipvsadm");
        }
    }

    private void service(ServiceKind which) {
        words.next();
        kind = which;
        byte[] text = words.text();
        named = addressTo > addressFrom && Arrays.equals(text, addressFrom, addressTo, text, words.from(), words.to());
        if (named) {
            return;
        }
        named = address.read(text, words.from(), words.to(), false);
        known = -1;
        addressFrom = words.from();
        addressTo = named ? words.to() : addressFrom;
        if (!named) {
            bad("a numeric address and port, as option -n prints them");
        }
    }

    private void mark() {
        words.next();
        kind = ServiceKind.FIREWALL_MARK;
        mark = Numbers.unsigned(words.text(), words.from(), words.to());
        named = mark >= 0;
        if (!named) {
            bad("a firewall mark");
        }
    }

    private void server() {
        words.next();
        serverGiven = server.read(words.text(), words.from(), words.to(), false);
        if (!serverGiven) {
            bad("a numeric address and port, as option -n prints them");
        }
    }

    private void scheduler() {
        words.next();
        schedulerFrom = words.from();
        schedulerTo = words.to();
    }

    private void schedulerFlags() {
        words.next();
        schedulerFlagsFrom = words.from();
        schedulerFlagsTo = words.to();
    }

    private void timeout() {
        timeout = DEFAULT_TIMEOUT;
        if (words.next() && words.first() != '-') {
            timeout = words.decimal();
            if (timeout < 0) {
                bad("a number of seconds");
            }
        } else {
            words.back();
        }
    }

    private void netmask() {
        words.next();
        int bits = words.decimal();
        if (bits >= 0 && bits <= 128) {
            netmask = bits;
        } else if (server.readBare(words.text(), words.from(), words.to(), false) && !server.v6) {
            netmask = (int) server.low;
        } else {
            bad("a netmask or prefix length");
        }
    }

    private int number(String what) {
        words.next();
        int number = words.decimal();
        if (number < 0) {
            bad(what);
        }
        return number;
    }

    private void bad(String expected) {
        if (!broken) {
            problems.at(words, expected);
        }
        broken = true;
    }
}
