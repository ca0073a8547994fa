package dev.podpath.core.net;

import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;

/**
 * A set of addresses of one family, as sorted ranges that neither overlap nor touch. Set operations take time linear in
 * the number of ranges.
 */
public final class AddressSet {
    /**
     * A range of addresses.
     *
     * @param first the lowest
     * @param last the highest; not below the first
     */
    public record Range(IpAddress first, IpAddress last) {
        /** Checks the order. */
        public Range {
            if (first.isV6() != last.isV6() || first.compareTo(last) > 0) {
                throw new IllegalArgumentException(first + "-" + last);
            }
        }

        /** Whether the address is in the range. */
        public boolean contains(IpAddress address) {
            return first.compareTo(address) <= 0 && last.compareTo(address) >= 0;
        }

        @Override
        public String toString() {
            return first.equals(last) ? first.toString() : first + "-" + last;
        }
    }

    private final boolean v6;
    private final Vector<Range> ranges;

    private AddressSet(boolean v6, Vector<Range> ranges) {
        this.v6 = v6;
        this.ranges = ranges;
    }

    /** No address. */
    public static AddressSet empty(boolean v6) {
        return new AddressSet(v6, Vector.empty());
    }

    /** Every address of a family. */
    public static AddressSet all(boolean v6) {
        return of(IpPrefix.of(v6 ? "::/0" : "0.0.0.0/0"));
    }

    /** The addresses of a prefix. */
    public static AddressSet of(IpPrefix prefix) {
        return range(prefix.address(), prefix.last());
    }

    /** One address. */
    public static AddressSet of(IpAddress address) {
        return range(address, address);
    }

    /** The addresses from one to another. */
    public static AddressSet range(IpAddress first, IpAddress last) {
        return new AddressSet(first.isV6(), Vector.of(new Range(first, last)));
    }

    /** Addresses, in any order. */
    public static AddressSet of(boolean v6, Iterable<IpAddress> addresses) {
        List<Range> single = new ArrayList<>();
        addresses.forEach(address -> single.add(new Range(address, address)));
        single.sort((a, b) -> a.first().compareTo(b.first()));
        return new AddressSet(v6, join(single));
    }

    private static Vector<Range> join(List<Range> sorted) {
        List<Range> joined = new ArrayList<>();
        for (Range range : sorted) {
            int end = joined.size() - 1;
            if (end >= 0 && touches(joined.get(end).last(), range.first())) {
                Range before = joined.get(end);
                IpAddress last = before.last().compareTo(range.last()) >= 0 ? before.last() : range.last();
                joined.set(end, new Range(before.first(), last));
            } else {
                joined.add(range);
            }
        }
        return Vector.ofAll(joined);
    }

    private static boolean touches(IpAddress last, IpAddress next) {
        return next.compareTo(last) <= 0 || next.equals(after(last));
    }

    private static IpAddress after(IpAddress address) {
        if (!address.isV6()) {
            return IpAddress.v4(address.v4Bits() + 1);
        }
        long low = address.low() + 1;
        return IpAddress.v6(low == 0 ? address.high() + 1 : address.high(), low);
    }

    private static IpAddress before(IpAddress address) {
        if (!address.isV6()) {
            return IpAddress.v4(address.v4Bits() - 1);
        }
        return IpAddress.v6(address.low() == 0 ? address.high() - 1 : address.high(), address.low() - 1);
    }

    /** Whether the addresses are IPv6. */
    public boolean isV6() {
        return v6;
    }

    /** The ranges, sorted. */
    public Vector<Range> ranges() {
        return ranges;
    }

    /** Whether there is no address in it. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether an address is in it. */
    public boolean contains(IpAddress address) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Range range = ranges.get(middle);
            if (range.contains(address)) {
                return true;
            }
            if (range.first().compareTo(address) < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    /** The addresses in either set. */
    public AddressSet union(AddressSet other) {
        List<Range> both = new ArrayList<>(ranges.asJava());
        both.addAll(sameFamily(other).ranges.asJava());
        both.sort((a, b) -> a.first().compareTo(b.first()));
        return new AddressSet(v6, join(both));
    }

    /** The addresses in both sets. */
    public AddressSet intersect(AddressSet other) {
        List<Range> out = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < ranges.size() && j < sameFamily(other).ranges.size()) {
            Range one = ranges.get(i);
            Range two = other.ranges.get(j);
            IpAddress first = one.first().compareTo(two.first()) >= 0 ? one.first() : two.first();
            boolean oneEnds = one.last().compareTo(two.last()) <= 0;
            IpAddress last = oneEnds ? one.last() : two.last();
            if (first.compareTo(last) <= 0) {
                out.add(new Range(first, last));
            }
            i += oneEnds ? 1 : 0;
            j += oneEnds ? 0 : 1;
        }
        return new AddressSet(v6, Vector.ofAll(out));
    }

    /** The addresses of the family that are not in it. */
    public AddressSet complement() {
        Range whole = all(v6).ranges.head();
        List<Range> out = new ArrayList<>();
        IpAddress from = whole.first();
        boolean ended = false;
        for (Range range : ranges) {
            if (range.first().compareTo(from) > 0) {
                out.add(new Range(from, before(range.first())));
            }
            ended = range.last().equals(whole.last());
            from = after(range.last());
        }
        if (!ended) {
            out.add(new Range(from, whole.last()));
        }
        return new AddressSet(v6, Vector.ofAll(out));
    }

    /** The addresses of this set that are not in the other. */
    public AddressSet minus(AddressSet other) {
        return intersect(sameFamily(other).complement());
    }

    private AddressSet sameFamily(AddressSet other) {
        if (other.v6 != v6) {
            throw new IllegalArgumentException("sets of two families");
        }
        return other;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressSet that && v6 == that.v6 && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /** The ranges with commas. */
    @Override
    public String toString() {
        return ranges.mkString(",");
    }
}
