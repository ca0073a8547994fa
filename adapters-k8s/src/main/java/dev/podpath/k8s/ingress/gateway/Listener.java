package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * A listener of a Gateway.
 *
 * @param gateway the Gateway
 * @param json the listener
 */
record Listener(Json gateway, Json json) {
    private static final String GROUP = "gateway.networking.k8s.io";

    String name() {
        return json.textOr("", "name");
    }

    int port() {
        return json.integer("port").getOrElse(0);
    }

    HostPattern host() {
        return new HostPattern(json.textOr("", "hostname").toLowerCase(Locale.ROOT));
    }

    /** Whether it takes a request of this scheme. */
    boolean takes(String scheme) {
        String protocol = json.textOr("", "protocol");
        return scheme.equals("https") ? protocol.equals("HTTPS") || protocol.equals("TLS") : protocol.equals("HTTP");
    }

    /** Whether TLS is left to the backends. */
    boolean passesThrough() {
        return json.textOr("", "protocol").equals("TLS")
                && json.at("tls").textOr("Terminate", "mode").equals("Passthrough");
    }

    private String namespace() {
        return gateway.at("metadata").textOr("default", "namespace");
    }

    Evidence evidence() {
        return json.evidence("name", "port", "protocol", "hostname", "allowedRoutes");
    }

    /** Why a route is not attached to it; empty where it is. */
    Option<String> refuses(Route route, ObjectList namespaces) {
        if (!route.parents().exists(parent -> names(parent, route))) {
            return Option.some("no parentRef of it names listener " + name());
        }
        if (route.kind() == Route.Kind.TLSRoute != passesThrough()) {
            return Option.some("listener " + name() + " does not take routes of its kind");
        }
        Vector<Json> kinds = json.items("allowedRoutes", "kinds");
        if (!kinds.isEmpty()
                && !kinds.exists(
                        kind -> kind.textOr("", "kind").equals(route.kind().name()))) {
            return Option.some("listener " + name() + " does not allow routes of its kind");
        }
        if (!route.hosts().exists(host -> host.meets(host()))) {
            return Option.some("none of its host names meets " + host().text() + " of listener " + name());
        }
        return refusesNamespace(route, namespaces);
    }

    private boolean names(Json parent, Route route) {
        boolean gatewayKind = parent.textOr("Gateway", "kind").equals("Gateway")
                && parent.textOr(GROUP, "group").equals(GROUP);
        return gatewayKind
                && parent.textOr("", "name").equals(gateway.at("metadata").textOr("", "name"))
                && parent.textOr(route.namespace(), "namespace").equals(namespace())
                && parent.text("sectionName").forAll(section -> section.equals(name()))
                && parent.integer("port").forAll(port -> port == port());
    }

    private Option<String> refusesNamespace(Route route, ObjectList namespaces) {
        Json from = json.at("allowedRoutes", "namespaces");
        return switch (from.textOr("Same", "from")) {
            case "All" -> Option.none();
            case "Selector" -> {
                boolean chosen =
                        namespaces.named("", route.namespace()).exists(found -> selects(from.at("selector"), found));
                yield Option.when(
                        !chosen,
                        "listener " + name() + " takes routes of chosen namespaces only, and " + route.namespace()
                                + (namespaces.captured()
                                        ? " is none of them"
                                        : " is not known: namespaces were not captured"));
            }
            default ->
                Option.when(
                        !route.namespace().equals(namespace()),
                        "listener " + name() + " takes routes of its own namespace only");
        };
    }

    private static boolean selects(Json selector, Json namespace) {
        Json labels = namespace.at("metadata", "labels");
        Json wanted = selector.at("matchLabels");
        boolean all = wanted.names().forAll(key -> labels.text(key).equals(wanted.text(key)));
        return all && selector.items("matchExpressions").forAll(expression -> holds(expression, labels));
    }

    private static boolean holds(Json expression, Json labels) {
        Option<String> value = labels.text(expression.textOr("", "key"));
        Vector<String> values = expression.texts("values");
        return switch (expression.textOr("", "operator")) {
            case "In" -> value.exists(values::contains);
            case "NotIn" -> !value.exists(values::contains);
            case "Exists" -> value.isDefined();
            case "DoesNotExist" -> value.isEmpty();
            default -> false;
        };
    }
}
