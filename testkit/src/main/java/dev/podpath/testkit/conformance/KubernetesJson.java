package dev.podpath.testkit.conformance;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Services and EndpointSlices as the API server gives them. Addresses are read as kube-proxy reads them: blanks around
 * them do not count, and leading zeros are decimal.
 */
public final class KubernetesJson {
    private KubernetesJson() {}

    /** Reads a Service. */
    public static Service service(Json object) {
        Json spec = object.at("spec");
        Vector<String> cluster = spec.texts("clusterIPs");
        Vector<String> clusterIps = cluster.isEmpty() ? spec.text("clusterIP").toVector() : cluster;
        return Service.builder()
                .key(key(object, object.at("metadata").textOr("", "name")))
                .type(type(spec.textOr("ClusterIP", "type")))
                .clusterIps(clusterIps.flatMap(KubernetesJson::address))
                .headless(clusterIps.contains("None"))
                .externalIps(spec.texts("externalIPs").flatMap(KubernetesJson::address))
                .loadBalancerIps(object.items("status", "loadBalancer", "ingress")
                        .reject(entry -> entry.textOr("VIP", "ipMode").equals("Proxy"))
                        .flatMap(entry -> entry.text("ip").flatMap(KubernetesJson::address)))
                .ports(spec.items("ports").map(KubernetesJson::port))
                .internalLocal(spec.text("internalTrafficPolicy").contains("Local"))
                .externalLocal(spec.text("externalTrafficPolicy").contains("Local"))
                .affinitySeconds(spec.text("sessionAffinity")
                        .filter("ClientIP"::equals)
                        .map(kind -> spec.integer("sessionAffinityConfig", "clientIP", "timeoutSeconds")
                                .getOrElse(10800)))
                .sourceRanges(spec.texts("loadBalancerSourceRanges").flatMap(KubernetesJson::prefix))
                .healthCheckNodePort(spec.integer("healthCheckNodePort").filter(port -> port > 0))
                .externalName(spec.text("externalName"))
                .annotations(object.textMap("metadata", "annotations"))
                .evidence(object.evidence("metadata"))
                .build();
    }

    /** Reads an EndpointSlice: one endpoint for each address and port. Slices of names instead of addresses have none. */
    public static Vector<Endpoint> endpoints(Json slice) {
        ServiceKey service = key(
                slice,
                slice.text("metadata", "labels", "kubernetes.io/service-name").getOrElse(""));
        return slice.items("endpoints")
                .flatMap(endpoint -> slice.items("ports")
                        .flatMap(port -> endpoint.texts("addresses")
                                .flatMap(KubernetesJson::address)
                                .flatMap(address -> endpoint(service, endpoint, port, address))));
    }

    private static Option<Endpoint> endpoint(ServiceKey service, Json endpoint, Json port, IpAddress address) {
        boolean ready = endpoint.bool("conditions", "ready").getOrElse(true);
        return port.integer("port")
                .map(number -> Endpoint.builder()
                        .service(service)
                        .portName(port.textOr("", "name"))
                        .protocol(protocol(port))
                        .address(new AddressPort(address, number))
                        .ready(ready)
                        .serving(endpoint.bool("conditions", "serving").getOrElse(ready))
                        .terminating(endpoint.bool("conditions", "terminating").getOrElse(false))
                        .node(endpoint.text("nodeName"))
                        .zone(endpoint.text("zone"))
                        .zoneHints(endpoint.items("hints", "forZones").flatMap(hint -> hint.text("name")))
                        .nodeHints(endpoint.items("hints", "forNodes").flatMap(hint -> hint.text("name")))
                        .evidence(endpoint.evidence())
                        .build());
    }

    private static ServiceKey key(Json object, String name) {
        return new ServiceKey(object.at("metadata").textOr("default", "namespace"), name);
    }

    private static ServicePort port(Json port) {
        return new ServicePort(
                port.textOr("", "name"),
                protocol(port),
                port.integer("port").getOrElse(0),
                port.textOr("", "targetPort"),
                port.integer("nodePort").filter(number -> number > 0));
    }

    private static Protocol protocol(Json port) {
        return port.text("protocol").flatMap(Protocol::parse).getOrElse(Protocol.TCP);
    }

    private static Service.Type type(String text) {
        return switch (text) {
            case "NodePort" -> Service.Type.NODE_PORT;
            case "LoadBalancer" -> Service.Type.LOAD_BALANCER;
            case "ExternalName" -> Service.Type.EXTERNAL_NAME;
            default -> Service.Type.CLUSTER_IP;
        };
    }

    /** Reads an address as kube-proxy does. */
    static Option<IpAddress> address(String text) {
        return IpAddress.parse(withoutLeadingZeros(text));
    }

    /** Reads a prefix as kube-proxy does. */
    static Option<IpPrefix> prefix(String text) {
        return IpPrefix.parse(withoutLeadingZeros(text));
    }

    private static String withoutLeadingZeros(String text) {
        String trimmed = text.strip();
        if (trimmed.indexOf(':') >= 0) {
            return trimmed;
        }
        return Arrays.stream(trimmed.split("(?<=[./])|(?=[./])"))
                .map(part -> part.matches("0+[0-9]+") ? part.replaceFirst("^0+(?=[0-9])", "") : part)
                .collect(Collectors.joining());
    }
}
