package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.JsonExcerpt;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** Reads a core/v1 Service. */
final class ServiceReader {
    /** What is shown of a service. */
    private static final JsonExcerpt QUOTED = JsonExcerpt.paths(
            "metadata.namespace",
            "metadata.name",
            "spec.type",
            "spec.clusterIP",
            "spec.externalIPs",
            "spec.externalTrafficPolicy",
            "spec.ports",
            "status.loadBalancer.ingress");

    private ServiceReader() {}

    /** The service; empty where it has no name. */
    static Option<Service> read(Json object, Fields fields) {
        Json spec = object.at("spec");
        Option<ServiceKey> key = object.text("metadata", "namespace")
                .flatMap(ns -> object.text("metadata", "name").map(name -> new ServiceKey(ns, name)));
        if (key.isEmpty()) {
            return Option.none();
        }
        Service.Type type = type(spec.textOr("ClusterIP", "type"));
        boolean headless = spec.text("clusterIP").contains("None");
        // kube-proxy writes nothing for these, so none of their addresses is a virtual one.
        boolean proxied = !headless && type != Service.Type.EXTERNAL_NAME;
        Vector<Json> ingress = object.items("status", "loadBalancer", "ingress");
        return Option.some(Service.builder()
                .key(key.get())
                .type(type)
                .clusterIps(proxied ? clusterIps(spec, fields) : Vector.empty())
                .headless(headless)
                .externalIps(
                        proxied ? fields.addresses(spec, "externalIPs", spec.texts("externalIPs")) : Vector.empty())
                .loadBalancerIps(proxied ? loadBalancerIps(ingress, fields) : Vector.empty())
                .loadBalancerHostnames(ingress.flatMap(entry -> entry.text("hostname")))
                .ports(ports(spec, fields))
                .internalLocal(spec.text("internalTrafficPolicy").contains("Local"))
                .externalLocal(spec.text("externalTrafficPolicy").contains("Local"))
                .affinitySeconds(affinity(spec))
                .sourceRanges(fields.prefixes(spec, "loadBalancerSourceRanges", spec.texts("loadBalancerSourceRanges")))
                .healthCheckNodePort(spec.integer("healthCheckNodePort").filter(port -> port > 0))
                .publishNotReadyAddresses(spec.isTrue("publishNotReadyAddresses"))
                .trafficDistribution(spec.text("trafficDistribution").filter(text -> !text.isEmpty()))
                .allocateLoadBalancerNodePorts(
                        spec.bool("allocateLoadBalancerNodePorts").getOrElse(true))
                .externalName(
                        type == Service.Type.EXTERNAL_NAME
                                ? spec.text("externalName").filter(name -> !name.isBlank())
                                : Option.none())
                .uid(object.text("metadata", "uid"))
                .labels(object.textMap("metadata", "labels"))
                .annotations(object.textMap("metadata", "annotations"))
                .evidence(object.evidence(QUOTED))
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

    private static Vector<IpAddress> clusterIps(Json spec, Fields fields) {
        Vector<String> listed = spec.texts("clusterIPs");
        return fields.addresses(
                spec, "clusterIP", listed.isEmpty() ? spec.text("clusterIP").toVector() : listed);
    }

    private static Vector<IpAddress> loadBalancerIps(Vector<Json> ingress, Fields fields) {
        return ingress.reject(entry -> entry.text("ipMode").contains("Proxy"))
                .flatMap(entry -> fields.addresses(entry, "ip", entry.text("ip")));
    }

    private static Option<Integer> affinity(Json spec) {
        return spec.text("sessionAffinity")
                .filter("ClientIP"::equals)
                .map(any -> spec.integer("sessionAffinityConfig", "clientIP", "timeoutSeconds")
                        .getOrElse(10_800));
    }

    private static Vector<ServicePort> ports(Json spec, Fields fields) {
        List<ServicePort> ports = new ArrayList<>(2);
        spec.at("ports").forEachItem(port -> {
            Option<Integer> number = fields.port(port, "port");
            Option<Protocol> protocol = number.isEmpty() ? Option.none() : fields.protocol(port);
            if (protocol.isDefined()) {
                ports.add(new ServicePort(
                        port.textOr("", "name"),
                        protocol.get(),
                        number.get(),
                        port.textOr(Integer.toString(number.get()), "targetPort"),
                        fields.port(port, "nodePort")));
            }
        });
        return Vector.ofAll(ports);
    }
}
