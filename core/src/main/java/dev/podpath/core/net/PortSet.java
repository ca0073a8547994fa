package dev.podpath.core.net;

import java.util.Arrays;

/** A set of ports, 0 to 65535, as sorted ranges that neither overlap nor touch. */
public final class PortSet {
    private static final int LAST = 65535;
    private static final PortSet EMPTY = new PortSet(new int[0]);
    private static final PortSet ALL = new PortSet(new int[] {0, LAST});

    /** First and last port of each range. */
    private final int[] bounds;

    private PortSet(int[] bounds) {
        this.bounds = bounds;
    }

    /** No port. */
    public static PortSet empty() {
        return EMPTY;
    }

    /** Every port, 0 included. */
    public static PortSet all() {
        return ALL;
    }

    /** One port. */
    public static PortSet of(int port) {
        return range(port, port);
    }

    /** The ports from one to another. */
    public static PortSet range(int first, int last) {
        if (first < 0 || last > LAST || first > last) {
            throw new IllegalArgumentException("ports " + first + "-" + last);
        }
        return new PortSet(new int[] {first, last});
    }

    /**
     * The set with these ranges, first and last port of each.
     *
     * @param bounds sorted, without overlap, not touching; taken as it is and never to be changed afterwards
     */
    @SuppressWarnings("EI_EXPOSE_REP2")
    public static PortSet ofBounds(int[] bounds) {
        return new PortSet(bounds);
    }

    /** Whether a port is in it. */
    public boolean contains(int port) {
        return next(port) == port;
    }

    /** Whether there is no port in it. */
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** Whether it is exactly one port. */
    public boolean isSingle() {
        return bounds.length == 2 && bounds[0] == bounds[1];
    }

    /** How many ports there are. */
    public int size() {
        int size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i] + 1;
        }
        return size;
    }

    /** The lowest port; -1 where there is none. */
    public int first() {
        return bounds.length == 0 ? -1 : bounds[0];
    }

    /** The lowest port that is not below this one; -1 where there is none. */
    public int next(int port) {
        int low = 0;
        int high = bounds.length / 2;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bounds[2 * middle + 1] < port) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return 2 * low == bounds.length ? -1 : Math.max(bounds[2 * low], port);
    }

    /** The ports in either set. */
    public PortSet union(PortSet other) {
        return complement().intersect(other.complement()).complement();
    }

    /** The ports in both sets. */
    public PortSet intersect(PortSet other) {
        int[] out = new int[bounds.length + other.bounds.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < bounds.length && j < other.bounds.length) {
            int first = Math.max(bounds[i], other.bounds[j]);
            int last = Math.min(bounds[i + 1], other.bounds[j + 1]);
            if (first <= last) {
                out[count++] = first;
                out[count++] = last;
            }
            if (bounds[i + 1] < other.bounds[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return new PortSet(Arrays.copyOf(out, count));
    }

    /** The ports of this set that are not in the other. */
    public PortSet minus(PortSet other) {
        return intersect(other.complement());
    }

    /** The ports that are not in it. */
    public PortSet complement() {
        int[] out = new int[bounds.length + 2];
        int count = 0;
        int from = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] > from) {
                out[count++] = from;
                out[count++] = bounds[i] - 1;
            }
            from = bounds[i + 1] + 1;
        }
        if (from <= LAST) {
            out[count++] = from;
            out[count++] = LAST;
        }
        return new PortSet(Arrays.copyOf(out, count));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PortSet that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /** Ports and ranges with commas. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bounds.length; i += 2) {
            out.append(i == 0 ? "" : ",").append(bounds[i]);
            if (bounds[i + 1] > bounds[i]) {
                out.append('-').append(bounds[i + 1]);
            }
        }
        return out.toString();
    }
}
