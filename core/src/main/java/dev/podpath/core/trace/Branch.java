package dev.podpath.core.trace;

import io.vavr.control.Option;

/**
 * One way on from a hop.
 *
 * @param to where it leads
 * @param share which part of the requests takes it; {@link Share#none()} for a way that only another caller takes
 * @param condition on what it depends beyond chance (affinity, DNS line, caller), for people
 */
public record Branch(Location to, Share share, Option<String> condition) {
    /** The only way on. */
    public static Branch all(Location to) {
        return new Branch(to, Share.all(), Option.none());
    }

    /** A way with a share. */
    public static Branch of(Location to, Share share) {
        return new Branch(to, share, Option.none());
    }

    /** A way that depends on a condition. */
    public static Branch when(String condition, Location to, Share share) {
        return new Branch(to, share, Option.some(condition));
    }

    /** Shown beside the path: what another caller would get. No request of this trace takes it. */
    public static Branch aside(String whoTakesIt, Location to) {
        return new Branch(to, Share.none(), Option.some(whoTakesIt));
    }

    /** Whether the branch is only shown beside the path. */
    public boolean isAside() {
        return share.isNone();
    }
}
