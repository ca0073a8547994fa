package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Places where something about an address can change: between two of them every address is alike. */
final class Cuts {
    private final boolean v6;
    private final long[] high;
    private final long[] low;

    /** For each interval all addresses that are like those in it; empty where no two intervals are alike. */
    private final Ranges[] alike;

    private Cuts(boolean v6, long[] high, long[] low, @Nullable Kinds kinds) {
        this.v6 = v6;
        this.high = high;
        this.low = low;
        this.alike = new Ranges[kinds == null ? 0 : high.length + 1];
        if (kinds != null) {
            compare(kinds);
        }
    }

    private void compare(Kinds kinds) {
        Map<Object, List<Integer>> intervals = new HashMap<>();
        for (int i = 0; i < alike.length; i++) {
            Object kind = i == 0 ? kinds.of(0, 0) : kinds.of(high[i - 1], low[i - 1]);
            intervals.computeIfAbsent(kind, k -> new ArrayList<>(1)).add(i);
        }
        for (List<Integer> same : intervals.values()) {
            Ranges ranges = ranges(same);
            for (int i : same) {
                alike[i] = ranges;
            }
        }
    }

    /** Tells what about an address matters: equal objects for addresses that are alike wherever they are. */
    @FunctionalInterface
    interface Kinds {
        Object of(long high, long low);
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

        /** Wherever others are cut. */
        void all(Cuts others) {
            for (int i = 0; i < others.low.length; i++) {
                starts.add(new long[] {others.high[i], others.low[i]});
            }
        }

        /** The cuts; addresses of two intervals are never taken for alike. */
        Cuts build(boolean v6) {
            return make(v6, null);
        }

        /** The cuts, where addresses of two intervals can be alike. */
        Cuts build(boolean v6, Kinds kinds) {
            return make(v6, kinds);
        }

        private Cuts make(boolean v6, @Nullable Kinds kinds) {
            starts.sort((a, b) -> Box.compare(a[0], a[1], b[0], b[1]));
            long[] high = new long[starts.size()];
            long[] low = new long[starts.size()];
            int count = 0;
            for (long[] start : starts) {
                boolean isFirst = start[0] == 0 && start[1] == 0;
                boolean isBeyond = !v6 && start[1] > 0xFFFF_FFFFL;
                if (!isFirst
                        && !isBeyond
                        && (count == 0 || high[count - 1] != start[0] || low[count - 1] != start[1])) {
                    high[count] = start[0];
                    low[count++] = start[1];
                }
            }
            return new Cuts(v6, Arrays.copyOf(high, count), Arrays.copyOf(low, count), kinds);
        }
    }

    private Ranges ranges(List<Integer> intervals) {
        long[] bounds = new long[4 * intervals.size()];
        int count = 0;
        for (int i : intervals) {
            long fromHigh = i == 0 ? 0 : high[i - 1];
            long fromLow = i == 0 ? 0 : low[i - 1];
            boolean touches = count > 0
                    && (bounds[count - 1] == -1L ? bounds[count - 2] + 1 : bounds[count - 2]) == fromHigh
                    && bounds[count - 1] + 1 == fromLow;
            if (touches) {
                count -= 4;
            } else {
                bounds[count] = fromHigh;
                bounds[count + 1] = fromLow;
            }
            bounds[count + 2] = lastHigh(i);
            bounds[count + 3] = lastLow(i);
            count += 4;
        }
        return Ranges.of(Arrays.copyOf(bounds, count));
    }

    private long lastHigh(int interval) {
        if (interval == high.length) {
            return v6 ? -1L : 0;
        }
        return low[interval] == 0 ? high[interval] - 1 : high[interval];
    }

    private long lastLow(int interval) {
        return interval == high.length ? v6 ? -1L : 0xFFFF_FFFFL : low[interval] - 1;
    }

    /** How many intervals there are. */
    int intervals() {
        return high.length + 1;
    }

    /** The first address of an interval: its upper half. */
    long firstHigh(int interval) {
        return interval == 0 ? 0 : high[interval - 1];
    }

    /** The first address of an interval: its lower half. */
    long firstLow(int interval) {
        return interval == 0 ? 0 : low[interval - 1];
    }

    /** The number of the interval that holds an address. */
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

    /** All addresses that are like this one. */
    Ranges alike(long valueHigh, long valueLow) {
        int interval = interval(valueHigh, valueLow);
        return alike.length == 0 ? ranges(List.of(interval)) : alike[interval];
    }

    /** Narrows a field of a box to the interval this address is in. */
    void narrow(Box box, int field, long valueHigh, long valueLow) {
        int interval = interval(valueHigh, valueLow);
        if (interval > 0) {
            box.atLeast(field, high[interval - 1], low[interval - 1]);
        }
        if (interval < high.length) {
            box.atMost(field, lastHigh(interval), lastLow(interval));
        }
    }
}
