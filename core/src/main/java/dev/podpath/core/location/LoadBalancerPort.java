package dev.podpath.core.location;

import dev.podpath.core.trace.Location;

/**
 * A port of a load balancer that is known by its identity rather than by an address.
 *
 * @param provider the cloud, such as {@code aws}
 * @param id identity in that cloud (instance id, ARN)
 * @param port the port asked for
 * @param flow what travels along
 * @param vantage from where the connection comes
 */
public record LoadBalancerPort(String provider, String id, int port, Flow flow, Vantage vantage) implements Location {
    @Override
    public String label() {
        return id + " port " + port;
    }
}
