package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * An HTTPRoute, GRPCRoute or TLSRoute.
 *
 * @param kind which of them
 * @param json the object
 */
record Route(Kind kind, Json json) {
    /** Kinds of routes. */
    enum Kind {
        /** HTTP requests. */
        HTTPRoute,
        /** gRPC calls, which are HTTP requests for {@code /SERVICE/METHOD}. */
        GRPCRoute,
        /** TLS connections by server name, passed through. */
        TLSRoute
    }

    /**
     * A rule.
     *
     * @param route whose
     * @param index its place in the route
     * @param json the rule
     */
    record Rule(Route route, int index, Json json) {
        Vector<RouteMatch> matches() {
            Vector<RouteMatch> matches = json.items("matches").map(each -> route.match(each));
            return matches.isEmpty() ? Vector.of(RouteMatch.any()) : matches;
        }

        Vector<Json> filters() {
            return json.items("filters");
        }

        Vector<Json> backends() {
            return json.items("backendRefs");
        }

        @Override
        public String toString() {
            return "rule " + (index + 1) + " of " + route;
        }
    }

    String namespace() {
        return json.at("metadata").textOr("default", "namespace");
    }

    String id() {
        return namespace() + "/" + json.at("metadata").textOr("", "name");
    }

    String created() {
        return json.at("metadata").textOr("", "creationTimestamp");
    }

    /** The host names; none stands for every host of the listener. */
    Vector<HostPattern> hosts() {
        Vector<HostPattern> hosts =
                json.texts("spec", "hostnames").map(host -> new HostPattern(host.toLowerCase(Locale.ROOT)));
        return hosts.isEmpty() ? Vector.of(new HostPattern("")) : hosts;
    }

    Vector<Json> parents() {
        return json.items("spec", "parentRefs");
    }

    Vector<Rule> rules() {
        return json.items("spec", "rules").zipWithIndex().map(pair -> new Rule(this, pair._2, pair._1));
    }

    Evidence evidence() {
        return json.evidenceOfPaths("metadata.namespace", "metadata.name", "spec.hostnames", "spec.parentRefs");
    }

    private RouteMatch match(Json json) {
        return kind == Kind.GRPCRoute ? grpc(json) : http(json);
    }

    private static RouteMatch http(Json json) {
        Json path = json.at("path");
        RouteMatch.Kind how = switch (path.textOr("PathPrefix", "type")) {
            case "Exact" -> RouteMatch.Kind.EXACT;
            case "RegularExpression" -> RouteMatch.Kind.REGEX;
            default -> RouteMatch.Kind.PREFIX;
        };
        return new RouteMatch(
                how,
                path.textOr("/", "value"),
                json.text("method"),
                NamedMatch.headers(json.items("headers")),
                NamedMatch.parameters(json.items("queryParams")));
    }

    private static RouteMatch grpc(Json json) {
        String service = json.at("method").textOr("", "service");
        String method = json.at("method").textOr("", "method");
        boolean regex = json.at("method").textOr("", "type").equals("RegularExpression")
                || service.isEmpty() && !method.isEmpty();
        String part = "[^/]+";
        String path = regex
                ? "/" + (service.isEmpty() ? part : service) + "/" + (method.isEmpty() ? part : method)
                : service.isEmpty() ? "/" : "/" + service + (method.isEmpty() ? "" : "/" + method);
        RouteMatch.Kind how =
                regex ? RouteMatch.Kind.REGEX : method.isEmpty() ? RouteMatch.Kind.PREFIX : RouteMatch.Kind.EXACT;
        return new RouteMatch(how, path, Option.none(), NamedMatch.headers(json.items("headers")), Vector.empty());
    }

    @Override
    public String toString() {
        return kind + " " + id();
    }
}
