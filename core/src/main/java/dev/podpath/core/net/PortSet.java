package dev.podpath.core.net;

import java.util.BitSet;

/** A set of ports, 0 to 65535. */
public final class PortSet {
    private static final int COUNT = 65536;

    private final BitSet bits;

    private PortSet(BitSet bits) {
        this.bits = bits;
    }

    /** No port. */
    public static PortSet empty() {
        return new PortSet(new BitSet());
    }

    /** Every port, 0 included. */
    public static PortSet all() {
        return range(0, COUNT - 1);
    }

    /** One port. */
    public static PortSet of(int port) {
        return range(port, port);
    }

    /** The ports from one to another. */
    public static PortSet range(int first, int last) {
        if (first < 0 || last >= COUNT || first > last) {
            throw new IllegalArgumentException("ports " + first + "-" + last);
        }
        BitSet bits = new BitSet(last + 1);
        bits.set(first, last + 1);
        return new PortSet(bits);
    }

    /** Whether a port is in it. */
    public boolean contains(int port) {
        return bits.get(port);
    }

    /** Whether there is no port in it. */
    public boolean isEmpty() {
        return bits.isEmpty();
    }

    /** How many ports there are. */
    public int size() {
        return bits.cardinality();
    }

    /** The lowest port; -1 where there is none. */
    public int first() {
        return bits.nextSetBit(0);
    }

    /** The lowest port that is not below this one; -1 where there is none. */
    public int next(int port) {
        return bits.nextSetBit(port);
    }

    /** The ports in either set. */
    public PortSet union(PortSet other) {
        BitSet out = (BitSet) bits.clone();
        out.or(other.bits);
        return new PortSet(out);
    }

    /** The ports in both sets. */
    public PortSet intersect(PortSet other) {
        BitSet out = (BitSet) bits.clone();
        out.and(other.bits);
        return new PortSet(out);
    }

    /** The ports of this set that are not in the other. */
    public PortSet minus(PortSet other) {
        BitSet out = (BitSet) bits.clone();
        out.andNot(other.bits);
        return new PortSet(out);
    }

    /** The ports that are not in it. */
    public PortSet complement() {
        return all().minus(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PortSet that && bits.equals(that.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    /** Ports and ranges with commas. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int from = bits.nextSetBit(0); from >= 0; from = bits.nextSetBit(from)) {
            int to = bits.nextClearBit(from);
            out.append(out.length() == 0 ? "" : ",").append(from).append(to - 1 == from ? "" : "-" + (to - 1));
            from = to;
        }
        return out.toString();
    }
}
