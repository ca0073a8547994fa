package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Node;
import dev.podpath.core.net.IpAddress;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.JsonExcerpt;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Reads a core/v1 Node. */
final class NodeReader {
    /** What is shown of it. */
    private static final JsonExcerpt QUOTED = JsonExcerpt.paths("metadata.name", "spec.providerID", "status.addresses");

    private NodeReader() {}

    /** The node; empty where it has no name. */
    static Option<Node> read(Json object, Fields fields) {
        Option<String> name = object.text("metadata", "name");
        if (name.isEmpty()) {
            return Option.none();
        }
        Vector<String> listed = object.texts("spec", "podCIDRs");
        Vector<String> prefixes =
                listed.isEmpty() ? object.text("spec", "podCIDR").toVector() : listed;
        return Option.some(Node.builder()
                .name(name.get())
                .internalAddresses(addresses(object, "InternalIP", fields))
                .externalAddresses(addresses(object, "ExternalIP", fields))
                .providerId(object.text("spec", "providerID"))
                .podPrefixes(fields.prefixes(object.at("spec"), "podCIDRs", prefixes))
                .ready(object.items("status", "conditions")
                        .exists(condition -> condition.text("type").contains("Ready")
                                && condition.text("status").contains("True")))
                .kubeletVersion(object.text("status", "nodeInfo", "kubeletVersion"))
                .labels(object.textMap("metadata", "labels"))
                .evidence(object.evidence(QUOTED))
                .build());
    }

    private static Vector<IpAddress> addresses(Json object, String type, Fields fields) {
        return object.items("status", "addresses")
                .filter(entry -> entry.text("type").contains(type))
                .flatMap(entry -> fields.addresses(entry, "address", entry.text("address")));
    }
}
