package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Reads a core/v1 Service. */
final class ServiceReader {
    private ServiceReader() {}

    static Either<String, Service> read(Json object) {
        Json spec = object.at("spec");
        Option<ServiceKey> key = object.text("metadata", "namespace")
                .flatMap(ns -> object.text("metadata", "name").map(name -> new ServiceKey(ns, name)));
        if (key.isEmpty()) {
            return Either.left("metadata.namespace and metadata.name");
        }
        Vector<Json> ingress = object.items("status", "loadBalancer", "ingress");
        return Either.right(Service.builder()
                .key(key.get())
                .type(type(spec.textOr("ClusterIP", "type")))
                .clusterIps(clusterIps(spec))
                .headless(spec.text("clusterIP").contains("None"))
                .externalIps(spec.texts("externalIPs").flatMap(LenientAddress::parse))
                .loadBalancerIps(ingress.reject(entry -> entry.text("ipMode").contains("Proxy"))
                        .flatMap(entry -> entry.text("ip"))
                        .flatMap(LenientAddress::parse))
                .loadBalancerHostnames(ingress.flatMap(entry -> entry.text("hostname")))
                .ports(spec.items("ports").flatMap(ServiceReader::port))
                .internalLocal(spec.text("internalTrafficPolicy").contains("Local"))
                .externalLocal(spec.text("externalTrafficPolicy").contains("Local"))
                .affinitySeconds(affinity(spec))
                .sourceRanges(spec.texts("loadBalancerSourceRanges").flatMap(LenientAddress::prefix))
                .healthCheckNodePort(spec.integer("healthCheckNodePort").filter(port -> port > 0))
                .externalName(spec.text("externalName"))
                .uid(object.text("metadata", "uid"))
                .labels(object.textMap("metadata", "labels"))
                .annotations(object.textMap("metadata", "annotations"))
                .evidence(object.evidenceOfPaths(
                        "metadata.namespace",
                        "metadata.name",
                        "spec.type",
                        "spec.clusterIP",
                        "spec.externalIPs",
                        "spec.externalTrafficPolicy",
                        "spec.ports",
                        "status.loadBalancer.ingress"))
                .build());
    }

    private static Service.Type type(String text) {
        return switch (text) {
            case "NodePort" -> Service.Type.NODE_PORT;
            case "LoadBalancer" -> Service.Type.LOAD_BALANCER;
            case "ExternalName" -> Service.Type.EXTERNAL_NAME;
            default -> Service.Type.CLUSTER_IP;
        };
    }

    private static Vector<IpAddress> clusterIps(Json spec) {
        Vector<String> listed = spec.texts("clusterIPs");
        Vector<String> texts = listed.isEmpty() ? spec.text("clusterIP").toVector() : listed;
        return texts.flatMap(LenientAddress::parse);
    }

    private static Option<Integer> affinity(Json spec) {
        return spec.text("sessionAffinity")
                .filter("ClientIP"::equals)
                .map(any -> spec.integer("sessionAffinityConfig", "clientIP", "timeoutSeconds")
                        .getOrElse(10_800));
    }

    private static Option<ServicePort> port(Json port) {
        return port.integer("port")
                .filter(number -> number > 0 && number <= 65535)
                .flatMap(number -> Protocol.parse(port.textOr("TCP", "protocol"))
                        .map(protocol -> new ServicePort(
                                port.textOr("", "name"),
                                protocol,
                                number,
                                port.textOr(Integer.toString(number), "targetPort"),
                                port.integer("nodePort").filter(node -> node > 0 && node <= 65535))));
    }
}
