package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Node;
import dev.podpath.core.net.IpAddress;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Reads a core/v1 Node. */
final class NodeReader {
    private NodeReader() {}

    static Either<String, Node> read(Json object) {
        Option<String> name = object.text("metadata", "name");
        if (name.isEmpty()) {
            return Either.left("metadata.name");
        }
        Vector<String> listed = object.texts("spec", "podCIDRs");
        Vector<String> prefixes =
                listed.isEmpty() ? object.text("spec", "podCIDR").toVector() : listed;
        return Either.right(Node.builder()
                .name(name.get())
                .internalAddresses(addresses(object, "InternalIP"))
                .externalAddresses(addresses(object, "ExternalIP"))
                .providerId(object.text("spec", "providerID"))
                .podPrefixes(prefixes.flatMap(LenientAddress::prefix))
                .ready(object.items("status", "conditions")
                        .exists(condition -> condition.text("type").contains("Ready")
                                && condition.text("status").contains("True")))
                .labels(object.textMap("metadata", "labels"))
                .evidence(object.evidenceOfPaths("metadata.name", "spec.providerID", "status.addresses"))
                .build());
    }

    private static Vector<IpAddress> addresses(Json object, String type) {
        return object.items("status", "addresses")
                .filter(entry -> entry.text("type").contains(type))
                .flatMap(entry -> entry.text("address"))
                .flatMap(LenientAddress::parse);
    }
}
