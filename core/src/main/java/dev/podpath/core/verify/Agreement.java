package dev.podpath.core.verify;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

/**
 * Compares nodes with each other where nothing about a service depends on the node: its policies are Cluster and its
 * endpoints carry no topology hints. Every node is compared with the intent, so nodes that are as intended agree; here it is
 * said which of them are alone with a fault.
 */
public final class Agreement {
    private static final Set<FindingCode> OF_ENDPOINTS = HashSet.of(
            VerifyFindings.STALE_ENDPOINT,
            VerifyFindings.MISDELIVERY,
            VerifyFindings.MISSING_ENDPOINT,
            VerifyFindings.REFUSED,
            VerifyFindings.NOT_SERVED,
            VerifyFindings.NOT_REFUSED,
            VerifyFindings.WRONG_PORT);

    private Agreement() {}

    private record Place(AddressPort vip, Protocol protocol) {}

    /** The same results; a node whose endpoints differ from those of most other nodes has a violation more. */
    public static Verification check(Cluster cluster, Vector<NodeVerification> nodes) {
        Vector<NodeVerification> known = nodes.filter(node -> node.coverage().classes() > 0);
        if (known.size() < 2) {
            return new Verification(nodes);
        }
        Map<Place, Integer> count = known.flatMap(
                        node -> odd(cluster, node).map(Agreement::place).distinct())
                .groupBy(place -> place)
                .mapValues(Vector::size);
        return new Verification(nodes.map(node -> {
            Vector<Violation> alone = odd(cluster, node)
                    .filter(violation -> 2 * count.getOrElse(place(violation), 0) <= known.size())
                    .distinctBy(Agreement::place)
                    .map(violation -> disagreement(violation, known.size() - count.getOrElse(place(violation), 0)));
            return alone.isEmpty()
                    ? node
                    : node.with(node.violations().appendAll(alone).sorted(), node.unknowns());
        }));
    }

    private static Place place(Violation violation) {
        return new Place(violation.vip(), violation.protocol());
    }

    private static Vector<Violation> odd(Cluster cluster, NodeVerification node) {
        return node.violations().filter(violation -> isComparable(cluster, violation));
    }

    /** Whether a violation is one that either all nodes have or a node is alone with. */
    public static boolean isComparable(Cluster cluster, Violation violation) {
        return OF_ENDPOINTS.contains(violation.code())
                && violation.service().exists(key -> isTheSameEverywhere(cluster, key));
    }

    /** What is said of a node that is alone with a fault. */
    public static String message(String node, AddressPort vip, int others) {
        String nodes = others == 1 ? "another node does" : others + " other nodes do";
        return "node " + node + " does not treat packets to " + vip + " as " + nodes
                + ", though nothing about the service depends on the node";
    }

    private static boolean isTheSameEverywhere(Cluster cluster, ServiceKey key) {
        Service service = cluster.service(key).getOrNull();
        return service != null
                && !service.internalLocal()
                && !service.externalLocal()
                && cluster.endpointsOf(key).forAll(Agreement::hasNoHints);
    }

    private static boolean hasNoHints(Endpoint endpoint) {
        return endpoint.zoneHints().isEmpty() && endpoint.nodeHints().isEmpty();
    }

    private static Violation disagreement(Violation violation, int others) {
        return Violation.builder()
                .code(VerifyFindings.NODES_DISAGREE)
                .node(violation.node())
                .service(violation.service())
                .port(violation.port())
                .protocol(violation.protocol())
                .vip(violation.vip())
                .message(message(violation.node(), violation.vip(), others))
                .witness(violation.witness())
                .expected(violation.expected())
                .actual(violation.actual())
                .trail(violation.trail())
                .evidence(violation.evidence())
                .build();
    }
}
