package dev.podpath.core.net;

import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;

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

    private static final int WORDS = 4;

    private final boolean v6;

    /** Upper and lower half of the first and of the last address of each range. */
    private final long[] bounds;

    private AddressSet(boolean v6, long[] bounds) {
        this.v6 = v6;
        this.bounds = bounds;
    }

    /** No address. */
    public static AddressSet empty(boolean v6) {
        return new AddressSet(v6, new long[0]);
    }

    /** Every address of a family. */
    public static AddressSet all(boolean v6) {
        return new AddressSet(v6, new long[] {0, 0, v6 ? -1 : 0, v6 ? -1 : 0xFFFF_FFFFL});
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
        if (first.isV6() != last.isV6() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException(first + "-" + last);
        }
        return new AddressSet(first.isV6(), new long[] {first.high(), first.low(), last.high(), last.low()});
    }

    /** Addresses, in any order. */
    public static AddressSet of(boolean v6, Iterable<IpAddress> addresses) {
        List<Range> single = new ArrayList<>();
        addresses.forEach(address -> single.add(new Range(address, address)));
        return join(v6, single);
    }

    /**
     * The set with these ranges, four words for each: the upper and the lower half of its first address, then of its last
     * (of IPv4 addresses the upper half is 0).
     *
     * @param bounds sorted, without overlap, not touching; taken as it is and never to be changed afterwards
     */
    @SuppressWarnings("EI_EXPOSE_REP2")
    public static AddressSet ofBounds(boolean v6, long[] bounds) {
        if (bounds.length % WORDS != 0) {
            throw new IllegalArgumentException("words: " + bounds.length);
        }
        return new AddressSet(v6, bounds);
    }

    private static AddressSet join(boolean v6, List<Range> ranges) {
        ranges.sort((a, b) -> a.first().compareTo(b.first()));
        List<Range> joined = new ArrayList<>();
        for (Range range : ranges) {
            int end = joined.size() - 1;
            if (end >= 0 && touches(joined.get(end).last(), range.first())) {
                Range before = joined.get(end);
                IpAddress last = before.last().compareTo(range.last()) >= 0 ? before.last() : range.last();
                joined.set(end, new Range(before.first(), last));
            } else {
                joined.add(range);
            }
        }
        return of(v6, joined);
    }

    private static AddressSet of(boolean v6, List<Range> sorted) {
        long[] bounds = new long[WORDS * sorted.size()];
        for (int i = 0; i < sorted.size(); i++) {
            Range range = sorted.get(i);
            bounds[WORDS * i] = range.first().high();
            bounds[WORDS * i + 1] = range.first().low();
            bounds[WORDS * i + 2] = range.last().high();
            bounds[WORDS * i + 3] = range.last().low();
        }
        return new AddressSet(v6, bounds);
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

    private IpAddress address(int at) {
        return v6 ? IpAddress.v6(bounds[at], bounds[at + 1]) : IpAddress.v4((int) bounds[at + 1]);
    }

    /** Whether the addresses are IPv6. */
    public boolean isV6() {
        return v6;
    }

    /** How many ranges there are. */
    public int rangeCount() {
        return bounds.length / WORDS;
    }

    /** The ranges, sorted. */
    public Vector<Range> ranges() {
        return Vector.range(0, rangeCount()).map(i -> new Range(address(WORDS * i), address(WORDS * i + 2)));
    }

    /**
     * The lowest address.
     *
     * @throws java.util.NoSuchElementException where there is none
     */
    public IpAddress first() {
        if (bounds.length == 0) {
            throw new NoSuchElementException("no address");
        }
        return address(0);
    }

    /** Whether there is no address in it. */
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** Whether an address is in it. */
    public boolean contains(IpAddress address) {
        if (address.isV6() != v6) {
            return false;
        }
        int low = 0;
        int high = rangeCount();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(WORDS * middle + 2, address) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < rangeCount() && compare(WORDS * low, address) <= 0;
    }

    private int compare(int at, IpAddress address) {
        int high = Long.compareUnsigned(bounds[at], address.high());
        return high != 0 ? high : Long.compareUnsigned(bounds[at + 1], address.low());
    }

    /** The addresses in either set. */
    public AddressSet union(AddressSet other) {
        List<Range> both = new ArrayList<>(ranges().asJava());
        both.addAll(sameFamily(other).ranges().asJava());
        return join(v6, both);
    }

    /** The addresses in both sets. */
    public AddressSet intersect(AddressSet other) {
        List<Range> out = new ArrayList<>();
        Vector<Range> mine = ranges();
        Vector<Range> others = sameFamily(other).ranges();
        int i = 0;
        int j = 0;
        while (i < mine.size() && j < others.size()) {
            Range one = mine.get(i);
            Range two = others.get(j);
            IpAddress first = one.first().compareTo(two.first()) >= 0 ? one.first() : two.first();
            boolean oneEnds = one.last().compareTo(two.last()) <= 0;
            IpAddress last = oneEnds ? one.last() : two.last();
            if (first.compareTo(last) <= 0) {
                out.add(new Range(first, last));
            }
            i += oneEnds ? 1 : 0;
            j += oneEnds ? 0 : 1;
        }
        return of(v6, out);
    }

    /** The addresses of the family that are not in it. */
    public AddressSet complement() {
        Range whole = all(v6).ranges().head();
        List<Range> out = new ArrayList<>();
        IpAddress from = whole.first();
        boolean ended = false;
        for (Range range : ranges()) {
            if (range.first().compareTo(from) > 0) {
                out.add(new Range(from, before(range.first())));
            }
            ended = range.last().equals(whole.last());
            from = after(range.last());
        }
        if (!ended) {
            out.add(new Range(from, whole.last()));
        }
        return of(v6, out);
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
        return other instanceof AddressSet that && v6 == that.v6 && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /** The ranges with commas. */
    @Override
    public String toString() {
        return ranges().mkString(",");
    }
}
