package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.ContainerPort;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.net.IpAddress;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.JsonExcerpt;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/** Reads a core/v1 Pod. */
final class PodReader {
    /** What is shown of it. */
    private static final JsonExcerpt QUOTED =
            JsonExcerpt.paths("metadata.namespace", "metadata.name", "spec.nodeName", "status.phase", "status.podIP");

    private PodReader() {}

    /** The pod; empty where it has no name. */
    static Option<Pod> read(Json object, Fields fields) {
        Option<String> namespace = object.text("metadata", "namespace");
        Option<String> name = object.text("metadata", "name");
        if (namespace.isEmpty() || name.isEmpty()) {
            return Option.none();
        }
        Json spec = object.at("spec");
        Json status = object.at("status");
        return Option.some(Pod.builder()
                .namespace(namespace.get())
                .name(name.get())
                .addresses(addresses(status, fields))
                .node(spec.text("nodeName"))
                .hostNetwork(spec.isTrue("hostNetwork"))
                .phase(status.textOr("Unknown", "phase"))
                .ready(status.items("conditions")
                        .exists(condition -> condition.text("type").contains("Ready")
                                && condition.text("status").contains("True")))
                .terminating(object.at("metadata", "deletionTimestamp").isPresent())
                .ports(serving(spec)
                        .flatMap(container -> container.items("ports"))
                        .flatMap(port -> port(port, fields)))
                .images(spec.items("containers").flatMap(container -> container.text("image")))
                .arguments(spec.items("containers")
                        .flatMap(container -> container.texts("command").appendAll(container.texts("args"))))
                .labels(object.textMap("metadata", "labels"))
                .annotations(object.textMap("metadata", "annotations"))
                .dnsPolicy(spec.textOr("ClusterFirst", "dnsPolicy"))
                .dnsServers(fields.addresses(
                        spec, "dnsConfig.nameservers", spec.at("dnsConfig").texts("nameservers")))
                .dnsSearches(spec.at("dnsConfig")
                        .texts("searches")
                        .map(PodReader::relative)
                        .reject(String::isEmpty))
                .dnsNdots(spec.items("dnsConfig", "options")
                        .find(option -> option.text("name").contains("ndots"))
                        .flatMap(option -> option.integer("value"))
                        .filter(ndots -> ndots >= 0))
                .dnsOptions(spec.items("dnsConfig", "options")
                        .flatMap(option -> option.text("name")
                                .map(word -> word
                                        + option.text("value")
                                                .map(value -> ":" + value)
                                                .getOrElse(""))))
                .hostAliases(hostAliases(spec, fields))
                .evidence(object.evidence(QUOTED))
                .build());
    }

    /** The kubelet writes the aliases into {@code /etc/hosts} in their order, and the first line of a name wins. */
    private static Map<String, IpAddress> hostAliases(Json spec, Fields fields) {
        Map<String, IpAddress> aliases = HashMap.empty();
        for (Json alias : spec.items("hostAliases")) {
            Vector<IpAddress> address =
                    fields.addresses(alias, "ip", alias.text("ip").toVector());
            for (String name : alias.texts("hostnames").map(PodReader::relative)) {
                if (address.nonEmpty() && !aliases.containsKey(name)) {
                    aliases = aliases.put(name, address.head());
                }
            }
        }
        return aliases;
    }

    private static String relative(String domain) {
        String lower = domain.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Containers that run as long as the pod: all but the init containers that are no sidecars. */
    private static Vector<Json> serving(Json spec) {
        return spec.items("containers")
                .appendAll(spec.items("initContainers")
                        .filter(container -> container.text("restartPolicy").contains("Always")));
    }

    private static Vector<IpAddress> addresses(Json status, Fields fields) {
        Vector<String> listed = status.items("podIPs").flatMap(entry -> entry.text("ip"));
        return fields.addresses(
                status, "podIP", listed.isEmpty() ? status.text("podIP").toVector() : listed);
    }

    private static Option<ContainerPort> port(Json port, Fields fields) {
        return fields.port(port, "containerPort")
                .flatMap(number -> fields.protocol(port)
                        .map(protocol -> new ContainerPort(
                                port.textOr("", "name"), protocol, number, fields.port(port, "hostPort"))));
    }
}
