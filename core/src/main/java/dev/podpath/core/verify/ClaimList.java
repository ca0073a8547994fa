package dev.podpath.core.verify;

import dev.podpath.core.net.IpAddress;
import java.util.Arrays;
import java.util.Comparator;

/** Claims as they come, to be sorted by their addresses; those on one address stay in the order in which they came. */
final class ClaimList {
    private static final int PLACE_BITS = 31;
    private static final long PLACE = (1L << PLACE_BITS) - 1;

    private IpAddress[] addresses;
    private Claim[] claims;
    private int count;
    private int v6;

    ClaimList(int room) {
        addresses = new IpAddress[Math.max(1, room)];
        claims = new Claim[addresses.length];
    }

    void add(IpAddress address, Claim claim) {
        if (count == claims.length) {
            addresses = Arrays.copyOf(addresses, 2 * count);
            claims = Arrays.copyOf(claims, 2 * count);
        }
        addresses[count] = address;
        claims[count++] = claim;
        v6 += address.isV6() ? 1 : 0;
    }

    /** Sorts them; addresses of IPv4 as numbers, with their places behind. */
    void sort() {
        long[] four = new long[count - v6];
        Integer[] six = new Integer[v6];
        int fours = 0;
        int sixes = 0;
        for (int i = 0; i < count; i++) {
            if (addresses[i].isV6()) {
                six[sixes++] = i;
            } else {
                four[fours++] = addresses[i].low() << PLACE_BITS | i;
            }
        }
        Arrays.sort(four);
        Arrays.sort(six, Comparator.comparing((Integer place) -> addresses[place]));
        IpAddress[] sorted = new IpAddress[count];
        Claim[] with = new Claim[count];
        for (int i = 0; i < count; i++) {
            int place = i < fours ? (int) (four[i] & PLACE) : six[i - fours];
            sorted[i] = addresses[place];
            with[i] = claims[place];
        }
        addresses = sorted;
        claims = with;
    }

    /** Every address once. */
    IpAddress[] addresses() {
        IpAddress[] each = new IpAddress[count];
        int found = 0;
        for (int from = 0; from < count; from = end(from)) {
            each[found++] = addresses[from];
        }
        return Arrays.copyOf(each, found);
    }

    /**
     * The claims on each of the addresses.
     *
     * @param each how many addresses there are
     */
    Claim[][] claims(int each) {
        Claim[][] of = new Claim[each][];
        int from = 0;
        for (int i = 0; i < each; i++) {
            int to = end(from);
            of[i] = Arrays.copyOfRange(claims, from, to);
            from = to;
        }
        return of;
    }

    /** Behind the claims on the address of one. */
    private int end(int from) {
        int to = from + 1;
        while (to < count && addresses[to].equals(addresses[from])) {
            to++;
        }
        return to;
    }
}
