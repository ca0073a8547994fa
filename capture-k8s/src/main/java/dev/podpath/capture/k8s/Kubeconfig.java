package dev.podpath.capture.k8s;

import dev.podpath.ports.capture.CaptureScope;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.io.File;
import java.nio.file.Files;
import java.util.List;

/** Finds the server and who asks, as {@code kubectl} does: a named file, {@code KUBECONFIG}, {@code ~/.kube/config}, else the pod this runs in. */
final class Kubeconfig {
    private static final String IN_CLUSTER = "KUBERNETES_SERVICE_HOST";

    private Kubeconfig() {}

    /** The configuration, or what the user must change. */
    static Either<String, Config> read(CaptureScope scope) {
        if (scope.kubeconfig().exists(file -> !Files.isReadable(file))) {
            return Either.left("the kubeconfig " + scope.kubeconfig().get() + " cannot be read");
        }
        String context = scope.context().getOrNull();
        try {
            Config config = scope.kubeconfig().isDefined()
                    ? Config.fromKubeconfig(
                            context, new File(scope.kubeconfig().get().toString()))
                    : Config.autoConfigure(context);
            return checked(scope, config);
        } catch (RuntimeException e) {
            return Either.left("the kubeconfig cannot be used: " + Api.reason(e));
        }
    }

    private static Either<String, Config> checked(CaptureScope scope, Config config) {
        List<NamedContext> listed = config.getContexts() == null ? List.of() : config.getContexts();
        Vector<String> contexts = Vector.ofAll(listed).map(NamedContext::getName);
        if (scope.context().exists(name -> !contexts.contains(name))) {
            return Either.left(
                    "no context " + scope.context().get() + " in the kubeconfig; there are " + contexts.mkString(", "));
        }
        boolean named = config.getCurrentContext() != null;
        boolean inside = System.getenv(IN_CLUSTER) != null && contexts.isEmpty();
        return named || inside
                ? Either.right(config)
                : Either.left("no kubeconfig names a current context, and this is no pod of a cluster;"
                        + " pass --kubeconfig FILE and --context NAME");
    }
}
