package dev.podpath.core.proxy;

/** Ends of packets to the first address of a shape, and what they are for others that are alike. Immutable. */
final class LikeEnds {
    private final Ends ends;
    /** For each end the place of its endpoint among the addresses of the pattern, or -1 where it has none. */
    private final int[] places;

    private final boolean reaching;

    LikeEnds(Ends ends, Likeness pattern) {
        this.ends = ends;
        this.places = new int[ends.count()];
        boolean any = false;
        for (int end = 0; end < places.length; end++) {
            places[end] = place(ends, end, pattern);
            any |= places[end] >= 0;
        }
        this.reaching = any;
    }

    /** Whether every endpoint is one of the addresses of a likeness. */
    static boolean isWithin(Likeness pattern, Ends ends) {
        for (int end = 0; end < ends.count(); end++) {
            if (ends.kind(end) == Ends.Kind.ENDPOINT && place(ends, end, pattern) < 0) {
                return false;
            }
        }
        return true;
    }

    private static int place(Ends ends, int end, Likeness pattern) {
        return ends.kind(end) == Ends.Kind.ENDPOINT ? pattern.find(ends.addressHigh(end), ends.addressLow(end)) : -1;
    }

    /** The ends with the addresses of another likeness. */
    Ends of(Likeness like) {
        if (!reaching) {
            return ends;
        }
        Ends.Builder others = ends.toOthers();
        for (int end = 0; end < places.length; end++) {
            if (places[end] >= 0) {
                others.endpoint(end, like.high(places[end]), like.low(places[end]), ends.port(end));
            }
        }
        return others.build();
    }
}
