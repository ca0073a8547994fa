package dev.podpath.capture.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Collector;
import dev.podpath.ports.capture.Patience;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Captures a cluster through its API server: objects, node state, ingress controllers. Reads only; Secrets are never asked
 * for. With the one exception that the user must ask for, {@link NodePod}, it makes nothing.
 */
public final class KubernetesCollector implements Collector {
    /** Made by the plugin loader. */
    public KubernetesCollector() {}

    @Override
    public String id() {
        return "kubernetes";
    }

    @Override
    public String description() {
        return "Kubernetes through its API: objects, kube-proxy's rules on nodes, ingress-nginx";
    }

    @Override
    public boolean serves(CaptureScope scope) {
        return scope.cluster();
    }

    @Override
    public Option<String> script(CaptureScope scope) {
        return Option.some(KubectlScript.of(scope));
    }

    @Override
    public void collect(CaptureScope scope, CaptureRun run) {
        Either<String, Api> opened = Api.open(scope, Patience.of(scope.patience()), run::cancelled);
        if (opened.isLeft()) {
            run.notCaptured(NotCaptured.failed("kubernetes/*", opened.getLeft()));
            return;
        }
        try (Api api = opened.get()) {
            collect(api, scope, run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void collect(Api api, CaptureScope scope, CaptureRun run) throws IOException {
        Either<ApiFailure, JsonNode> version = api.json("/version");
        if (version.isLeft() && version.getLeft().status() == 0) {
            run.notCaptured(
                    NotCaptured.failed("kubernetes/*", api.server() + " does not answer: " + version.getLeft()));
            return;
        }
        version.forEach(
                answer -> run.fact("cluster.version", answer.path("gitVersion").asText("")));
        api.cluster().forEach(name -> run.fact("cluster.name", name));
        Facts facts = new Facts();
        new ObjectCapture(api, scope, run, facts).all();
        ConfigMapCapture.capture(api, run, facts);
        IngressCapture.capture(api, scope, run, facts);
        if (scope.nodePodImage().isDefined()) {
            NodePod.sweep(api, facts.leftOver());
        }
        new NodeCapture(api, scope, run, facts).all();
    }
}
