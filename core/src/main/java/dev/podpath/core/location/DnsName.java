package dev.podpath.core.location;

import dev.podpath.core.trace.Location;

/**
 * A name that is to be resolved.
 *
 * @param host lower-case name, as it was asked for; a trailing dot makes it absolute
 * @param port port the connection will go to
 * @param flow what travels along
 * @param vantage who asks
 */
public record DnsName(String host, int port, Flow flow, Vantage vantage) implements Location {
    @Override
    public String label() {
        return host + ":" + port;
    }
}
