package dev.podpath.capture.k8s;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the nodes and pods tell about where to look next: the few bytes kept of each. */
final class Facts {
    private final Map<String, PodFact> proxies = new TreeMap<>();
    private final Map<String, PodFact> controllers = new TreeMap<>();
    private final Map<String, PodFact> leftOver = new TreeMap<>();
    private final TreeSet<String> nodes = new TreeSet<>();

    /**
     * A pod to look into.
     *
     * @param namespace its namespace
     * @param name its name
     * @param node the node it runs on
     * @param container the container to look into
     * @param arguments the container's command and arguments
     */
    record PodFact(String namespace, String name, String node, String container, Vector<String> arguments) {
        String id() {
            return namespace + "/" + name;
        }
    }

    /** Takes note of an object of any kind. */
    void take(JsonNode object) {
        String kind = object.path("kind").asText("");
        String name = object.path("metadata").path("name").asText("");
        if (kind.equals("Node") && !name.isEmpty()) {
            nodes.add(name);
        } else if (kind.equals("Pod") && !name.isEmpty()) {
            pod(object, name);
        }
    }

    /** Takes note of the objects of a list that was captured before. */
    void take(Path list) throws IOException {
        try (InputStream in = Files.newInputStream(list);
                JsonParser json = KubectlJson.MAPPER.createParser(in)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean items = json.currentName().equals("items");
                if (json.nextToken() != JsonToken.START_ARRAY || !items) {
                    json.skipChildren();
                    continue;
                }
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    take(json.<JsonNode>readValueAsTree());
                }
            }
        }
    }

    private void pod(JsonNode pod, String name) {
        JsonNode metadata = pod.path("metadata");
        String namespace = metadata.path("namespace").asText("");
        JsonNode labels = metadata.path("labels");
        String phase = pod.path("status").path("phase").asText("");
        if (NodePod.isOurs(labels) && (phase.equals("Failed") || phase.equals("Succeeded"))) {
            leftOver.put(namespace + "/" + name, fact(pod, namespace, name, 0));
        }
        boolean running =
                phase.equals("Running") && metadata.path("deletionTimestamp").isMissingNode();
        if (!running) {
            return;
        }
        String app = labels.path("k8s-app").asText(labels.path("component").asText(""));
        if (namespace.equals("kube-system") && (app.startsWith("kube-proxy") || name.startsWith("kube-proxy"))) {
            PodFact fact = fact(pod, namespace, name, 0);
            proxies.put(fact.node(), fact);
            nodes.add(fact.node());
        }
        int controller = controller(pod, labels);
        if (controller >= 0) {
            controllers.put(namespace + "/" + name, fact(pod, namespace, name, controller));
        }
    }

    /** Which container is an ingress-nginx controller; -1 for none. */
    private static int controller(JsonNode pod, JsonNode labels) {
        boolean labelled = labels.path("app").asText("").equals("ingress-nginx")
                || labels.path("app.kubernetes.io/name").asText("").equals("ingress-nginx");
        String component = labels.path("app.kubernetes.io/component").asText("controller");
        JsonNode containers = pod.path("spec").path("containers");
        for (int i = 0; i < containers.size(); i++) {
            String image = containers.get(i).path("image").asText("");
            if (image.contains("ingress-nginx/controller") || image.contains("nginx-ingress-controller")) {
                return component.equals("controller") ? i : -1;
            }
        }
        return labelled && component.equals("controller") && !containers.isEmpty() ? 0 : -1;
    }

    private static PodFact fact(JsonNode pod, String namespace, String name, int container) {
        JsonNode at = pod.path("spec").path("containers").path(container);
        Vector<String> arguments = Vector.empty();
        for (JsonNode word : at.path("command")) {
            arguments = arguments.append(word.asText());
        }
        for (JsonNode word : at.path("args")) {
            arguments = arguments.append(word.asText());
        }
        return new PodFact(
                namespace,
                name,
                pod.path("spec").path("nodeName").asText(""),
                at.path("name").asText(""),
                arguments);
    }

    /** Every node, by its object or by a kube-proxy that runs on it; sorted. */
    Vector<String> nodes() {
        return Vector.ofAll(nodes);
    }

    /** The kube-proxy of a node. */
    Option<PodFact> proxy(String node) {
        return Option.of(proxies.get(node));
    }

    /** Running ingress-nginx controllers, sorted by namespace and name. */
    Vector<PodFact> controllers() {
        return Vector.ofAll(controllers.values());
    }

    /** Pods that an earlier capture made and could not delete. */
    Vector<PodFact> leftOver() {
        return Vector.ofAll(leftOver.values());
    }
}
