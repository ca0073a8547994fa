package dev.podpath.capture.k8s;

import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Parallel;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import java.util.Set;

/** Takes the configuration and the live backends of every ingress-nginx controller. */
final class IngressCapture {
    private static final Set<String> DOCUMENTS = Set.of("nginx.conf", "backends.json");

    private IngressCapture() {}

    static void capture(Api api, CaptureScope scope, CaptureRun run, Facts facts) {
        InContainer shell = new InContainer(api, run);
        Vector<Facts.PodFact> todo = facts.controllers().reject(pod -> run.isDone(directory(pod)));
        Parallel.each(todo, scope.parallelism(), run::cancelled, pod -> controller(shell, run, pod));
    }

    private static String directory(Facts.PodFact pod) {
        return "ingress/" + pod.id() + "/";
    }

    private static void controller(InContainer shell, CaptureRun run, Facts.PodFact pod) {
        InContainer.Outcome outcome = shell.run(
                InContainer.Place.of(pod), Vector.of("sh", "-c"), Scripts.ingress(), directory(pod), DOCUMENTS);
        if (outcome.failure().isEmpty()) {
            run.done(directory(pod), outcome.gaps());
            return;
        }
        ApiFailure failure = outcome.failure().get();
        run.notCaptured(
                failure.denied()
                        ? NotCaptured.denied(
                                directory(pod) + "*", "create pods/exec in " + pod.namespace(), failure.toString())
                        : NotCaptured.failed(directory(pod) + "*", failure.toString()));
    }
}
