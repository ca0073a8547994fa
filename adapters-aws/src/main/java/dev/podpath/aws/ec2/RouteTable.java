package dev.podpath.aws.ec2;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.function.Function;

/**
 * A route table. The route with the longest prefix that holds the destination decides.
 *
 * @param id {@code RouteTableId}
 * @param json the table in its document
 * @param routes its routes by prefix; a prefix list that was captured is one route for each entry
 * @param openLists prefix lists with routes whose entries were not captured
 */
record RouteTable(String id, Json json, Vector<Route> routes, Vector<String> openLists) {
    /** Reads a table, with the entries of prefix lists by list id. */
    static RouteTable of(Json json, Function<String, Option<Vector<IpPrefix>>> prefixLists) {
        Vector<Route> routes = Vector.empty();
        Vector<String> open = Vector.empty();
        for (Json route : json.items("Routes")) {
            Option<IpPrefix> prefix = route.text("DestinationCidrBlock")
                    .orElse(route.text("DestinationIpv6CidrBlock"))
                    .flatMap(IpPrefix::parse);
            Option<String> list = route.text("DestinationPrefixListId");
            Option<Vector<IpPrefix>> entries = list.flatMap(prefixLists);
            routes = routes.appendAll(prefix.toVector()
                    .appendAll(entries.getOrElse(Vector.empty()))
                    .map(block -> new Route(block, route)));
            open = list.isDefined() && entries.isEmpty() ? open.appendAll(list) : open;
        }
        return new RouteTable(json.textOr("(without id)", "RouteTableId"), json, routes, open);
    }

    /** The route a packet to this destination takes. */
    Option<Route> route(IpAddress destination) {
        Option<Route> best = Option.none();
        for (Route route : routes) {
            if (!route.prefix().contains(destination)) {
                continue;
            }
            boolean better = best.forAll(
                    other -> route.prefix().length() > other.prefix().length()
                            || route.prefix().length() == other.prefix().length() && route.rank() < other.rank());
            best = better ? Option.some(route) : best;
        }
        return best;
    }
}
