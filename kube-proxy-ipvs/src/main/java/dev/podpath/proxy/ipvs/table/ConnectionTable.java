package dev.podpath.proxy.ipvs.table;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;

/**
 * The connections IPVS had when they were listed, and the templates that keep clients at their servers: entries whose
 * client has port 0 (net/netfilter/ipvs/ip_vs_core.c, {@code ip_vs_sched_persist}).
 */
public final class ConnectionTable {
    /** Protocol number of the templates of virtual servers that are found by a mark. */
    public static final int ANY_PROTOCOL = 0;

    private final ConnectionTableBuilder entries;
    private final boolean whole;
    private final int distinct;

    ConnectionTable(ConnectionTableBuilder entries, boolean whole, int distinct) {
        this.entries = entries;
        this.whole = whole;
        this.distinct = distinct;
    }

    static int hash(
            int protocol,
            long clientHigh,
            long clientLow,
            int clientPort,
            long virtualHigh,
            long virtualLow,
            int virtualPort) {
        int client = ServiceIndex.hash(protocol & 3, clientHigh, clientLow, clientPort);
        return ServiceIndex.hash(0, virtualHigh ^ (long) client << 32, virtualLow + protocol, virtualPort);
    }

    /** How many entries there are. */
    public int size() {
        return entries.rows;
    }

    /** How many connections they are of. */
    public int distinct() {
        return distinct;
    }

    /** Whether every entry of the document could be read. */
    public boolean whole() {
        return whole;
    }

    /** The entry of a connection, or of a template where the client's port is 0; -1 where there is none. */
    public int find(int protocol, IpAddress client, int clientPort, IpAddress virtual, int virtualPort) {
        int hash = hash(protocol, client.high(), client.low(), clientPort, virtual.high(), virtual.low(), virtualPort);
        for (int slot = entries.index.start(hash); entries.index.row(slot) >= 0; slot = entries.index.after(slot)) {
            int row = entries.index.row(slot);
            if (entries.protocol[row] == protocol
                    && entries.clientLow[row] == client.low()
                    && entries.clientHigh[row] == client.high()
                    && entries.clientPort[row] == clientPort
                    && entries.virtualLow[row] == virtual.low()
                    && entries.virtualHigh[row] == virtual.high()
                    && entries.virtualPort[row] == virtualPort
                    && entries.v6[row] == virtual.isV6()) {
                return row;
            }
        }
        return -1;
    }

    /** IP protocol number; {@link #ANY_PROTOCOL} for templates of marks. */
    public int protocol(int row) {
        return entries.protocol[row];
    }

    /** Where the client is. */
    public AddressPort client(int row) {
        return at(entries.v6[row], entries.clientHigh[row], entries.clientLow[row], entries.clientPort[row]);
    }

    /** What the client asked for. */
    public AddressPort virtual(int row) {
        return at(entries.v6[row], entries.virtualHigh[row], entries.virtualLow[row], entries.virtualPort[row]);
    }

    /** The real server it has. */
    public AddressPort server(int row) {
        return at(entries.serverV6[row], entries.serverHigh[row], entries.serverLow[row], entries.serverPort[row]);
    }

    /** State as the kernel names it, such as {@code ESTABLISHED}. */
    public String state(int row) {
        return entries.names.all()[entries.state[row]];
    }

    /** Seconds until it expires. */
    public int expires(int row) {
        return entries.expires[row];
    }

    /** One-based line of an entry. */
    public int line(int row) {
        return entries.line[row];
    }

    private static AddressPort at(boolean v6, long high, long low, int port) {
        return new AddressPort(v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low), port);
    }
}
