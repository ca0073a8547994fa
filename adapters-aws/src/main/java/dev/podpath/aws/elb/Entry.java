package dev.podpath.aws.elb;

import dev.podpath.core.location.Flow;
import dev.podpath.core.location.LoadBalancerPort;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Location;
import io.vavr.control.Option;

/**
 * A connection that arrives at a load balancer.
 *
 * @param location where the trace is
 * @param port the port asked for
 * @param flow what travels along
 * @param vantage from where it comes
 * @param address the address it was sent to, where that is known
 * @param zone the zone of that address
 */
record Entry(Location location, int port, Flow flow, Vantage vantage, Option<IpAddress> address, Option<String> zone) {
    static Entry of(LoadBalancerPort at) {
        return new Entry(at, at.port(), at.flow(), at.vantage(), Option.none(), Option.none());
    }

    static Entry of(NetworkAddress at, Option<String> zone) {
        return new Entry(
                at,
                at.address().port(),
                at.flow(),
                at.vantage(),
                Option.some(at.address().address()),
                zone);
    }

    /** The same connection from a source that is not known. */
    Entry fromUnknown() {
        return new Entry(location, port, flow.fromUnknown(), vantage, address, zone);
    }
}
