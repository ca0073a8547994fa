package dev.podpath.core.trace;

import dev.podpath.core.net.Tuple;

/**
 * A change of the connection's addresses at a hop.
 *
 * @param kind how it changes
 * @param before the tuple that arrives
 * @param after the tuple that leaves
 */
public record Translation(Kind kind, Tuple before, Tuple after) {
    /** How a connection changes. */
    public enum Kind {
        /** The destination of the same connection is rewritten. */
        DNAT,
        /** The source of the same connection is rewritten. */
        SNAT,
        /** A proxy ends the connection and opens a new one. */
        PROXY_CONNECTION
    }
}
