package dev.podpath.core.net;

import io.vavr.collection.Vector;
import io.vavr.control.Option;
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

    /** Upper half of the first address of a range; ranges are numbered from 0. */
    public long firstHigh(int range) {
        return bounds[WORDS * range];
    }

    /** Lower half of the first address of a range. */
    public long firstLow(int range) {
        return bounds[WORDS * range + 1];
    }

    /** Upper half of the last address of a range. */
    public long lastHigh(int range) {
        return bounds[WORDS * range + 2];
    }

    /** Lower half of the last address of a range. */
    public long lastLow(int range) {
        return bounds[WORDS * range + 3];
    }

    /** Whether it is exactly one address. */
    public boolean isSingle() {
        return bounds.length == WORDS && bounds[0] == bounds[2] && bounds[1] == bounds[3];
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
        return address.isV6() == v6 && contains(address.high(), address.low());
    }

    /** Whether the address of the family with these halves is in it. */
    public boolean contains(long high, long low) {
        int from = rangeFrom(high, low);
        return from < rangeCount() && compare(bounds[WORDS * from], bounds[WORDS * from + 1], high, low) <= 0;
    }

    /** The index of the first range that does not end before an address. */
    private int rangeFrom(long high, long low) {
        int from = 0;
        int to = rangeCount();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (compare(bounds[WORDS * middle + 2], bounds[WORDS * middle + 3], high, low) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** The first address of this set that is not in the other. */
    public Option<IpAddress> firstNotIn(AddressSet other) {
        sameFamily(other);
        for (int i = 0; i < bounds.length; i += WORDS) {
            int place = WORDS * other.rangeFrom(bounds[i], bounds[i + 1]);
            if (place == other.bounds.length || compare(other.bounds, place, bounds, i) > 0) {
                return Option.some(address(i));
            }
            if (compare(other.bounds, place + 2, bounds, i + 2) < 0) {
                return Option.some(after(other.address(place + 2)));
            }
        }
        return Option.none();
    }

    /** The addresses in either set. */
    public AddressSet union(AddressSet other) {
        long[] theirs = sameFamily(other).bounds;
        if (theirs.length == 0 || bounds.length == 0) {
            return theirs.length == 0 ? this : other;
        }
        long[] out = new long[bounds.length + theirs.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < bounds.length || j < theirs.length) {
            boolean mine = j == theirs.length || i < bounds.length && compare(bounds, i, theirs, j) <= 0;
            long[] from = mine ? bounds : theirs;
            int at = mine ? i : j;
            if (count > 0 && touches(out, count - 2, from, at)) {
                if (compare(out, count - 2, from, at + 2) < 0) {
                    out[count - 2] = from[at + 2];
                    out[count - 1] = from[at + 3];
                }
            } else {
                System.arraycopy(from, at, out, count, WORDS);
                count += WORDS;
            }
            i += mine ? WORDS : 0;
            j += mine ? 0 : WORDS;
        }
        return new AddressSet(v6, Arrays.copyOf(out, count));
    }

    /** Whether a range that begins later begins before the end of another, or right behind it. */
    private static boolean touches(long[] last, int lastAt, long[] next, int nextAt) {
        long low = last[lastAt + 1] + 1;
        long high = low == 0 ? last[lastAt] + 1 : last[lastAt];
        boolean isLastOfAll = low == 0 && high == 0;
        return isLastOfAll || compare(high, low, next[nextAt], next[nextAt + 1]) >= 0;
    }

    private static int compare(long[] one, int oneAt, long[] two, int twoAt) {
        return compare(one[oneAt], one[oneAt + 1], two[twoAt], two[twoAt + 1]);
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        return high == otherHigh ? Long.compareUnsigned(low, otherLow) : Long.compareUnsigned(high, otherHigh);
    }

    /** The addresses in both sets. */
    public AddressSet intersect(AddressSet other) {
        long[] theirs = sameFamily(other).bounds;
        long[] out = new long[bounds.length + theirs.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < bounds.length && j < theirs.length) {
            boolean laterStart = compare(bounds, i, theirs, j) >= 0;
            boolean earlierEnd = compare(bounds, i + 2, theirs, j + 2) <= 0;
            System.arraycopy(laterStart ? bounds : theirs, laterStart ? i : j, out, count, 2);
            System.arraycopy(earlierEnd ? bounds : theirs, (earlierEnd ? i : j) + 2, out, count + 2, 2);
            count += compare(out, count, out, count + 2) <= 0 ? WORDS : 0;
            i += earlierEnd ? WORDS : 0;
            j += earlierEnd ? 0 : WORDS;
        }
        return count == bounds.length && Arrays.equals(bounds, 0, count, out, 0, count)
                ? this
                : new AddressSet(v6, Arrays.copyOf(out, count));
    }

    /** The addresses of the family that are not in it. */
    public AddressSet complement() {
        long last = v6 ? -1 : 0xFFFF_FFFFL;
        long[] out = new long[bounds.length + WORDS];
        int count = 0;
        long high = 0;
        long low = 0;
        boolean open = true;
        for (int i = 0; i < bounds.length; i += WORDS) {
            if (compare(bounds[i], bounds[i + 1], high, low) > 0) {
                out[count] = high;
                out[count + 1] = low;
                out[count + 2] = bounds[i + 1] == 0 ? bounds[i] - 1 : bounds[i];
                out[count + 3] = bounds[i + 1] - 1;
                count += WORDS;
            }
            low = bounds[i + 3] + 1;
            high = low == 0 ? bounds[i + 2] + 1 : bounds[i + 2];
            open = bounds[i + 3] != last || v6 && bounds[i + 2] != -1;
        }
        if (open) {
            out[count] = high;
            out[count + 1] = low;
            out[count + 2] = v6 ? -1 : 0;
            out[count + 3] = last;
            count += WORDS;
        }
        return new AddressSet(v6, Arrays.copyOf(out, count));
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
