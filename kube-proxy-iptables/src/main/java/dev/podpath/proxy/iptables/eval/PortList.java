package dev.podpath.proxy.iptables.eval;

import java.util.Arrays;

/** Collects ports in rising order. */
final class PortList {
    private int[] bounds = new int[4];
    private int count;

    /** Adds a port that is not below the last one. */
    void add(int port) {
        if (count > 0 && port <= bounds[count - 1] + 1) {
            bounds[count - 1] = port;
            return;
        }
        if (count == bounds.length) {
            bounds = Arrays.copyOf(bounds, count * 2);
        }
        bounds[count++] = port;
        bounds[count++] = port;
    }

    Ranges ranges() {
        long[] words = new long[2 * count];
        for (int i = 0; i < count; i++) {
            words[2 * i + 1] = bounds[i];
        }
        return Ranges.of(words);
    }

    /** All other ports. */
    Ranges complement() {
        PortList others = new PortList();
        others.bounds = new int[count + 2];
        int from = 0;
        for (int i = 0; i < count; i += 2) {
            others.put(from, bounds[i] - 1);
            from = bounds[i + 1] + 1;
        }
        others.put(from, 65535);
        return others.ranges();
    }

    /** Puts ranges of ports together. */
    static final class Union {
        private long[] ranges = new long[8];
        private int count;

        void add(Ranges more) {
            long[] bounds = more.bounds();
            for (int i = 0; i < bounds.length; i += 4) {
                if (count == ranges.length) {
                    ranges = Arrays.copyOf(ranges, count * 2);
                }
                ranges[count++] = bounds[i + 1] << 16 | bounds[i + 3];
            }
        }

        Ranges ranges() {
            Arrays.sort(ranges, 0, count);
            PortList list = new PortList();
            list.bounds = new int[2 * count];
            for (int i = 0; i < count; i++) {
                int first = (int) (ranges[i] >>> 16);
                int last = (int) ranges[i] & 0xFFFF;
                if (list.count > 0 && first <= list.bounds[list.count - 1] + 1) {
                    list.bounds[list.count - 1] = Math.max(last, list.bounds[list.count - 1]);
                } else {
                    list.put(first, last);
                }
            }
            return list.ranges();
        }
    }

    private void put(int first, int last) {
        if (first <= last) {
            bounds[count++] = first;
            bounds[count++] = last;
        }
    }
}
