package dev.podpath.core.verify;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Liveness;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** Verifies the planes of nodes against the objects of a cluster. Pure; safe for use from several threads. */
public final class VipVerifier {
    private final Cluster cluster;

    /** A verifier for nodes of this cluster. */
    public VipVerifier(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Verifies one node.
     *
     * @param plane the node's data plane
     * @param services the services to look at; empty for all, and for what belongs to no service
     */
    public NodeVerification verify(NodePlane plane, Vector<ServiceKey> services) {
        NodeVerification.Builder result = NodeVerification.builder();
        result.node(plane.node()).mode(plane.mode());
        if (plane.proxy().isEmpty()) {
            Decision why = plane.decisions()
                    .lastOption()
                    .getOrElse(() -> Decision.unknown("nothing of the node was captured"));
            return result.unknowns(Vector.of(UnknownVerdict.ofNode(
                            plane.node(), why.text(), plane.decisions().flatMap(Decision::missing))))
                    .build();
        }
        List<Violation> violations = new ArrayList<>();
        long classes = 0;
        ServiceProxy proxy = plane.proxy().get();
        for (Arrival.Kind kind : Arrival.Kind.values()) {
            for (boolean v6 : new boolean[] {false, true}) {
                for (Partition partition : proxy.partition(Arrival.of(kind), v6)) {
                    for (IpAddress address : partition.addresses()) {
                        for (Partition.Cell cell : partition.cells(address)) {
                            classes++;
                            check(plane, partition, cell, services, violations);
                        }
                    }
                }
            }
        }
        return result.violations(Vector.ofAll(violations).sorted())
                .coverage(new Coverage(
                        proxy.coverage(), classes, 0, cluster.services().size(), Vector.empty()))
                .build();
    }

    private void check(
            NodePlane plane,
            Partition partition,
            Partition.Cell cell,
            Vector<ServiceKey> services,
            List<Violation> violations) {
        PacketClass packets = cell.packets();
        Packet sample = packets.sample();
        Option<ServicePortRef> ref = cluster.servicePortAt(sample.to(), packets.protocol());
        if (ref.isEmpty() || !services.isEmpty() && !services.contains(ref.get().service())) {
            return;
        }
        Ends ends = cell.ends();
        for (int end = 0; end < ends.count(); end++) {
            if (ends.kind(end) != Ends.Kind.ENDPOINT) {
                continue;
            }
            AddressPort to = ends.endpoint(end);
            AddressPort real = to.port() == 0 ? new AddressPort(to.address(), sample.destinationPort()) : to;
            if (cluster.liveness(real, ref.get()) instanceof Liveness.Stale stale) {
                violations.add(Violation.builder()
                        .code(VerifyFindings.STALE_ENDPOINT)
                        .node(plane.node())
                        .service(Option.some(ref.get().service()))
                        .port(Option.some(ref.get().port()))
                        .protocol(packets.protocol())
                        .vip(sample.to())
                        .message(stale.reason())
                        .witness(new Witness(sample, partition.arrival()))
                        .trail(cell.verdict().branches().get(end).trail())
                        .evidence(stale.evidence())
                        .build());
            }
        }
    }
}
