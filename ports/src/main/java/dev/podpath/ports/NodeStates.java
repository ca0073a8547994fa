package dev.podpath.ports;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.KubeProxyConfig;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.NodePlanes;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.node.NodeTroubles;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Plugins;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the state of a node when it is first asked for, and finds out which proxy mode is in force there. */
final class NodeStates implements NodePlanes {
    private final Snapshot snapshot;
    private final Supplier<Cluster> cluster;
    private final Plugins plugins;
    private final Map<String, Held> held = new ConcurrentSkipListMap<>();

    NodeStates(Snapshot snapshot, Supplier<Cluster> cluster, Plugins plugins) {
        this.snapshot = snapshot;
        this.cluster = cluster;
        this.plugins = plugins;
    }

    @Override
    public Option<NodePlane> plane(String node) {
        return reading(node).map(Reading::value);
    }

    /** Problems in the documents of the nodes read so far. */
    Vector<DocumentProblem> problems() {
        return Vector.ofAll(held.values()).flatMap(Held::problems);
    }

    /** Reports on the documents of the nodes read so far. */
    Vector<DocumentReport> reports() {
        return Vector.ofAll(held.values()).flatMap(Held::reports);
    }

    /** Reports on the documents of one node. */
    Vector<DocumentReport> reports(String node) {
        return reading(node).map(Reading::reports).getOrElse(Vector.empty());
    }

    /** Problems in the documents of one node. */
    Vector<DocumentProblem> problems(String node) {
        return reading(node).map(Reading::problems).getOrElse(Vector.empty());
    }

    /** Lets go of a node's plane and documents; they are read again when they are asked for. */
    void release(String node) {
        held.computeIfAbsent(node, Held::new).release();
        snapshot.release(NodePaths.directory(node));
    }

    private Option<Reading<NodePlane>> reading(String node) {
        return held.computeIfAbsent(node, Held::new).get();
    }

    /** A node's plane, read by the thread that first asks for it; several nodes can be read at a time. */
    private final class Held {
        private final String node;
        private @Nullable Option<Reading<NodePlane>> reading;
        private Vector<DocumentProblem> problems = Vector.empty();
        private Vector<DocumentReport> reports = Vector.empty();

        Held(String node) {
            this.node = node;
        }

        synchronized Option<Reading<NodePlane>> get() {
            Option<Reading<NodePlane>> known = reading;
            if (known == null) {
                String directory = NodePaths.directory(node);
                boolean any = snapshot.paths().exists(path -> path.startsWith(directory))
                        || cluster.get().node(node).isDefined();
                known = any ? Option.some(read(node)) : Option.none();
                problems = known.toVector().flatMap(Reading::problems);
                reports = known.toVector().flatMap(Reading::reports);
                reading = known;
            }
            return known;
        }

        synchronized void release() {
            reading = null;
        }

        synchronized Vector<DocumentProblem> problems() {
            return problems;
        }

        synchronized Vector<DocumentReport> reports() {
            return reports;
        }
    }

    private Reading<NodePlane> read(String node) {
        NodeState state = NodeState.read(node, snapshot, cluster);
        NodeInterfaces interfaces = state.interfaces();
        Vector<DocumentProblem> broken = NodeInterfaces.document(node, snapshot)
                .flatMap(document -> document.json().swap().toOption())
                .toVector();
        Option<Mode> mode = mode(state);
        NodePlane.Builder plane = NodePlane.builder()
                .node(node)
                .localAddresses(addresses(interfaces))
                .troubles(Lazy.of(() -> NodeTroubles.of(state)))
                .mode(mode.map(Mode::name));
        if (mode.isEmpty()) {
            Vector<String> detected = detected(state).map(Mode::name);
            return Reading.of(plane.proxy(Option.none())
                            .uplink(uplink(interfaces, state))
                            .decisions(Vector.of(unknownMode(state, detected)))
                            .build())
                    .withProblems(broken.appendAll(detected.isEmpty() ? unreadable(state) : Vector.empty()));
        }
        Decision how = Decision.found(mode.get().how(), mode.get().evidence());
        Option<ProxyModeProvider> provider = plugins.mode(mode.get().name());
        if (provider.isEmpty()) {
            Decision none = Decision.unknown(
                    "no plugin for the proxy mode " + mode.get().name() + " is installed; installed are "
                            + plugins.modes().map(ProxyModeProvider::id).mkString(", "));
            return Reading.of(plane.proxy(Option.none())
                            .uplink(uplink(interfaces, state))
                            .decisions(Vector.of(how, none))
                            .build())
                    .withProblems(broken);
        }
        Reading<Either<Decision, ServiceProxy>> opened = provider.get().open(state);
        // Only now the cluster: what comes before goes on while it is still being read.
        NodePlane done = plane.proxy(opened.value().toOption())
                .uplink(uplink(interfaces, state))
                .decisions(Vector.of(how).appendAll(opened.value().swap().toOption()))
                .build();
        return Reading.of(done)
                .withProblems(broken.appendAll(opened.problems()))
                .withReports(opened.reports());
    }

    private static Vector<IpAddress> addresses(NodeInterfaces interfaces) {
        return interfaces.all().distinct();
    }

    private static Option<String> uplink(NodeInterfaces interfaces, NodeState state) {
        Vector<IpAddress> known = state.node().map(Node::internalAddresses).getOrElse(Vector.empty());
        return interfaces
                .addresses()
                .filter(entry -> known.contains(entry.address()))
                .map(NodeInterfaces.InterfaceAddress::name)
                .find(name -> !name.isEmpty());
    }

    private Option<Mode> mode(NodeState state) {
        return asked(state).orElse(() -> configured()).orElse(() -> {
            Vector<Mode> detected = detected(state);
            return detected.size() == 1 ? detected.headOption() : Option.none();
        });
    }

    /** What the node's kube-proxy answered when asked. */
    private static Option<Mode> asked(NodeState state) {
        return state.document("proxy-mode.txt")
                .filter(document -> document.lines().count() > 0)
                .flatMap(document -> named(document, document.lines().line(1).strip()));
    }

    private static Option<Mode> named(Document document, String name) {
        return name.matches("[a-z]{2,20}")
                ? Option.some(new Mode(name, "the node's kube-proxy runs in " + name + " mode", document.line(1)))
                : Option.none();
    }

    private Option<Mode> configured() {
        return cluster.get().kubeProxy().map(NodeStates::configured);
    }

    private static Mode configured(KubeProxyConfig config) {
        return config.mode().isEmpty()
                ? new Mode(
                        "iptables",
                        "kube-proxy's configuration names no mode, which is iptables on Linux",
                        config.evidence())
                : new Mode(
                        config.mode(), "kube-proxy's configuration sets the mode " + config.mode(), config.evidence());
    }

    private Vector<Mode> detected(NodeState state) {
        return plugins.modes()
                .flatMap(provider -> provider.detect(state)
                        .map(evidence -> new Mode(
                                provider.id(),
                                "the node's documents are those of " + provider.id() + " mode",
                                evidence)));
    }

    /**
     * What is wrong in the documents of a node that no mode takes for its own: each mode reads what it finds, for a
     * document in another form than the expected one would not be told of otherwise.
     */
    private Vector<DocumentProblem> unreadable(NodeState state) {
        return plugins.modes()
                .flatMap(provider -> provider.open(state).problems())
                .distinct();
    }

    private static Decision unknownMode(NodeState state, Vector<String> detected) {
        String seen = detected.isEmpty()
                ? ""
                : "; it has documents of "
                        + detected.map(mode -> mode + " mode").mkString(" and of ");
        return Decision.unknown(
                "which proxy mode is in force on node " + state.name() + " is not known" + seen,
                new Missing(state.path("proxy-mode.txt"), "curl -s localhost:10249/proxyMode   # on the node"),
                new Missing(
                        "kubernetes/configmaps.json",
                        "kubectl get configmap -n kube-system -o json > kubernetes/configmaps.json"));
    }

    private record Mode(String name, String how, Evidence evidence) {}
}
