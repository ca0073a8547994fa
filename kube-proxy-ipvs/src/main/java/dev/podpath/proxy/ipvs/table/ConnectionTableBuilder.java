package dev.podpath.proxy.ipvs.table;

import java.util.Arrays;

/** Collects connection entries into a {@link ConnectionTable}. */
public final class ConnectionTableBuilder {
    final Names names = new Names();
    final ServiceIndex index = new ServiceIndex();

    int rows;
    int[] protocol = new int[16];
    boolean[] v6 = new boolean[16];
    boolean[] serverV6 = new boolean[16];
    long[] clientHigh = new long[16];
    long[] clientLow = new long[16];
    char[] clientPort = new char[16];
    long[] virtualHigh = new long[16];
    long[] virtualLow = new long[16];
    char[] virtualPort = new char[16];
    long[] serverHigh = new long[16];
    long[] serverLow = new long[16];
    char[] serverPort = new char[16];
    int[] state = new int[16];
    int[] expires = new int[16];
    int[] line = new int[16];
    private boolean whole = true;

    /** Adds an entry whose parts are set next. */
    public int add(int protocolNumber, int documentLine) {
        if (rows == line.length) {
            grow();
        }
        protocol[rows] = protocolNumber;
        line[rows] = documentLine;
        return rows++;
    }

    /** Sets the client. */
    public void client(int row, long high, long low, int port) {
        clientHigh[row] = high;
        clientLow[row] = low;
        clientPort[row] = (char) port;
    }

    /** Sets the virtual address. */
    public void virtual(int row, long high, long low, int port, boolean isV6) {
        virtualHigh[row] = high;
        virtualLow[row] = low;
        virtualPort[row] = (char) port;
        v6[row] = isV6;
    }

    /** Sets the real server. */
    public void server(int row, long high, long low, int port, boolean isV6) {
        serverHigh[row] = high;
        serverLow[row] = low;
        serverPort[row] = (char) port;
        serverV6[row] = isV6;
    }

    /** Sets the state, given as text of the document, and the seconds that are left. */
    public void state(int row, byte[] text, int from, int to, int seconds) {
        state[row] = names.number(text, from, to);
        expires[row] = seconds;
    }

    /** Notes that entries may be missing, because lines could not be read. */
    public void incomplete() {
        whole = false;
    }

    int hash(int row) {
        return ConnectionTable.hash(
                protocol[row],
                clientHigh[row],
                clientLow[row],
                clientPort[row],
                virtualHigh[row],
                virtualLow[row],
                virtualPort[row]);
    }

    /** The table. Of several entries of one connection the first counts. */
    public ConnectionTable build() {
        int[] hashes = new int[rows];
        int indexed = 0;
        for (int row = 0; row < rows; row++) {
            hashes[row] = hash(row);
        }
        for (int row = 0; row < rows; row++) {
            int slot = index.start(hashes[row]);
            while (index.row(slot) >= 0 && !same(index.row(slot), row)) {
                slot = index.after(slot);
            }
            if (index.row(slot) < 0) {
                index.put(slot, row, row + 1, hashes);
                indexed++;
            }
        }
        return new ConnectionTable(this, whole, indexed);
    }

    private boolean same(int a, int b) {
        return protocol[a] == protocol[b]
                && clientLow[a] == clientLow[b]
                && clientHigh[a] == clientHigh[b]
                && clientPort[a] == clientPort[b]
                && virtualLow[a] == virtualLow[b]
                && virtualHigh[a] == virtualHigh[b]
                && virtualPort[a] == virtualPort[b]
                && v6[a] == v6[b];
    }

    private void grow() {
        int size = line.length * 2;
        protocol = Arrays.copyOf(protocol, size);
        v6 = Arrays.copyOf(v6, size);
        serverV6 = Arrays.copyOf(serverV6, size);
        clientHigh = Arrays.copyOf(clientHigh, size);
        clientLow = Arrays.copyOf(clientLow, size);
        clientPort = Arrays.copyOf(clientPort, size);
        virtualHigh = Arrays.copyOf(virtualHigh, size);
        virtualLow = Arrays.copyOf(virtualLow, size);
        virtualPort = Arrays.copyOf(virtualPort, size);
        serverHigh = Arrays.copyOf(serverHigh, size);
        serverLow = Arrays.copyOf(serverLow, size);
        serverPort = Arrays.copyOf(serverPort, size);
        state = Arrays.copyOf(state, size);
        expires = Arrays.copyOf(expires, size);
        line = Arrays.copyOf(line, size);
    }
}
