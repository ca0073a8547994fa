package dev.podpath.it.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An API server: lists with pages, objects, discovery, pods that can be made and deleted, and exec, which runs the command in
 * a shell of this machine whose tools are the pod's.
 */
final class FakeCluster implements AutoCloseable {
    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, String> VERSIONS = Map.of(
            "endpointslices", "discovery.k8s.io/v1",
            "ingresses", "networking.k8s.io/v1",
            "ingressclasses", "networking.k8s.io/v1",
            "targetgroupbindings", "elbv2.k8s.aws/v1beta1",
            "httproutes", "gateway.networking.k8s.io/v1");
    private static final Set<String> UNSPACED = Set.of("nodes", "namespaces", "ingressclasses");

    private final TinyServer server;
    private final Map<String, List<ObjectNode>> objects = new ConcurrentHashMap<>();
    private final Map<String, Path> roots = new ConcurrentHashMap<>();
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private final Path directory;
    /** Whether it answers those who do not say who they are: kubectl sends no token over plain HTTP. */
    volatile boolean anonymous;

    volatile TinyServer.Handler fault = (request, reply) -> {};

    /** Says that a fault answered. */
    static final class Answered extends IOException {
        Answered() {
            super("answered");
        }
    }

    FakeCluster(Path directory) throws IOException {
        this.directory = directory;
        this.server = new TinyServer(this::answer);
        for (String plural : List.of(
                "nodes",
                "namespaces",
                "services",
                "pods",
                "endpointslices",
                "ingresses",
                "ingressclasses",
                "configmaps")) {
            objects.put(plural, new CopyOnWriteArrayList<>());
        }
    }

    String url() {
        return server.url();
    }

    /** A kubeconfig for it. */
    Path kubeconfig() throws IOException {
        Path file = directory.resolve("kubeconfig");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters: [{name: lab, cluster: {server: "%s"}}]
                users: [{name: me, user: {token: "t0ken"}}]
                contexts:
                - {name: lab, context: {cluster: lab, user: me}}
                - {name: other, context: {cluster: lab, user: me}}
                current-context: lab
                """.formatted(url()));
        return file;
    }

    /** Every request: method, path and, for exec, what it is. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Pods that were made and are still there. */
    Set<String> made() {
        return Set.copyOf(made);
    }

    /** The tools of each pod. */
    Map<String, Path> roots() {
        return new TreeMap<>(roots);
    }

    List<ObjectNode> objects(String plural) {
        return objects.computeIfAbsent(plural, any -> new CopyOnWriteArrayList<>());
    }

    void stopServing(String plural) {
        objects.remove(plural);
    }

    void add(String plural, String json) throws IOException {
        objects(plural).add((ObjectNode) MAPPER.readTree(json));
    }

    /** The tools and files that exec finds in a pod: a directory with {@code sbin/} and what else its scripts read. */
    void root(String namespace, String pod, Path root) {
        roots.put(namespace + "/" + pod, root);
    }

    static String version(String plural) {
        return VERSIONS.getOrDefault(plural, "v1");
    }

    static boolean spaced(String plural) {
        return !UNSPACED.contains(plural);
    }

    private void answer(TinyServer.Request request, TinyServer.Reply reply) throws IOException {
        asked.add(request.method() + " " + request.path());
        try {
            fault.answer(request, reply);
        } catch (Answered e) {
            return;
        }
        String path = request.path();
        if (!anonymous && !"Bearer t0ken".equals(request.headers().get("authorization"))) {
            status(reply, 401, "Unauthorized");
        } else if (path.equals("/version")) {
            reply.send(200, "{\"major\":\"1\",\"minor\":\"31\",\"gitVersion\":\"v1.31.4\"}");
        } else if (request.upgrades() && path.endsWith("/exec")) {
            exec(request, reply);
        } else if (request.method().equals("POST") && path.matches("/api/v1/namespaces/[^/]+/pods")) {
            make(request, reply);
        } else if (request.method().equals("DELETE")) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            boolean there = made.remove(name)
                    | objects("pods").removeIf(pod -> name(pod).equals(name));
            status(reply, there ? 200 : 404, "");
        } else if (!request.method().equals("GET")) {
            status(reply, 405, "no " + request.method());
        } else {
            get(request, reply);
        }
    }

    static void status(TinyServer.Reply reply, int code, String message, String... headers) throws IOException {
        reply.send(
                code,
                MAPPER.createObjectNode()
                        .put("kind", "Status")
                        .put("apiVersion", "v1")
                        .put("status", code / 100 == 2 ? "Success" : "Failure")
                        .put("message", message)
                        .put(
                                "reason",
                                Map.of(404, "NotFound", 403, "Forbidden", 401, "Unauthorized", 410, "Expired")
                                        .getOrDefault(code, ""))
                        .put("code", code)
                        .toString(),
                headers);
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static String namespace(JsonNode object) {
        return object.path("metadata").path("namespace").asText();
    }

    private void get(TinyServer.Request request, TinyServer.Reply reply) throws IOException {
        String path = request.path();
        if (Discovery.answers(path, objects.keySet(), reply)) {
            return;
        }
        String[] words = path.substring(1).split("/");
        int at = words[0].equals("api") ? 2 : 3;
        String version = words[0].equals("api") ? words[1] : words.length > 2 ? words[1] + "/" + words[2] : "";
        String space = words.length > at + 2 && words[at].equals("namespaces") ? words[at + 1] : "";
        int resource = space.isEmpty() ? at : at + 2;
        String plural = words.length > resource ? words[resource] : "";
        List<ObjectNode> all = objects.get(plural);
        if (all == null || !version(plural).equals(version)) {
            status(reply, 404, "the server could not find the requested resource");
            return;
        }
        List<ObjectNode> chosen = all.stream()
                .filter(object -> space.isEmpty() || namespace(object).equals(space))
                .toList();
        if (words.length > resource + 1) {
            String name = words[resource + 1];
            ObjectNode found = chosen.stream()
                    .filter(o -> name(o).equals(name))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                status(reply, 404, plural + " \"" + name + "\" not found");
            } else {
                reply.send(200, found.toString());
            }
        } else {
            list(request, reply, plural, version, chosen);
        }
    }

    private void list(
            TinyServer.Request request, TinyServer.Reply reply, String plural, String version, List<ObjectNode> all)
            throws IOException {
        int limit = request.query().containsKey("limit") ? Integer.parseInt(request.parameter("limit")) : all.size();
        int from = request.query().containsKey("continue")
                ? Integer.parseInt(request.parameter("continue").split(":")[1])
                : 0;
        int to = Math.min(all.size(), from + (limit == 0 ? all.size() : limit));
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("kind", kind(plural) + "List").put("apiVersion", version);
        ObjectNode metadata = answer.putObject("metadata").put("resourceVersion", "4711");
        if (to < all.size()) {
            metadata.put("continue", "4711:" + to).put("remainingItemCount", all.size() - to);
        }
        ArrayNode items = answer.putArray("items");
        for (ObjectNode object : all.subList(from, to)) {
            // The API's own lists leave out what kind each object is.
            ObjectNode item = object.deepCopy();
            item.remove(List.of("kind", "apiVersion"));
            items.add(item);
        }
        reply.send(200, answer.toString());
    }

    static String kind(String plural) {
        return switch (plural) {
            case "endpointslices" -> "EndpointSlice";
            case "ingresses" -> "Ingress";
            case "ingressclasses" -> "IngressClass";
            case "configmaps" -> "ConfigMap";
            case "targetgroupbindings" -> "TargetGroupBinding";
            case "httproutes" -> "HTTPRoute";
            default -> Character.toUpperCase(plural.charAt(0)) + plural.substring(1, plural.length() - 1);
        };
    }

    private void make(TinyServer.Request request, TinyServer.Reply reply) throws IOException {
        ObjectNode pod = (ObjectNode) MAPPER.readTree(request.body());
        made.add(name(pod));
        pod.putObject("status").put("phase", "Running");
        objects("pods").add(pod);
        Path root = roots.get("node/" + pod.path("spec").path("nodeName").asText());
        if (root != null) {
            roots.put(namespace(pod) + "/" + name(pod), root);
        }
        reply.send(201, pod.toString());
    }

    private void exec(TinyServer.Request request, TinyServer.Reply reply) throws IOException {
        String[] words = request.path().split("/");
        Path root = roots.get(words[4] + "/" + words[6]);
        if (root == null) {
            status(reply, 404, "pods \"" + words[6] + "\" not found");
            return;
        }
        reply.upgrade();
        List<String> command = new ArrayList<>(request.query().get("command"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(new TreeMap<>(Map.of("PATH", path(root), "PODPATH_ROOT", root.toString())));
        Path errors = Files.createTempFile(directory, "err", ".txt");
        builder.redirectError(errors.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        try (InputStream out = process.getInputStream()) {
            byte[] buffer = new byte[40_000];
            for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
                reply.message(1, buffer, 0, n);
            }
            int code = process.waitFor();
            byte[] said = Files.readAllBytes(errors);
            Files.delete(errors);
            reply.message(2, said, 0, said.length);
            byte[] status = (code == 0
                            ? "{\"metadata\":{},\"status\":\"Success\"}"
                            : "{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"message\":\"exit " + code
                                    + "\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"" + code
                                    + "\"}]}}")
                    .getBytes(StandardCharsets.UTF_8);
            reply.message(3, status, 0, status.length);
            reply.closeSocket();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The pod's tools, and the plain ones of this machine. */
    static String path(Path root) {
        return root.resolve("sbin") + ":/usr/bin:/bin";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
