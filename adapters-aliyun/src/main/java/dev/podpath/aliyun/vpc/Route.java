package dev.podpath.aliyun.vpc;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A route entry (DescribeRouteEntryList).
 *
 * @param destination the prefix it is for
 * @param nextHops where it leads; several are used together
 * @param json where it is
 */
record Route(IpPrefix destination, Vector<NextHop> nextHops, Json json) {
    /**
     * Where a route leads.
     *
     * @param type {@code NatGateway}, {@code Instance}, {@code local} …
     * @param id id of the next hop; empty text for the VPC itself
     */
    record NextHop(String type, String id) {
        boolean is(String wanted) {
            return type.equalsIgnoreCase(wanted);
        }
    }

    static Option<Route> of(Json json) {
        if (!json.textOr("Available", "Status").equalsIgnoreCase("Available")) {
            return Option.none();
        }
        Vector<NextHop> hops = json.items("NextHops", "NextHop")
                .filter(hop -> !hop.text("Enabled").contains("0"))
                .map(hop -> new NextHop(hop.textOr("", "NextHopType"), hop.textOr("", "NextHopId")));
        return json.text("DestinationCidrBlock").flatMap(IpPrefix::parse).map(prefix -> new Route(prefix, hops, json));
    }

    /** The route with the longest prefix that holds the address. */
    static Option<Route> longest(Vector<Route> routes, IpAddress address) {
        return routes.filter(route -> route.destination().contains(address))
                .maxBy(route -> route.destination().length());
    }

    Evidence evidence() {
        return json.evidence("RouteTableId", "DestinationCidrBlock", "NextHops", "Type", "Status");
    }
}
