package dev.podpath.capture.k8s;

import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Parallel;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes the state of nodes: by exec into each node's kube-proxy, and where that lacks a tool or may not be entered, and the
 * user allows it, by a short-lived pod.
 */
final class NodeCapture {
    /** The documents of a node that are taken. */
    static final Set<String> DOCUMENTS = Set.of(
            "proxy-mode.txt",
            "iptables-save.txt",
            "ip6tables-save.txt",
            "ipset-save.txt",
            "proc-net-ip_vs",
            "ipvsadm-Ln.txt",
            "ipvsadm-save.txt",
            "nft-ruleset.txt",
            "ip-addr.json",
            "ip-route.json",
            "ip-rule.json",
            "ip-route-all.json",
            "sysctl.txt");

    private static final String ENTER = "create pods/exec in ";

    private final CaptureScope scope;
    private final CaptureRun run;
    private final Facts facts;
    private final InContainer shell;
    private final Option<NodePod> pods;
    private final AtomicReference<@Nullable ApiFailure> shut = new AtomicReference<>();

    NodeCapture(Api api, CaptureScope scope, CaptureRun run, Facts facts) {
        this.scope = scope;
        this.run = run;
        this.facts = facts;
        this.shell = new InContainer(api, run);
        this.pods = scope.nodePodImage().map(image -> new NodePod(api, run, image));
    }

    /** The nodes the scope names. */
    void all() {
        Vector<String> nodes = switch (scope.nodes().kind()) {
            case ALL -> facts.nodes();
            case NAMED -> scope.nodes().names();
            case ON_PATH -> Vector.empty();
        };
        Vector<String> todo = nodes.reject(node -> run.isDone(step(node)));
        if (todo.isEmpty()) {
            return;
        }
        pods.forEach(NodePod::announce);
        AtomicInteger done = new AtomicInteger(nodes.size() - todo.size());
        run.progress().at("nodes", done.get(), nodes.size());
        Parallel.each(todo, scope.parallelism(), run::cancelled, node -> {
            node(node);
            run.progress().at("nodes", done.incrementAndGet(), nodes.size());
        });
    }

    private static String step(String node) {
        return "nodes/" + node;
    }

    private void node(String node) {
        String directory = "nodes/" + node + "/";
        InContainer.Outcome outcome = facts.proxy(node)
                .map(proxy -> inProxy(proxy, directory))
                .getOrElse(() -> InContainer.Outcome.failed(ApiFailure.of(404, "no kube-proxy pod runs on it")));
        boolean whole = outcome.failure().isEmpty() && outcome.gaps().isEmpty();
        if (!whole && pods.isDefined() && !run.cancelled()) {
            InContainer.Outcome more = pods.get()
                    .on(
                            node,
                            place -> shell.run(
                                    place,
                                    Vector.of("sh", "-c", Scripts.onHost()),
                                    Scripts.node(),
                                    directory,
                                    DOCUMENTS));
            outcome = joined(outcome, more);
        }
        if (run.cancelled()) {
            return;
        }
        Vector<NotCaptured> gaps = outcome.gaps();
        Option<ApiFailure> failure = outcome.failure();
        failure.forEach(found -> run.notCaptured(gap(directory, facts.proxy(node), found)));
        if (failure.isEmpty()) {
            run.done(step(node), gaps);
        } else {
            gaps.forEach(run::notCaptured);
        }
    }

    private InContainer.Outcome inProxy(Facts.PodFact proxy, String directory) {
        ApiFailure known = shut.get();
        if (known != null) {
            return InContainer.Outcome.failed(known);
        }
        InContainer.Outcome outcome =
                shell.run(InContainer.Place.of(proxy), Vector.of("sh", "-c"), Scripts.node(), directory, DOCUMENTS);
        // One refusal stands for all: thousands of requests that are refused alike help nobody.
        outcome.failure().filter(ApiFailure::denied).forEach(shut::set);
        return outcome;
    }

    private static InContainer.Outcome joined(InContainer.Outcome first, InContainer.Outcome second) {
        Vector<String> taken = first.taken().appendAll(second.taken()).distinct();
        Vector<NotCaptured> gaps = (second.failure().isEmpty()
                        ? second.gaps()
                        : first.gaps().appendAll(second.gaps()))
                .reject(gap -> taken.exists(name -> gap.document().endsWith("/" + name)));
        return new InContainer.Outcome(taken, gaps, second.failure().isEmpty() ? Option.none() : second.failure());
    }

    private static NotCaptured gap(String directory, Option<Facts.PodFact> proxy, ApiFailure failure) {
        String document = directory + "*";
        if (failure.denied()) {
            return NotCaptured.denied(
                    document, ENTER + proxy.map(Facts.PodFact::namespace).getOrElse("kube-system"), failure.toString());
        }
        return failure.status() == 404 || failure.status() == 200
                ? NotCaptured.absent(
                        document,
                        failure.message() + "; allow short-lived pods on nodes (--node-pods), or run the script on it")
                : NotCaptured.failed(document, failure.toString());
    }
}
