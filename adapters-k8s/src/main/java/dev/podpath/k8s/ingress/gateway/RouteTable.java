package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.k8s.objects.ObjectList;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Chooses listener and rule for a request, as the standard says. */
final class RouteTable {
    private final Vector<Route> routes;
    private final ObjectList namespaces;

    RouteTable(Vector<Route> routes, ObjectList namespaces) {
        this.routes = routes;
        this.namespaces = namespaces;
    }

    /** The listener with the most specific host name among those for the port and scheme. */
    static Option<Listener> listener(Vector<Listener> listeners, int port, HttpRequest request) {
        return listeners
                .filter(each -> each.port() == port
                        && each.takes(request.scheme())
                        && each.host().covers(request.host()))
                .maxBy(each -> each.host().rank());
    }

    /** The routes that are attached to a listener. */
    Vector<Route> attached(Listener listener) {
        return routes.filter(route -> listener.refuses(route, namespaces).isEmpty());
    }

    /**
     * The matches that fit a request, the one that wins first.
     *
     * @return the matches, or why it cannot be told which fits
     */
    Either<String, Vector<Candidate>> candidates(Listener listener, HttpRequest request) {
        Vector<Candidate> fitting = Vector.empty();
        for (Route route : attached(listener)) {
            Option<HostPattern> host = route.hosts()
                    .filter(each -> each.covers(request.host()) && each.meets(listener.host()))
                    .maxBy(HostPattern::rank);
            if (host.isEmpty()) {
                continue;
            }
            for (Route.Rule rule : route.rules()) {
                Vector<RouteMatch> matches = rule.matches();
                for (int place = 0; place < matches.size(); place++) {
                    Either<String, Boolean> fits = route.kind() == Route.Kind.TLSRoute
                            ? Either.right(true)
                            : matches.get(place).fits(request);
                    if (fits.isLeft()) {
                        return Either.left("whether " + matches.get(place) + " of " + rule + " fits is not known: "
                                + fits.getLeft());
                    }
                    if (fits.get()) {
                        fitting = fitting.append(new Candidate(host.get(), rule, place, matches.get(place)));
                    }
                }
            }
        }
        return Either.right(fitting.sorted(Candidate.ORDER));
    }

    /** Routes that cover the host and name the listener's Gateway, and are not attached, with the reason. */
    Vector<Tuple2<Route, String>> refused(Listener listener, String host) {
        String gateway = listener.gateway().at("metadata").textOr("", "name");
        return routes.filter(route -> route.hosts().exists(each -> !each.text().isEmpty() && each.covers(host)))
                .filter(route -> route.parents()
                        .exists(parent -> parent.textOr("", "name").equals(gateway)))
                .flatMap(route -> listener.refuses(route, namespaces).map(why -> Tuple.of(route, why)));
    }
}
