package dev.podpath.proxy.ipvs.table;

import dev.podpath.core.net.IpAddress;
import io.vavr.control.Option;

/**
 * The virtual servers of one document and their real servers. Immutable. A virtual server is found in constant time.
 *
 * <p>Rows are numbered: virtual servers from 0 to {@link #services()}, real servers of a virtual server from
 * {@link #first} to {@link #end}, in the order of the document.
 */
public final class IpvsTable {
    private final TableBuilder rows;
    private final int[] first;
    private final String[] names;
    private final ListOrder order;
    private final boolean whole;

    IpvsTable(TableBuilder rows, int[] first, ListOrder order, boolean whole) {
        this.rows = rows;
        this.first = first;
        this.names = rows.names.all();
        this.order = order;
        this.whole = whole;
    }

    /** A table without virtual servers. */
    public static IpvsTable empty() {
        return new TableBuilder().build(ListOrder.KERNEL);
    }

    /** How many virtual servers there are. */
    public int services() {
        return rows.services;
    }

    /** How many real servers there are in all. */
    public int servers() {
        return rows.servers;
    }

    /** In which order real servers are listed. */
    public ListOrder order() {
        return order;
    }

    /** Whether every virtual server of the document could be read. */
    public boolean whole() {
        return whole;
    }

    /** The virtual server of a protocol, address and port, or -1. */
    public int find(ServiceKind kind, IpAddress address, int port) {
        return rows.find(kind, address.high(), address.low(), port, address.isV6());
    }

    /** The virtual server of a firewall mark in an address family, or -1. */
    public int findMark(int mark, boolean v6) {
        return rows.find(ServiceKind.FIREWALL_MARK, 0, mark & 0xFFFF_FFFFL, 0, v6);
    }

    /** The virtual server that is found by the same in another table, or -1. */
    public int findSame(IpvsTable other, int service) {
        return rows.find(
                other.kind(service),
                other.rows.high[service],
                other.rows.low[service],
                other.rows.port[service],
                other.isV6(service));
    }

    /** By what it is found. */
    public ServiceKind kind(int service) {
        return rows.kind[service];
    }

    /** Whether its addresses are IPv6. */
    public boolean isV6(int service) {
        return rows.has(service, ServiceFlags.V6);
    }

    /** Its address; that of a firewall mark has the mark as its last bits. */
    public IpAddress address(int service) {
        return isV6(service)
                ? IpAddress.v6(rows.high[service], rows.low[service])
                : IpAddress.v4((int) rows.low[service]);
    }

    /** Its firewall mark, where it has one. */
    public int mark(int service) {
        return (int) rows.low[service];
    }

    /** Its port; 0 is every port. */
    public int port(int service) {
        return rows.port[service];
    }

    /** Name of its scheduler; empty where the document does not say. */
    public Option<String> scheduler(int service) {
        int name = rows.scheduler[service];
        return name < 0 ? Option.none() : Option.some(names[name]);
    }

    /** Name of its persistence engine. */
    public Option<String> engine(int service) {
        int name = rows.engine[service];
        return name < 0 ? Option.none() : Option.some(names[name]);
    }

    /** Whether a bit of {@link ServiceFlags} is set. */
    public boolean has(int service, int flag) {
        return rows.has(service, flag);
    }

    /** Seconds (or ticks, {@link ServiceFlags#TICKS}) a client stays at its server; 0 where it is not persistent. */
    public int timeout(int service) {
        return rows.timeout[service];
    }

    /** Netmask of persistence: 32 bits for IPv4, a prefix length for IPv6. */
    public int netmask(int service) {
        int mask = rows.mask[service];
        return mask == TableBuilder.UNKNOWN ? isV6(service) ? 128 : -1 : mask;
    }

    /** One-based line of a virtual server. */
    public int line(int service) {
        return rows.line[service];
    }

    /** The first of its real servers. */
    public int first(int service) {
        return first[service];
    }

    /** One behind the last of its real servers. */
    public int end(int service) {
        return first[service + 1];
    }

    /** Address of a real server. */
    public IpAddress serverAddress(int server) {
        return rows.serverV6[server]
                ? IpAddress.v6(rows.serverHigh[server], rows.serverLow[server])
                : IpAddress.v4((int) rows.serverLow[server]);
    }

    /** Port of a real server; 0 is the packet's own. */
    public int serverPort(int server) {
        return rows.serverPort[server];
    }

    /** How it is reached. */
    public Forwarding forwarding(int server) {
        return rows.forwarding[server];
    }

    /** Its weight, or {@link TableBuilder#UNKNOWN}. */
    public int weight(int server) {
        return rows.weight[server];
    }

    /** Its active connections, or {@link TableBuilder#UNKNOWN}. */
    public int active(int server) {
        return rows.active[server];
    }

    /** Its inactive connections, or {@link TableBuilder#UNKNOWN}. */
    public int inactive(int server) {
        return rows.inactive[server];
    }

    /** Number of connections at which it takes no more; 0 for no limit, {@link TableBuilder#UNKNOWN}. */
    public int upperThreshold(int server) {
        return rows.upper[server];
    }

    /** Number of connections below which it takes some again; 0 for no limit, {@link TableBuilder#UNKNOWN}. */
    public int lowerThreshold(int server) {
        return rows.lower[server];
    }

    /** One-based line of a real server. */
    public int serverLine(int server) {
        return rows.serverLine[server];
    }

    /** A virtual server for people: {@code TCP 10.96.0.1:443}. */
    public String describe(int service) {
        ServiceKind kind = kind(service);
        if (kind == ServiceKind.FIREWALL_MARK) {
            return "FWM " + Integer.toUnsignedString(mark(service)) + (isV6(service) ? " IPv6" : "");
        }
        IpAddress address = address(service);
        return kind.label() + " " + (isV6(service) ? "[" + address + "]" : address) + ":" + port(service);
    }
}
