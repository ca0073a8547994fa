package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.walk.Box;
import java.util.ArrayList;
import java.util.List;

/** Places where something about an address can change: between two of them every address is alike. */
final class Cuts {
    private final long[] high;
    private final long[] low;

    private Cuts(long[] high, long[] low) {
        this.high = high;
        this.low = low;
    }

    /** Collects ranges. */
    static final class Builder {
        private final List<long[]> starts = new ArrayList<>();

        /** Everything from the first to the last address is alike, and what is outside may be another kind. */
        void range(long fromHigh, long fromLow, long toHigh, long toLow) {
            starts.add(new long[] {fromHigh, fromLow});
            long nextLow = toLow + 1;
            long nextHigh = nextLow == 0 ? toHigh + 1 : toHigh;
            if (nextHigh != 0 || nextLow != 0) {
                starts.add(new long[] {nextHigh, nextLow});
            }
        }

        Cuts build() {
            starts.sort((a, b) -> Box.compare(a[0], a[1], b[0], b[1]));
            int count = starts.size();
            long[] high = new long[count];
            long[] low = new long[count];
            for (int i = 0; i < count; i++) {
                high[i] = starts.get(i)[0];
                low[i] = starts.get(i)[1];
            }
            return new Cuts(high, low);
        }
    }

    /** The number of the interval between two places that a value is in. */
    int interval(long valueHigh, long valueLow) {
        int from = 0;
        int to = high.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (Box.compare(high[middle], low[middle], valueHigh, valueLow) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Narrows a field of a box to the addresses that are like this one. */
    void narrow(Box box, int field, long valueHigh, long valueLow) {
        int from = interval(valueHigh, valueLow);
        if (from > 0) {
            box.atLeast(field, high[from - 1], low[from - 1]);
        }
        if (from < high.length) {
            box.atMost(field, low[from] == 0 ? high[from] - 1 : high[from], low[from] - 1);
        }
    }
}
