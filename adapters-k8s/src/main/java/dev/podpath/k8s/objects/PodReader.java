package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.ContainerPort;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Reads a core/v1 Pod. */
final class PodReader {
    private PodReader() {}

    static Either<String, Pod> read(Json object) {
        Option<String> namespace = object.text("metadata", "namespace");
        Option<String> name = object.text("metadata", "name");
        if (namespace.isEmpty() || name.isEmpty()) {
            return Either.left("metadata.namespace and metadata.name");
        }
        Json spec = object.at("spec");
        Json status = object.at("status");
        return Either.right(Pod.builder()
                .namespace(namespace.get())
                .name(name.get())
                .addresses(addresses(status))
                .node(spec.text("nodeName"))
                .hostNetwork(spec.isTrue("hostNetwork"))
                .phase(status.textOr("Unknown", "phase"))
                .ready(status.items("conditions")
                        .exists(condition -> condition.text("type").contains("Ready")
                                && condition.text("status").contains("True")))
                .terminating(object.at("metadata", "deletionTimestamp").isPresent())
                .ports(spec.items("containers")
                        .flatMap(container -> container.items("ports"))
                        .flatMap(PodReader::port))
                .images(spec.items("containers").flatMap(container -> container.text("image")))
                .labels(object.textMap("metadata", "labels"))
                .annotations(object.textMap("metadata", "annotations"))
                .dnsPolicy(spec.textOr("ClusterFirst", "dnsPolicy"))
                .evidence(object.evidenceOfPaths(
                        "metadata.namespace", "metadata.name", "spec.nodeName", "status.phase", "status.podIP"))
                .build());
    }

    private static Vector<IpAddress> addresses(Json status) {
        Vector<String> listed = status.items("podIPs").flatMap(entry -> entry.text("ip"));
        Vector<String> texts = listed.isEmpty() ? status.text("podIP").toVector() : listed;
        return texts.flatMap(LenientAddress::parse);
    }

    private static Option<ContainerPort> port(Json port) {
        return port.integer("containerPort")
                .flatMap(number -> Protocol.parse(port.textOr("TCP", "protocol"))
                        .map(protocol -> new ContainerPort(
                                port.textOr("", "name"), protocol, number, port.integer("hostPort"))));
    }
}
