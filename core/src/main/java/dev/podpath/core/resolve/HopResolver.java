package dev.podpath.core.resolve;

import dev.podpath.core.trace.Location;

/**
 * The resolution port: says what happens to a request at a location.
 *
 * <p>A resolver answers from what it read when it was made; it keeps no state between calls, asks no clock and no
 * network, and never calls another resolver. Only the tracer moves.
 */
public interface HopResolver {
    /** Unique lower-case name, such as {@code aliyun.slb}. */
    String id();

    /**
     * Where several resolvers handle a location they are asked in ascending order, ties by {@link #id()}. Clouds use
     * 100, the cluster 200, fallbacks 900.
     */
    default int order() {
        return 100;
    }

    /** Whether this resolver knows this kind of location at all. */
    boolean handles(Location location);

    /** Takes one step, or declines because the location belongs to somebody else. Total: never throws for a location
     * it {@linkplain #handles(Location) handles}. */
    Resolution resolve(Location location);
}
