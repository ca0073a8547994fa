package dev.podpath.aliyun.hop;

import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import java.math.BigInteger;

/** Shares of ways among which something chooses. */
public final class Shares {
    private Shares() {}

    /**
     * Shares in proportion to weights.
     *
     * @param weights at least one, each 1 or more
     */
    public static Vector<Share> byWeight(Vector<Long> weights) {
        BigInteger sum = weights.foldLeft(BigInteger.ZERO, (total, w) -> total.add(BigInteger.valueOf(w)));
        return weights.map(w -> new Share.Exact(new Fraction(BigInteger.valueOf(w), sum)));
    }

    /** Equal shares of so many. */
    public static Vector<Share> equal(int count) {
        return Vector.fill(count, () -> Share.of(1, count));
    }

    /** One of so many, and nothing defines which; the only one is certain. */
    public static Vector<Share> undefined(int count) {
        return count == 1 ? Vector.of(Share.all()) : Vector.fill(count, Share::undefined);
    }
}
