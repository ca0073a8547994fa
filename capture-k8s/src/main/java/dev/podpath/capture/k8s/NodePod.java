package dev.podpath.capture.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podpath.ports.capture.CaptureRun;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * A short-lived privileged pod on the network of a node, with the node's file system read-only at {@code /host}. It is shown
 * before the first is made, deleted whatever happens, and would end by itself after {@value #SECONDS} seconds.
 */
final class NodePod {
    static final String NAMESPACE = "kube-system";
    private static final String LABEL = "app.kubernetes.io/managed-by";
    private static final String OURS = "podpath-capture";
    private static final int SECONDS = 300;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(300);

    private final Api api;
    private final Api always;
    private final CaptureRun run;
    private final String image;

    NodePod(Api api, CaptureRun run, String image) {
        this.api = api;
        this.always = api.uncancelled();
        this.run = run;
        this.image = image;
    }

    /** Whether a pod with these labels was made by a capture. */
    static boolean isOurs(JsonNode labels) {
        return labels.path(LABEL).asText("").equals(OURS);
    }

    /** Shows what will be made. */
    void announce() {
        run.progress()
                .note("a pod like this is made on each node whose kube-proxy does not give everything, and deleted"
                        + " afterwards:\n"
                        + new String(KubectlJson.print(manifest("NODE", "NAME"), 0), StandardCharsets.UTF_8));
    }

    /** Deletes what an earlier capture was kept from deleting. */
    static void sweep(Api api, Vector<Facts.PodFact> leftOver) {
        leftOver.filter(pod -> pod.namespace().equals(NAMESPACE)).forEach(pod -> api.delete(path(pod.name())));
    }

    /** Makes a pod on a node, does something there, and deletes it. */
    InContainer.Outcome on(String node, Function<InContainer.Place, InContainer.Outcome> action) {
        String name = "podpath-capture-"
                + Long.toString(ThreadLocalRandom.current().nextLong(1L << 50), 36)
                        .toLowerCase(Locale.ROOT);
        try {
            Either<ApiFailure, JsonNode> made = api.post(
                    "/api/v1/namespaces/" + NAMESPACE + "/pods",
                    manifest(node, name).toString());
            if (made.isLeft()) {
                return InContainer.Outcome.failed(made.getLeft());
            }
            Either<ApiFailure, JsonNode> started = started(name);
            return started.isLeft()
                    ? InContainer.Outcome.failed(started.getLeft())
                    : action.apply(new InContainer.Place(NAMESPACE, name, "capture"));
        } finally {
            // Also where making it failed: the answer may have been lost.
            Either<ApiFailure, JsonNode> gone = always.delete(path(name));
            if (gone.isLeft() && !gone.getLeft().absent() && !gone.getLeft().denied()) {
                run.progress()
                        .note("pod " + NAMESPACE + "/" + name + " could not be deleted (" + gone.getLeft()
                                + "); it ends by itself within " + SECONDS + " s. Delete it: kubectl delete pod -n "
                                + NAMESPACE + " " + name);
            }
        }
    }

    private static String path(String name) {
        return "/api/v1/namespaces/" + NAMESPACE + "/pods/" + name;
    }

    private Either<ApiFailure, JsonNode> started(String name) {
        long end = System.nanoTime() + START.toNanos();
        while (!run.cancelled()) {
            Either<ApiFailure, JsonNode> pod = api.json(path(name));
            if (pod.isLeft()) {
                return pod;
            }
            String phase = pod.get().path("status").path("phase").asText("");
            if (phase.equals("Running")) {
                return pod;
            }
            if (phase.equals("Failed") || phase.equals("Succeeded")) {
                return Either.left(ApiFailure.of(
                        200,
                        "the pod ended at once: "
                                + pod.get().path("status").path("message").asText(phase)));
            }
            if (System.nanoTime() > end) {
                JsonNode waiting = pod.get()
                        .path("status")
                        .path("containerStatuses")
                        .path(0)
                        .path("state");
                return Either.left(
                        ApiFailure.of(200, "the pod did not start within " + START.toSeconds() + " s: " + waiting));
            }
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return Either.left(ApiFailure.of(0, "stopped"));
    }

    private ObjectNode manifest(String node, String name) {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata")
                .put("name", name)
                .put("namespace", NAMESPACE)
                .putObject("labels")
                .put(LABEL, OURS);
        ObjectNode spec = pod.putObject("spec");
        spec.put("nodeName", node)
                .put("hostNetwork", true)
                .put("restartPolicy", "Never")
                .put("activeDeadlineSeconds", SECONDS)
                .put("terminationGracePeriodSeconds", 0)
                .put("automountServiceAccountToken", false)
                .put("enableServiceLinks", false);
        spec.putArray("tolerations").addObject().put("operator", "Exists");
        ObjectNode container = spec.putArray("containers").addObject();
        container.put("name", "capture").put("image", image);
        container.putArray("command").add("sleep").add(Integer.toString(SECONDS));
        container.putObject("securityContext").put("privileged", true).put("runAsUser", 0);
        container
                .putArray("volumeMounts")
                .addObject()
                .put("name", "host")
                .put("mountPath", "/host")
                .put("readOnly", true);
        spec.putArray("volumes")
                .addObject()
                .put("name", "host")
                .putObject("hostPath")
                .put("path", "/");
        return pod;
    }
}
