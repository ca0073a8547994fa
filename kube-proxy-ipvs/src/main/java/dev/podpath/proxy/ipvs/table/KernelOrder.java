package dev.podpath.proxy.ipvs.table;

/**
 * Whether a listing shows the order of the kernel's lists. {@code ipvsadm -L} sorts the real servers of a virtual server by
 * address and port unless told {@code --nosort} (ipvsadm/libipvs/libipvs.c, {@code ipvs_cmp_dests}); so a listing in
 * which they are not sorted is not a sorted one.
 */
final class KernelOrder {
    private KernelOrder() {}

    static boolean shows(TableBuilder table, int[] first) {
        for (int row = 0; row + 1 < first.length; row++) {
            if (unsorted(table, first[row], first[row + 1])) {
                return true;
            }
        }
        return false;
    }

    private static boolean unsorted(TableBuilder table, int from, int to) {
        boolean descending = false;
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = from; i < to; i++) {
            if (table.serverV6[i] != table.serverV6[from]) {
                return false;
            }
            if (!table.serverV6[i]) {
                least = Math.min(least, table.serverLow[i]);
                most = Math.max(most, table.serverLow[i]);
            }
            descending |= i > from && compare(table, i - 1, i) > 0;
        }
        // IPv4 addresses are compared by a difference of 32 bits, which overflows between far ones.
        return descending && (table.serverV6[from] || most - least < 1L << 31);
    }

    private static int compare(TableBuilder table, int a, int b) {
        int high = Long.compareUnsigned(table.serverHigh[a], table.serverHigh[b]);
        if (high != 0) {
            return high;
        }
        int low = Long.compareUnsigned(table.serverLow[a], table.serverLow[b]);
        return low != 0 ? low : Character.compare(table.serverPort[a], table.serverPort[b]);
    }
}
