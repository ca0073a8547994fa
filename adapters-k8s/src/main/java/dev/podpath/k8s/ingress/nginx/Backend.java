package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * One backend of the controller's balancer ({@code pkg/apis/ingress/types.go}).
 *
 * @param name upstream name
 * @param json the object
 */
record Backend(String name, Json json) {
    /** Addresses with their ports, in order, each once. */
    Vector<Peer> peers() {
        return json.items("endpoints")
                .flatMap(item -> Option.when(
                        item.text("address").isDefined(),
                        () -> new Peer(
                                item.textOr("", "address"),
                                item.text("port")
                                        .flatMap(AddressPort::parsePort)
                                        .getOrElse(0),
                                1)))
                .distinct();
    }

    /** The service port as the Ingress names it: number or name. */
    String port() {
        return json.textOr("", "port");
    }

    /** {@code spec.clusterIP} of the service. */
    Option<String> clusterIp() {
        return json.text("service", "spec", "clusterIP").filter(ip -> !ip.isEmpty() && !ip.equals("None"));
    }

    /** Why endpoints are not taken in turn; empty where they are ({@code get_implementation} of {@code balancer.lua}). */
    Option<String> unevenBy() {
        Json affinity = json.at("sessionAffinityConfig");
        if (affinity.textOr("", "name").equals("cookie")) {
            String cookie = affinity.at("cookieSessionAffinity").textOr("", "name");
            return Option.some(
                    "the cookie " + (cookie.isEmpty() ? "of the session" : cookie) + " keeps a client at one endpoint");
        }
        Option<String> hash =
                json.text("upstreamHashByConfig", "upstream-hash-by").filter(by -> !by.isEmpty());
        if (hash.isDefined()) {
            return Option.some("chosen by the hash of " + hash.get());
        }
        return json.textOr("", "load-balance").equals("ewma")
                ? Option.some("chosen by measured latency (ewma)")
                : Option.none();
    }

    /** The first backend that may take requests instead; the balancer looks at no other. */
    Option<String> alternative() {
        return json.texts("alternativeBackends").headOption();
    }

    /** How requests get to this backend where it is an alternative. */
    Json policy() {
        return json.at("trafficShapingPolicy");
    }

    Evidence evidence() {
        return json.evidence("name", "endpoints", "load-balance", "alternativeBackends");
    }
}
