package dev.podpath.proxy.ipvs.table;

import java.util.Arrays;

/** Collects virtual servers and their real servers, in any order, into an {@link IpvsTable}. */
public final class TableBuilder {
    /** A number the document does not give. */
    public static final int UNKNOWN = -1;

    final Names names = new Names();
    final ServiceIndex index = new ServiceIndex();

    int services;
    ServiceKind[] kind = new ServiceKind[16];
    long[] high = new long[16];
    long[] low = new long[16];
    char[] port = new char[16];
    int[] scheduler = new int[16];
    int[] engine = new int[16];
    int[] flags = new int[16];
    int[] timeout = new int[16];
    int[] mask = new int[16];
    int[] line = new int[16];
    private int[] hashes = new int[16];

    int servers;
    int[] service = new int[32];
    long[] serverHigh = new long[32];
    long[] serverLow = new long[32];
    char[] serverPort = new char[32];
    boolean[] serverV6 = new boolean[32];
    Forwarding[] forwarding = new Forwarding[32];
    int[] weight = new int[32];
    int[] active = new int[32];
    int[] inactive = new int[32];
    int[] upper = new int[32];
    int[] lower = new int[32];
    int[] serverLine = new int[32];

    private final KnownServers known = new KnownServers();
    private boolean grouped = true;
    private boolean whole = true;

    /** The virtual server found by these, or -1. */
    public int find(ServiceKind which, long addressHigh, long addressLow, int servicePort, boolean v6) {
        int hash = ServiceIndex.hash(which.number(), addressHigh, addressLow, servicePort);
        for (int slot = index.start(hash); index.row(slot) >= 0; slot = index.after(slot)) {
            if (same(index.row(slot), which, addressHigh, addressLow, servicePort, v6)) {
                return index.row(slot);
            }
        }
        return -1;
    }

    private boolean same(int row, ServiceKind which, long addressHigh, long addressLow, int servicePort, boolean v6) {
        return low[row] == addressLow
                && high[row] == addressHigh
                && port[row] == servicePort
                && kind[row] == which
                && (flags[row] & ServiceFlags.V6) != 0 == v6;
    }

    /**
     * Adds a virtual server.
     *
     * @param addressHigh first 64 bits of an IPv6 address, else 0
     * @param addressLow the rest of the address, or the firewall mark
     * @param serviceFlags bits of {@link ServiceFlags}
     * @param documentLine one-based
     * @return its number, or -1 where there is one that is found by the same
     */
    public int addService(
            ServiceKind which, long addressHigh, long addressLow, int servicePort, int serviceFlags, int documentLine) {
        boolean v6 = (serviceFlags & ServiceFlags.V6) != 0;
        int hash = ServiceIndex.hash(which.number(), addressHigh, addressLow, servicePort);
        int slot = index.start(hash);
        while (index.row(slot) >= 0) {
            if (same(index.row(slot), which, addressHigh, addressLow, servicePort, v6)) {
                return -1;
            }
            slot = index.after(slot);
        }
        if (services == kind.length) {
            growServices();
        }
        int row = services++;
        kind[row] = which;
        high[row] = addressHigh;
        low[row] = addressLow;
        port[row] = (char) servicePort;
        scheduler[row] = UNKNOWN;
        engine[row] = UNKNOWN;
        flags[row] = serviceFlags;
        timeout[row] = 0;
        mask[row] = UNKNOWN;
        line[row] = documentLine;
        hashes[row] = hash;
        index.put(slot, row, services, hashes);
        return row;
    }

    /** Sets the scheduler's name, given as text of the document. */
    public void scheduler(int row, byte[] text, int from, int to) {
        scheduler[row] = names.number(text, from, to);
    }

    /** Sets the name of the persistence engine, given as text of the document. */
    public void engine(int row, byte[] text, int from, int to) {
        engine[row] = names.number(text, from, to);
    }

    /** Adds bits of {@link ServiceFlags}. */
    public void flag(int row, int bits) {
        flags[row] |= bits;
    }

    /** Whether a bit of {@link ServiceFlags} is set. */
    public boolean has(int row, int bit) {
        return (flags[row] & bit) != 0;
    }

    /** Makes the virtual server persistent: timeout in seconds (or ticks), and a netmask or prefix length. */
    public void persistent(int row, int seconds, int netmask) {
        flags[row] |= ServiceFlags.PERSISTENT;
        timeout[row] = seconds;
        mask[row] = netmask;
    }

    /**
     * Adds a real server; what is not set afterwards is not known.
     *
     * @return its number, or -1 where the virtual server has it already
     */
    public int addServer(int row, long addressHigh, long addressLow, boolean v6, int port, int documentLine) {
        if (!known.add(this, row, addressHigh, addressLow, v6, port)) {
            return -1;
        }
        if (servers == service.length) {
            growServers();
        }
        int server = servers++;
        grouped &= server == 0 || service[server - 1] <= row;
        service[server] = row;
        serverHigh[server] = addressHigh;
        serverLow[server] = addressLow;
        serverV6[server] = v6;
        serverPort[server] = (char) port;
        forwarding[server] = Forwarding.UNKNOWN;
        weight[server] = UNKNOWN;
        active[server] = UNKNOWN;
        inactive[server] = UNKNOWN;
        upper[server] = UNKNOWN;
        lower[server] = UNKNOWN;
        serverLine[server] = documentLine;
        return server;
    }

    /** Sets how a real server is reached. */
    public void forwarding(int server, Forwarding how) {
        forwarding[server] = how;
    }

    /** Sets the weight, 0 or more. */
    public void weight(int server, int value) {
        weight[server] = value;
    }

    /** Sets the numbers of active and inactive connections. */
    public void connections(int server, int activeCount, int inactiveCount) {
        active[server] = activeCount;
        inactive[server] = inactiveCount;
    }

    /** Sets the upper and lower connection thresholds; 0 is none. */
    public void thresholds(int server, int upperLimit, int lowerLimit) {
        upper[server] = upperLimit;
        lower[server] = lowerLimit;
    }

    /** Notes that virtual servers may be missing, because lines could not be read. */
    public void incomplete() {
        whole = false;
    }

    /** The table. Nothing may be added afterwards. */
    public IpvsTable build(ListOrder listed) {
        if (!grouped) {
            group();
        }
        int[] first = new int[services + 1];
        int at = 0;
        for (int row = 0; row < services; row++) {
            first[row] = at;
            while (at < servers && service[at] == row) {
                at++;
            }
        }
        first[services] = at;
        ListOrder order = listed == ListOrder.HIDDEN && KernelOrder.shows(this, first) ? ListOrder.KERNEL : listed;
        return new IpvsTable(this, first, order, whole);
    }

    /** Brings the real servers into the order of their virtual servers; those of one keep their order. */
    private void group() {
        int[] place = new int[services + 1];
        for (int i = 0; i < servers; i++) {
            place[service[i] + 1]++;
        }
        for (int row = 0; row < services; row++) {
            place[row + 1] += place[row];
        }
        int[] from = new int[servers];
        for (int i = 0; i < servers; i++) {
            from[place[service[i]]++] = i;
        }
        service = pick(service, from);
        weight = pick(weight, from);
        active = pick(active, from);
        inactive = pick(inactive, from);
        upper = pick(upper, from);
        lower = pick(lower, from);
        serverLine = pick(serverLine, from);
        long[] newHigh = new long[servers];
        long[] newLow = new long[servers];
        char[] newPort = new char[servers];
        boolean[] newV6 = new boolean[servers];
        Forwarding[] newForwarding = new Forwarding[servers];
        for (int i = 0; i < servers; i++) {
            newHigh[i] = serverHigh[from[i]];
            newLow[i] = serverLow[from[i]];
            newPort[i] = serverPort[from[i]];
            newV6[i] = serverV6[from[i]];
            newForwarding[i] = forwarding[from[i]];
        }
        serverHigh = newHigh;
        serverLow = newLow;
        serverPort = newPort;
        serverV6 = newV6;
        forwarding = newForwarding;
    }

    private static int[] pick(int[] values, int[] from) {
        int[] picked = new int[from.length];
        for (int i = 0; i < from.length; i++) {
            picked[i] = values[from[i]];
        }
        return picked;
    }

    private void growServices() {
        int size = kind.length * 2;
        kind = Arrays.copyOf(kind, size);
        high = Arrays.copyOf(high, size);
        low = Arrays.copyOf(low, size);
        port = Arrays.copyOf(port, size);
        scheduler = Arrays.copyOf(scheduler, size);
        engine = Arrays.copyOf(engine, size);
        flags = Arrays.copyOf(flags, size);
        timeout = Arrays.copyOf(timeout, size);
        mask = Arrays.copyOf(mask, size);
        line = Arrays.copyOf(line, size);
        hashes = Arrays.copyOf(hashes, size);
    }

    private void growServers() {
        int size = service.length * 2;
        service = Arrays.copyOf(service, size);
        serverHigh = Arrays.copyOf(serverHigh, size);
        serverLow = Arrays.copyOf(serverLow, size);
        serverPort = Arrays.copyOf(serverPort, size);
        serverV6 = Arrays.copyOf(serverV6, size);
        forwarding = Arrays.copyOf(forwarding, size);
        weight = Arrays.copyOf(weight, size);
        active = Arrays.copyOf(active, size);
        inactive = Arrays.copyOf(inactive, size);
        upper = Arrays.copyOf(upper, size);
        lower = Arrays.copyOf(lower, size);
        serverLine = Arrays.copyOf(serverLine, size);
    }
}
