package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * Reads a discovery.k8s.io/v1 EndpointSlice, or the older core/v1 Endpoints. Conditions that are not given mean what the
 * API says: ready is true, serving is as ready, terminating is false.
 */
final class EndpointReader {
    private EndpointReader() {}

    static Either<String, Vector<Endpoint>> slice(Json slice) {
        Option<ServiceKey> service = slice.text("metadata", "namespace")
                .flatMap(ns -> slice.at("metadata", "labels")
                        .text("kubernetes.io/service-name")
                        .map(name -> new ServiceKey(ns, name)));
        boolean usable = !slice.textOr("IPv4", "addressType").equals("FQDN");
        if (service.isEmpty() || !usable) {
            // A slice without a service, or one of names, is none of kube-proxy's business.
            return Either.right(Vector.empty());
        }
        return Either.right(slice.items("endpoints")
                .flatMap(entry -> slice.items("ports")
                        .flatMap(port -> entry.texts("addresses")
                                .flatMap(address -> endpoint(service.get(), slice, entry, port, address)))));
    }

    private static Option<Endpoint> endpoint(ServiceKey service, Json slice, Json entry, Json port, String address) {
        Json conditions = entry.at("conditions");
        boolean ready = conditions.bool("ready").getOrElse(true);
        return target(port, address)
                .map(at -> Endpoint.builder()
                        .service(service)
                        .portName(port.textOr("", "name"))
                        .protocol(protocol(port))
                        .address(at)
                        .ready(ready)
                        .serving(conditions.bool("serving").getOrElse(ready))
                        .terminating(conditions.isTrue("terminating"))
                        .node(entry.text("nodeName"))
                        .zone(entry.text("zone"))
                        .zoneHints(entry.items("hints", "forZones").flatMap(zone -> zone.text("name")))
                        .nodeHints(entry.items("hints", "forNodes").flatMap(node -> node.text("name")))
                        .hostname(entry.text("hostname"))
                        .pod(pod(entry))
                        .evidence(slice.evidenceOfPaths("metadata.name", "endpoints", "ports"))
                        .build());
    }

    static Either<String, Vector<Endpoint>> endpoints(Json object) {
        Option<ServiceKey> service = object.text("metadata", "namespace")
                .flatMap(ns -> object.text("metadata", "name").map(name -> new ServiceKey(ns, name)));
        if (service.isEmpty()) {
            return Either.left("metadata.namespace and metadata.name");
        }
        return Either.right(object.items("subsets")
                .flatMap(subset -> subset.items("ports")
                        .flatMap(port -> subset.items("addresses")
                                .flatMap(entry -> old(service.get(), object, entry, port, true))
                                .appendAll(subset.items("notReadyAddresses")
                                        .flatMap(entry -> old(service.get(), object, entry, port, false))))));
    }

    private static Option<Endpoint> old(ServiceKey service, Json object, Json entry, Json port, boolean ready) {
        return entry.text("ip")
                .flatMap(ip -> target(port, ip))
                .map(at -> Endpoint.builder()
                        .service(service)
                        .portName(port.textOr("", "name"))
                        .protocol(protocol(port))
                        .address(at)
                        .ready(ready)
                        .node(entry.text("nodeName"))
                        .hostname(entry.text("hostname"))
                        .pod(pod(entry))
                        .evidence(object.evidenceOfPaths("metadata.name", "subsets"))
                        .build());
    }

    private static Option<AddressPort> target(Json port, String address) {
        return port.integer("port")
                .filter(number -> number > 0 && number <= 65535)
                .flatMap(number -> LenientAddress.parse(address).map(ip -> new AddressPort(ip, number)));
    }

    private static Protocol protocol(Json port) {
        return Protocol.parse(port.textOr("TCP", "protocol")).getOrElse(Protocol.TCP);
    }

    private static Option<String> pod(Json entry) {
        Json target = entry.at("targetRef");
        return target.text("kind")
                .filter("Pod"::equals)
                .flatMap(kind -> target.text("namespace")
                        .flatMap(ns -> target.text("name").map(name -> ns + "/" + name)));
    }
}
