package dev.podpath.proxy.ipvs.parse;

import dev.podpath.core.net.Protocol;
import dev.podpath.proxy.ipvs.table.ConnectionTable;
import dev.podpath.proxy.ipvs.table.ConnectionTableBuilder;

/**
 * Reads what {@code ipvsadm -Lnc} prints (ipvsadm/ipvsadm.c, {@code print_conn}) and {@code /proc/net/ip_vs_conn}
 * (net/netfilter/ipvs/ip_vs_conn.c, {@code ip_vs_conn_seq_show}).
 */
final class ConnectionsReader {
    private final boolean hex;
    private final Tokens words;
    private final Problems problems;
    private final AddressScan client = new AddressScan();
    private final AddressScan virtual = new AddressScan();
    private final AddressScan server = new AddressScan();
    private final ConnectionTableBuilder table = new ConnectionTableBuilder();
    private int expires;

    ConnectionsReader(Layout layout, byte[] text, Problems problems) {
        this.hex = layout == Layout.PROC_CONNECTIONS;
        this.words = new Tokens(text);
        this.problems = problems;
    }

    ConnectionTable read() {
        while (words.nextLine()) {
            if (!words.next() || words.is("IPVS") || words.is("pro") || words.is("Pro")) {
                continue;
            }
            int protocol = protocol();
            if (protocol < 0 || !(hex ? hexRow(protocol) : row(protocol))) {
                problems.at(words, protocol < 0 ? "TCP, UDP, SCTP or IP" : "a connection with numeric addresses");
                table.incomplete();
            }
        }
        return table.build();
    }

    private int protocol() {
        if (words.is("TCP")) {
            return Protocol.TCP.number();
        }
        if (words.is("UDP")) {
            return Protocol.UDP.number();
        }
        if (words.is("SCTP")) {
            return Protocol.SCTP.number();
        }
        return words.is("IP") ? ConnectionTable.ANY_PROTOCOL : -1;
    }

    private boolean row(int protocol) {
        if (!words.next() || !expiry() || !words.next()) {
            return false;
        }
        int stateFrom = words.from();
        int stateTo = words.to();
        if (!address(client) || !address(virtual) || !address(server)) {
            return false;
        }
        add(protocol, stateFrom, stateTo);
        return true;
    }

    /** Minutes and seconds: {@code 14:56}. */
    private boolean expiry() {
        int colon = words.from();
        while (colon < words.to() && words.text()[colon] != ':') {
            colon++;
        }
        int minutes = Numbers.decimal(words.text(), words.from(), colon);
        int seconds = Numbers.decimal(words.text(), colon + 1, words.to());
        expires = minutes < 0 || minutes > 10_000_000 ? -1 : minutes * 60 + seconds;
        return minutes >= 0 && seconds >= 0 && seconds < 60;
    }

    private boolean address(AddressScan into) {
        return words.next() && into.read(words.text(), words.from(), words.to(), false) && into.port >= 0;
    }

    private boolean hexRow(int protocol) {
        if (!hexAddress(client) || !hexAddress(virtual) || !hexAddress(server) || !words.next()) {
            return false;
        }
        int stateFrom = words.from();
        int stateTo = words.to();
        words.next();
        expires = words.decimal();
        if (expires < 0) {
            return false;
        }
        add(protocol, stateFrom, stateTo);
        return true;
    }

    private boolean hexAddress(AddressScan into) {
        if (!words.next() || !into.readBare(words.text(), words.from(), words.to(), true) || !words.next()) {
            return false;
        }
        long port = Numbers.hex(words.text(), words.from(), words.to());
        into.port = (int) port;
        return port >= 0 && port <= 65535;
    }

    private void add(int protocol, int stateFrom, int stateTo) {
        int row = table.add(protocol, words.line());
        table.client(row, client.high, client.low, client.port);
        table.virtual(row, virtual.high, virtual.low, virtual.port, virtual.v6);
        table.server(row, server.high, server.low, server.port, server.v6);
        table.state(row, words.text(), stateFrom, stateTo, expires);
    }
}
