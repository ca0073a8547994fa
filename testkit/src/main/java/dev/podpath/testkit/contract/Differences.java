package dev.podpath.testkit.contract;

import dev.podpath.core.proxy.Ends;

/** Tells how ends differ. */
public final class Differences {
    private static final double NEAR = 1e-12;

    private Differences() {}

    /** Empty where the ends are the same, their shares within 1e-12; else both. */
    public static String of(Ends one, Ends two) {
        boolean same = one.count() == two.count() && one.affinitySeconds() == two.affinitySeconds();
        for (int end = 0; same && end < one.count(); end++) {
            same = one.kind(end) == two.kind(end)
                    && one.source(end) == two.source(end)
                    && one.addressHigh(end) == two.addressHigh(end)
                    && one.addressLow(end) == two.addressLow(end)
                    && one.port(end) == two.port(end)
                    && (one.kind(end) != Ends.Kind.ENDPOINT || one.isV6() == two.isV6())
                    && isNear(one.share(end), two.share(end));
        }
        return same
                ? ""
                : one + ", affinity " + one.affinitySeconds() + " s, but " + two + ", affinity " + two.affinitySeconds()
                        + " s";
    }

    private static boolean isNear(double one, double two) {
        return Double.isNaN(one) ? Double.isNaN(two) : Math.abs(one - two) <= NEAR;
    }

    /** The same ends with this port where an endpoint keeps the one the packet came with. */
    public static Ends withPort(Ends ends, int port) {
        Ends.Builder builder = new Ends.Builder(ends.count()).v6(ends.isV6()).affinitySeconds(ends.affinitySeconds());
        for (int end = 0; end < ends.count(); end++) {
            boolean keeps = ends.kind(end) == Ends.Kind.ENDPOINT && ends.port(end) == 0;
            builder.add(
                    ends.kind(end),
                    ends.addressHigh(end),
                    ends.addressLow(end),
                    keeps ? port : ends.port(end),
                    ends.source(end),
                    ends.share(end));
        }
        return builder.build();
    }
}
