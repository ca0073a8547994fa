package dev.podpath.ports;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.resolve.PathTracer;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.verify.NodeVerifier;
import dev.podpath.core.verify.Verification;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.request.PacketRequest;
import dev.podpath.ports.request.Source;
import dev.podpath.ports.request.TraceRequest;
import dev.podpath.ports.request.VerifyRequest;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A snapshot, and what can be asked of it. Its documents are read when something is first asked that they are needed for.
 * Safe for use from several threads.
 */
public final class Analysis {
    private static final Missing PODS =
            new Missing("kubernetes/pods.json", "kubectl get pods -A -o json > kubernetes/pods.json");

    private final Snapshot snapshot;
    private final Provider<Inventory> inventory;
    private final NodeStates nodes;
    private final Provider<PathTracer> tracer;
    private final Verifying verifying;
    private final Gaps gaps;
    private final Provider<Objects> objects;
    private final AnalysisComponent.Factory analyses;

    @Inject
    Analysis(
            Snapshot snapshot,
            Provider<Objects> objects,
            AnalysisComponent.Factory analyses,
            Provider<Inventory> inventory,
            NodeStates nodes,
            Provider<PathTracer> tracer,
            Verifying verifying,
            Gaps gaps) {
        this.objects = objects;
        this.analyses = analyses;
        this.verifying = verifying;
        this.snapshot = snapshot;
        this.inventory = inventory;
        this.nodes = nodes;
        this.tracer = tracer;
        this.gaps = gaps;
    }

    /** The snapshot. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** What the orchestrator says. */
    public Cluster cluster() {
        return inventory.get().cluster();
    }

    /** The data plane of a node; empty where nothing of it was captured. */
    public Option<NodePlane> node(String name) {
        return nodes.plane(name);
    }

    /**
     * Documents that could not be read, as far as they were needed until now. Nodes are read when a path first comes to
     * them.
     */
    public Vector<DocumentProblem> problems() {
        return snapshot.problems()
                .appendAll(inventory.get().problems())
                .appendAll(nodes.problems())
                .appendAll(Vector.ofAll(verifying.found().values()).flatMap(Earlier.Found::problems))
                .distinct();
    }

    /** How well the documents that were needed until now were understood. */
    public Vector<DocumentReport> reports() {
        return inventory
                .get()
                .reports()
                .appendAll(nodes.reports())
                .appendAll(Vector.ofAll(verifying.found().values()).flatMap(Earlier.Found::reports))
                .distinct()
                .sortBy(DocumentReport::document);
    }

    /**
     * Follows a request to its ends.
     *
     * @return the trace, or why the request cannot start: its pod or node is not in the snapshot
     */
    public Either<String, Trace> trace(TraceRequest request) {
        return start(request).map(start -> tracer.get().trace(request.toString(), start));
    }

    /**
     * What a node does with a packet.
     *
     * @return the verdict, which is UNKNOWN where the node's rules were not captured; or that there is no such node
     */
    public Either<String, ProxyVerdict> packet(PacketRequest request) {
        Option<NodePlane> plane = nodes.plane(request.node());
        if (plane.isEmpty()) {
            return Either.left(noNode(request.node()));
        }
        ProxyVerdict verdict = plane.get()
                .proxy()
                .map(proxy -> proxy.route(request.packet(), request.arrival()))
                .getOrElse(() -> ProxyVerdict.unknown(plane.get().decisions()));
        return Either.right(gaps.amend(verdict.with(plane.get().troubles().get())));
    }

    /** The nodes that are verified where none is named: those of which state was captured, else those of the cluster. */
    public Vector<String> verifiableNodes() {
        return verifying.nodes();
    }

    /**
     * Verifies nodes: every request that reaches a virtual address there ends as Kubernetes intends, for all packets.
     *
     * @return the result, or that there is no such node or service
     */
    public Either<String, Verification> verify(VerifyRequest request) {
        return verifying.verify(request);
    }

    /**
     * What can be asked of a later state of the snapshot. Where only documents of nodes changed, the objects of the cluster are
     * not read again, and nodes whose documents are the same are not verified again.
     *
     * @param later the later state
     * @param changed whether what is found at a path may have changed, come or gone
     */
    public Analysis after(Snapshot later, Predicate<String> changed) {
        Vector<String> touched =
                snapshot.paths().appendAll(later.paths()).filter(changed).distinct();
        return analyses.create(later, touched.forAll(NodePaths::isOfNode) ? known(touched) : Earlier.NOTHING)
                .analysis();
    }

    private Earlier known(Vector<String> touched) {
        Map<String, Earlier.Found> same = new TreeMap<>(verifying.found());
        touched.flatMap(NodePaths::node).forEach(same::remove);
        return new Earlier(Option.some(objects.get()), same);
    }

    /**
     * The verification of one node, to be done again after an EndpointSlice changed; empty where nothing of the node was
     * captured.
     */
    public Option<NodeVerifier> verifier(String node) {
        return verifying.open(node);
    }

    private Either<String, Location> start(TraceRequest request) {
        return origin(request).map(origin -> {
            Flow flow = new Flow(request.protocol(), origin.address(), request.http());
            return IpAddress.parse(request.host())
                    .<Location>map(address ->
                            new NetworkAddress(new AddressPort(address, request.port()), flow, origin.vantage()))
                    .getOrElse(() -> new DnsName(request.host(), request.port(), flow, origin.vantage()));
        });
    }

    private Either<String, Origin> origin(TraceRequest request) {
        Source source = request.source();
        if (source instanceof Source.InPod pod) {
            return inPod(pod);
        }
        if (source instanceof Source.OnNode node) {
            return nodeObject(node.node())
                    .map(found -> new Origin(
                            found.internalAddresses().headOption(),
                            new Vantage.OnNode(found.name(), Arrival.of(Arrival.Kind.NODE), Option.none())));
        }
        Option<IpAddress> client = ((Source.Client) source).address();
        if (request.node().isDefined()) {
            return nodeObject(request.node().get())
                    .map(found -> new Origin(
                            client,
                            new Vantage.OnNode(found.name(), Arrival.of(Arrival.Kind.EXTERNAL), Option.none())));
        }
        boolean inside = client.exists(address -> !address.isPublic());
        return Either.right(
                new Origin(client, inside ? new Vantage.PrivateNetwork(Option.none()) : new Vantage.Internet()));
    }

    private Either<String, Origin> inPod(Source.InPod source) {
        String id = source.namespace() + "/" + source.name();
        Option<Pod> pod = cluster().pod(id).orElse(() -> ownedBy(source));
        if (pod.isEmpty()) {
            String why = cluster().captured().pods()
                    ? "no pod " + id + " in the snapshot; pods of the namespace: " + namesIn(source.namespace())
                    : "pods were not captured; " + gaps.amend(PODS).capture();
            return Either.left(why);
        }
        return pod.get()
                .node()
                .map(node -> new Origin(
                        pod.get().addresses().headOption(),
                        new Vantage.OnNode(
                                node,
                                Arrival.of(pod.get().hostNetwork() ? Arrival.Kind.NODE : Arrival.Kind.POD),
                                Option.some(pod.get().id()))))
                .toEither("pod " + id + " is not scheduled on a node");
    }

    /** A pod named by the beginning of its name, as people do for a Deployment's, where that is unambiguous. */
    private Option<Pod> ownedBy(Source.InPod source) {
        Vector<Pod> matching = cluster()
                .pods()
                .filter(pod ->
                        pod.namespace().equals(source.namespace()) && pod.name().startsWith(source.name() + "-"));
        return matching.size() == 1 ? matching.headOption() : Option.none();
    }

    private String namesIn(String namespace) {
        Vector<Pod> pods = cluster().pods().filter(pod -> pod.namespace().equals(namespace));
        return pods.isEmpty() ? "none" : pods.take(8).map(Pod::name).mkString(", ") + (pods.size() > 8 ? " …" : "");
    }

    private Either<String, Node> nodeObject(String name) {
        return cluster().node(name).toEither(() -> noNode(name));
    }

    private String noNode(String name) {
        return "no node " + name + " in the snapshot; nodes: "
                + cluster().nodes().take(8).map(Node::name).mkString(", ");
    }

    private record Origin(Option<IpAddress> address, Vantage vantage) {}
}
