package dev.podpath.ports;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.RuleCoverage;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.verify.Agreement;
import dev.podpath.core.verify.NodeVerification;
import dev.podpath.core.verify.NodeVerifier;
import dev.podpath.core.verify.UnknownVerdict;
import dev.podpath.core.verify.Verification;
import dev.podpath.core.verify.VipVerifier;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.request.VerifyRequest;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Verifies the nodes of a snapshot, as many at a time as there are processors. */
final class Verifying {
    private static final Vector<String> HOOKS = Vector.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");

    /** Of so many nodes the planes are kept for what is asked next; of more there is no room. */
    private static final int KEPT = 8;

    private final Snapshot snapshot;
    private final Provider<Inventory> inventory;
    private final NodeStates states;
    private final Map<String, Earlier.Found> found;

    @Inject
    Verifying(Snapshot snapshot, Provider<Inventory> inventory, NodeStates states, Earlier earlier) {
        this.snapshot = snapshot;
        this.inventory = inventory;
        this.states = states;
        this.found = new ConcurrentSkipListMap<>(earlier.nodes());
    }

    /** What was found at nodes until now, by their names. */
    Map<String, Earlier.Found> found() {
        return found;
    }

    Either<String, Verification> verify(VerifyRequest request) {
        Vector<String> known = nodes();
        Vector<String> wanted =
                request.nodes().isEmpty() ? known : request.nodes().distinct();
        Option<String> first =
                wanted.find(node -> earlier(node, request.services()).isEmpty());
        readAhead(first);
        Cluster cluster = cluster();
        Option<String> stranger = request.nodes().find(name -> !known.contains(name));
        if (stranger.isDefined()) {
            return Either.left("no node " + stranger.get() + " in the snapshot; nodes: "
                    + known.take(8).mkString(", "));
        }
        if (cluster.captured().services()) {
            Option<ServiceKey> nobody =
                    request.services().find(key -> cluster.service(key).isEmpty());
            if (nobody.isDefined()) {
                return Either.left("no service " + nobody.get() + " in the snapshot");
            }
        }
        Option<VipVerifier> verifier = first.map(any -> new VipVerifier(cluster));
        AtomicInteger done = new AtomicInteger();
        List<NodeVerification> results = wanted.toJavaList().parallelStream()
                .map(node -> {
                    NodeVerification result = earlier(node, request.services())
                            .map(Earlier.Found::result)
                            .getOrElse(() -> verified(verifier.get(), node, request.services()));
                    if (wanted.size() > KEPT) {
                        states.release(node);
                    }
                    request.progress().done(node, done.incrementAndGet(), wanted.size());
                    return result;
                })
                .toList();
        return Either.right(Agreement.check(cluster, Vector.ofAll(results)));
    }

    private Option<Earlier.Found> earlier(String node, Vector<ServiceKey> services) {
        return Option.of(found.get(node)).filter(before -> before.services().equals(services));
    }

    private NodeVerification verified(VipVerifier verifier, String node, Vector<ServiceKey> services) {
        NodeVerification result = timed(verifier, node, services);
        found.put(node, new Earlier.Found(services, result, states.problems(node), states.reports(node)));
        return result;
    }

    private Cluster cluster() {
        return inventory.get().cluster();
    }

    /** Reads the rules of the node that comes first while the objects of the cluster are read: neither needs the other. */
    private void readAhead(Option<String> node) {
        if (Runtime.getRuntime().availableProcessors() > 1) {
            node.forEach(first -> {
                Thread reader = new Thread(
                        () -> states.plane(first).flatMap(NodePlane::proxy).forEach(Verifying::prepare), "read-ahead");
                reader.setDaemon(true);
                reader.setUncaughtExceptionHandler((thread, e) -> {
                    // Whoever asks for the node next meets the same.
                });
                reader.start();
            });
        }
    }

    /** What all partitions of a family share is made when the first of them is asked for an address. */
    private static void prepare(ServiceProxy proxy) {
        for (boolean v6 : new boolean[] {false, true}) {
            proxy.partition(Arrival.of(Arrival.Kind.POD), v6)
                    .forEach(partition -> partition.addresses().headOption().forEach(partition::likeness));
        }
    }

    private NodeVerification timed(VipVerifier verifier, String node, Vector<ServiceKey> services) {
        long start = System.nanoTime();
        NodeVerification result = verify(verifier, node, services);
        Vector<RuleCoverage> told = result.coverage().tables();
        NodeVerification accounted = told.isEmpty() ? result.covering(rules(node)) : result;
        return accounted.took((System.nanoTime() - start) / 1e9);
    }

    Option<NodeVerifier> open(String node) {
        return states.plane(node).map(new VipVerifier(cluster())::open);
    }

    private NodeVerification verify(VipVerifier verifier, String node, Vector<ServiceKey> services) {
        if (!cluster().captured().services()) {
            UnknownVerdict unknown = UnknownVerdict.ofNode(
                    node,
                    "services were not captured, so nothing says what is intended",
                    Vector.of(new Missing(
                            "kubernetes/services.json", "kubectl get services -A -o json > kubernetes/services.json")));
            return NodeVerification.builder()
                    .node(node)
                    .mode(Option.none())
                    .unknowns(Vector.of(unknown))
                    .build();
        }
        Option<NodePlane> plane = states.plane(node);
        return verifier.verify(
                plane.getOrElse(() -> NodePlane.builder()
                        .node(node)
                        .mode(Option.none())
                        .proxy(Option.none())
                        .build()),
                services);
    }

    /** The rules of a node by their documents, where the mode does not tell them by tables. */
    private Vector<RuleCoverage> rules(String node) {
        return states.reports(node)
                .filter(report -> report.unit().equals("rules") || report.unit().contains("server"))
                .map(report -> new RuleCoverage(
                        report.document().substring(report.document().lastIndexOf('/') + 1),
                        HOOKS,
                        report.count(Support.FULL) + report.count(Support.LIMITED),
                        report.count(Support.IRRELEVANT),
                        report.count(Support.UNIMPLEMENTED) + report.count(Support.UNRECOGNIZED)));
    }

    /** Every node of which a document was captured; where there is none, those of the cluster. */
    Vector<String> nodes() {
        // Their paths alone: the documents of a fleet do not fit into memory at a time.
        Vector<String> captured =
                snapshot.paths().flatMap(NodePaths::node).distinct().sorted();
        return captured.isEmpty() ? cluster().nodes().map(Node::name).sorted() : captured;
    }
}
