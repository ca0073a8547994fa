package dev.podpath.bench.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.KubeProxyConfig;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the objects of a cluster as {@code kubectl get -A -o json} prints them, one list for each kind. */
final class KubernetesWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator out;

    private KubernetesWriter(JsonGenerator out) {
        this.out = out;
    }

    /** Writes items with their {@code apiVersion} and {@code kind}. */
    @FunctionalInterface
    private interface Items {
        void write(KubernetesWriter to) throws IOException;
    }

    static void services(Cluster cluster, OutputStream to) throws IOException {
        list(to, writer -> {
            for (Service service : cluster.services()) {
                writer.service(service);
            }
        });
    }

    static void slices(Cluster cluster, OutputStream to) throws IOException {
        list(to, writer -> {
            for (Service service : cluster.services()) {
                for (ServicePort port : service.ports()) {
                    writer.slice(service, port, cluster.endpointsOf(service.ref(port)));
                }
            }
        });
    }

    static void pods(Cluster cluster, OutputStream to) throws IOException {
        list(to, writer -> {
            for (Pod pod : cluster.pods()) {
                writer.pod(pod);
            }
        });
    }

    static void nodes(Cluster cluster, OutputStream to) throws IOException {
        list(to, writer -> {
            for (Node node : cluster.nodes()) {
                writer.node(node);
            }
        });
    }

    static void configMaps(Cluster cluster, OutputStream to) throws IOException {
        list(to, writer -> {
            for (KubeProxyConfig config : cluster.kubeProxy()) {
                writer.configMap(config);
            }
        });
    }

    private static void list(OutputStream to, Items items) throws IOException {
        DefaultIndenter indent = new DefaultIndenter("    ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(indent);
        printer.indentObjectsWith(indent);
        try (JsonGenerator out = JSON.createGenerator(to)) {
            out.setPrettyPrinter(printer);
            out.writeStartObject();
            out.writeStringField("apiVersion", "v1");
            out.writeArrayFieldStart("items");
            items.write(new KubernetesWriter(out));
            out.writeEndArray();
            out.writeStringField("kind", "List");
            out.writeEndObject();
            out.writeRaw('\n');
        }
    }

    private void head(String version, String kind, String namespace, String name, Map<String, String> labels)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("apiVersion", version);
        out.writeStringField("kind", kind);
        out.writeObjectFieldStart("metadata");
        if (!labels.isEmpty()) {
            out.writeObjectFieldStart("labels");
            for (Map.Entry<String, String> label : labels.entrySet()) {
                out.writeStringField(label.getKey(), label.getValue());
            }
            out.writeEndObject();
        }
        out.writeStringField("name", name);
        if (!namespace.isEmpty()) {
            out.writeStringField("namespace", namespace);
        }
        out.writeEndObject();
    }

    private void service(Service service) throws IOException {
        ServiceKey key = service.key();
        head("v1", "Service", key.namespace(), key.name(), Map.of());
        out.writeObjectFieldStart("spec");
        out.writeStringField("clusterIP", service.clusterIps().head().toString());
        texts("clusterIPs", service.clusterIps());
        out.writeStringField("internalTrafficPolicy", service.internalLocal() ? "Local" : "Cluster");
        out.writeArrayFieldStart("ports");
        for (ServicePort port : service.ports()) {
            out.writeStartObject();
            out.writeStringField("name", port.name());
            for (int nodePort : port.nodePort()) {
                out.writeNumberField("nodePort", nodePort);
            }
            out.writeNumberField("port", port.port());
            out.writeStringField("protocol", port.protocol().name());
            out.writeNumberField("targetPort", Integer.parseInt(port.targetPort()));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeObjectFieldStart("selector");
        out.writeStringField("app", key.name());
        out.writeEndObject();
        out.writeStringField("sessionAffinity", service.affinitySeconds().isDefined() ? "ClientIP" : "None");
        for (int seconds : service.affinitySeconds()) {
            out.writeObjectFieldStart("sessionAffinityConfig");
            out.writeObjectFieldStart("clientIP");
            out.writeNumberField("timeoutSeconds", seconds);
            out.writeEndObject();
            out.writeEndObject();
        }
        out.writeStringField("type", type(service.type()));
        out.writeEndObject();
        out.writeObjectFieldStart("status");
        out.writeObjectFieldStart("loadBalancer");
        if (!service.loadBalancerIps().isEmpty()) {
            out.writeArrayFieldStart("ingress");
            for (IpAddress address : service.loadBalancerIps()) {
                out.writeStartObject();
                out.writeStringField("ip", address.toString());
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
    }

    private static String type(Service.Type type) {
        return switch (type) {
            case CLUSTER_IP -> "ClusterIP";
            case NODE_PORT -> "NodePort";
            case LOAD_BALANCER -> "LoadBalancer";
            case EXTERNAL_NAME -> "ExternalName";
        };
    }

    private void slice(Service service, ServicePort port, Vector<Endpoint> endpoints) throws IOException {
        ServiceKey key = service.key();
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
        labels.put("kubernetes.io/service-name", key.name());
        out.writeStartObject();
        out.writeStringField("addressType", "IPv4");
        out.writeStringField("apiVersion", "discovery.k8s.io/v1");
        out.writeArrayFieldStart("endpoints");
        for (Endpoint endpoint : endpoints) {
            endpoint(endpoint);
        }
        out.writeEndArray();
        out.writeStringField("kind", "EndpointSlice");
        out.writeObjectFieldStart("metadata");
        out.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : labels.entrySet()) {
            out.writeStringField(label.getKey(), label.getValue());
        }
        out.writeEndObject();
        out.writeStringField("name", key.name() + "-" + port.name());
        out.writeStringField("namespace", key.namespace());
        out.writeEndObject();
        out.writeArrayFieldStart("ports");
        out.writeStartObject();
        out.writeStringField("name", port.name());
        out.writeNumberField("port", Integer.parseInt(port.targetPort()));
        out.writeStringField("protocol", port.protocol().name());
        out.writeEndObject();
        out.writeEndArray();
        out.writeEndObject();
    }

    private void endpoint(Endpoint endpoint) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("addresses");
        out.writeString(endpoint.address().address().toString());
        out.writeEndArray();
        out.writeObjectFieldStart("conditions");
        out.writeBooleanField("ready", endpoint.ready());
        out.writeBooleanField("serving", endpoint.serving());
        out.writeBooleanField("terminating", endpoint.terminating());
        out.writeEndObject();
        for (String node : endpoint.node()) {
            out.writeStringField("nodeName", node);
        }
        for (String pod : endpoint.pod()) {
            int slash = pod.indexOf('/');
            out.writeObjectFieldStart("targetRef");
            out.writeStringField("kind", "Pod");
            out.writeStringField("name", pod.substring(slash + 1));
            out.writeStringField("namespace", pod.substring(0, slash));
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private void pod(Pod pod) throws IOException {
        String app = pod.name().substring(0, pod.name().lastIndexOf('-'));
        head("v1", "Pod", pod.namespace(), pod.name(), Map.of("app", app));
        out.writeObjectFieldStart("spec");
        out.writeArrayFieldStart("containers");
        out.writeStartObject();
        out.writeStringField("name", "main");
        out.writeArrayFieldStart("ports");
        for (var port : pod.ports()) {
            out.writeStartObject();
            out.writeNumberField("containerPort", port.port());
            out.writeStringField("name", port.name());
            out.writeStringField("protocol", port.protocol().name());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
        out.writeEndArray();
        out.writeStringField("dnsPolicy", pod.dnsPolicy());
        for (String node : pod.node()) {
            out.writeStringField("nodeName", node);
        }
        out.writeEndObject();
        out.writeObjectFieldStart("status");
        out.writeArrayFieldStart("conditions");
        condition("Ready", pod.ready());
        out.writeEndArray();
        out.writeStringField("phase", pod.phase());
        String address = pod.addresses().head().toString();
        out.writeStringField("podIP", address);
        out.writeArrayFieldStart("podIPs");
        out.writeStartObject();
        out.writeStringField("ip", address);
        out.writeEndObject();
        out.writeEndArray();
        out.writeEndObject();
        out.writeEndObject();
    }

    private void node(Node node) throws IOException {
        head("v1", "Node", "", node.name(), Map.of("kubernetes.io/hostname", node.name()));
        out.writeObjectFieldStart("spec");
        out.writeStringField("podCIDR", node.podPrefixes().head().toString());
        texts("podCIDRs", node.podPrefixes());
        out.writeEndObject();
        out.writeObjectFieldStart("status");
        out.writeArrayFieldStart("addresses");
        for (IpAddress address : node.internalAddresses()) {
            out.writeStartObject();
            out.writeStringField("address", address.toString());
            out.writeStringField("type", "InternalIP");
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("conditions");
        condition("Ready", node.ready());
        out.writeEndArray();
        out.writeEndObject();
        out.writeEndObject();
    }

    private void configMap(KubeProxyConfig config) throws IOException {
        head("v1", "ConfigMap", "kube-system", "kube-proxy", Map.of("app", "kube-proxy"));
        out.writeObjectFieldStart("data");
        out.writeStringField(
                "config.conf",
                "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nclusterCIDR: "
                        + config.clusterPrefixes().mkString(",") + "\nkind: KubeProxyConfiguration\nmode: "
                        + config.mode() + "\n");
        out.writeEndObject();
        out.writeEndObject();
    }

    private void condition(String type, boolean holds) throws IOException {
        out.writeStartObject();
        out.writeStringField("status", holds ? "True" : "False");
        out.writeStringField("type", type);
        out.writeEndObject();
    }

    private void texts(String name, Vector<?> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (Object value : values) {
            out.writeString(value.toString());
        }
        out.writeEndArray();
    }
}
