package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The objects of the Gateway API in a snapshot. */
final class GatewayObjects {
    private static final String GROUP = "gateway.networking.k8s.io";

    private final Vector<Json> gateways;
    private final Vector<Route> routes;
    private final ObjectList namespaces;
    private final ObjectList grants;
    private final boolean routesCaptured;
    private final Vector<DocumentProblem> problems;

    private GatewayObjects(Snapshot snapshot) {
        ObjectList gatewayList = ObjectList.read(snapshot, "gateways");
        ObjectList http = ObjectList.read(snapshot, "httproutes");
        ObjectList grpc = ObjectList.read(snapshot, "grpcroutes");
        ObjectList tls = ObjectList.read(snapshot, "tlsroutes");
        this.gateways = gatewayList
                .items()
                .filter(item -> item.textOr(GROUP, "apiVersion").startsWith(GROUP));
        this.routes = http.items()
                .map(item -> new Route(Route.Kind.HTTPRoute, item))
                .appendAll(grpc.items().map(item -> new Route(Route.Kind.GRPCRoute, item)))
                .appendAll(tls.items().map(item -> new Route(Route.Kind.TLSRoute, item)));
        this.namespaces = ObjectList.read(snapshot, "namespaces");
        this.grants = ObjectList.read(snapshot, "referencegrants");
        this.routesCaptured = http.captured();
        this.problems = Vector.of(gatewayList, http, grpc, tls, grants).flatMap(ObjectList::problems);
    }

    static GatewayObjects read(Snapshot snapshot) {
        return new GatewayObjects(snapshot);
    }

    Vector<Json> gateways() {
        return gateways;
    }

    Vector<Route> routes() {
        return routes;
    }

    boolean routesCaptured() {
        return routesCaptured;
    }

    ObjectList namespaces() {
        return namespaces;
    }

    Vector<DocumentProblem> problems() {
        return problems;
    }

    /** The grant by which a route may name a service of another namespace; or that there is none. */
    Option<Evidence> grant(Route route, String namespace, String service) {
        return grants.items()
                .filter(grant -> grant.at("metadata").textOr("", "namespace").equals(namespace))
                .filter(grant -> grant.items("spec", "from")
                        .exists(from -> from.textOr("", "group").equals(GROUP)
                                && from.textOr("", "kind").equals(route.kind().name())
                                && from.textOr("", "namespace").equals(route.namespace())))
                .find(grant -> grant.items("spec", "to")
                        .exists(to -> to.textOr("", "group").isEmpty()
                                && to.textOr("", "kind").equals("Service")
                                && to.text("name").forAll(name -> name.isEmpty() || name.equals(service))))
                .map(grant -> grant.evidenceOfPaths("metadata.namespace", "metadata.name", "spec"));
    }
}
