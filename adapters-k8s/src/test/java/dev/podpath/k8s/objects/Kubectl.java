package dev.podpath.k8s.objects;

import java.util.List;

/** Texts as {@code kubectl get -o json} prints them, for tests. */
final class Kubectl {
    private Kubectl() {}

    static String list(String... items) {
        return "{\"apiVersion\": \"v1\", \"items\": [" + String.join(",\n", items)
                + "], \"kind\": \"List\", \"metadata\": {\"resourceVersion\": \"\"}}";
    }

    static String service(String name, String clusterIp, String spec) {
        return """
                {"apiVersion": "v1", "kind": "Service",
                 "metadata": {"name": "%s", "namespace": "shop", "uid": "u-%s"},
                 "spec": {"type": "ClusterIP", "clusterIP": "%s", "clusterIPs": ["%s"],
                  "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": "web"}]%s},
                 "status": {"loadBalancer": {}}}""".formatted(name, name, clusterIp, clusterIp, spec);
    }

    static String slice(String service, List<String> endpoints) {
        return """
                {"addressType": "IPv4", "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
                 "metadata": {"name": "%s-x", "namespace": "shop", "labels": {"kubernetes.io/service-name": "%s"}},
                 "endpoints": [%s],
                 "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}]}""".formatted(service, service, String.join(",", endpoints));
    }

    static String endpoint(String address, String pod, String conditions) {
        return """
                {"addresses": ["%s"], "conditions": {%s}, "nodeName": "n1",
                 "targetRef": {"kind": "Pod", "name": "%s", "namespace": "shop"}}""".formatted(address, conditions, pod);
    }

    static String pod(String name, String address, String phase, String ready) {
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "shop"},
                 "spec": {"nodeName": "n1", "containers": [{"image": "web:1", "ports": [{"containerPort": 8080}]}]},
                 "status": {"phase": "%s", "podIP": "%s", "podIPs": [{"ip": "%s"}],
                  "conditions": [{"type": "Ready", "status": "%s"}]}}""".formatted(name, phase, address, address, ready);
    }

    static String node(String name, String address) {
        return """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s"},
                 "spec": {"podCIDR": "10.244.1.0/24", "providerID": "cn-hangzhou.i-bp1"},
                 "status": {"addresses": [{"type": "InternalIP", "address": "%s"}, {"type": "Hostname", "address": "%s"}],
                  "conditions": [{"type": "Ready", "status": "True"}]}}""".formatted(name, address, name);
    }
}
