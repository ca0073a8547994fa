package dev.podpath.cli.verify;

import dev.podpath.cli.verify.VerifyReport.NodeEntry;
import dev.podpath.cli.verify.VerifyReport.ViolationEntry;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.verify.Agreement;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.core.verify.Violation;
import io.vavr.collection.Vector;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Nodes that are alone with a fault, told from reports: a shard sees too few of the nodes to say so. */
final class ReportAgreement {
    private static final AddressPort NOWHERE = new AddressPort(IpAddress.v4(0), 0);

    /** As violations are sorted; those that are equal so far keep their order. */
    private static final Comparator<ViolationEntry> ORDER = Comparator.comparing(ViolationEntry::node)
            .thenComparing(violation -> violation.service().isEmpty())
            .thenComparing(violation -> violation.service().getOrElse(""))
            .thenComparing(ReportAgreement::vip)
            .thenComparing(violation -> Protocol.parse(violation.protocol()).getOrElse(Protocol.TCP))
            .thenComparing(ViolationEntry::code);

    private ReportAgreement() {}

    private record Place(String vip, String protocol) {
        static Place of(ViolationEntry violation) {
            return new Place(violation.vip(), violation.protocol());
        }
    }

    /** Whether a violation is one that only the nodes together show. */
    static boolean isOne(Violation violation) {
        return violation.code().equals(VerifyFindings.NODES_DISAGREE);
    }

    /** The violations, sorted, with those that the nodes together show. */
    static Vector<ViolationEntry> check(Vector<NodeEntry> nodes, Vector<ViolationEntry> all) {
        Vector<ViolationEntry> own =
                all.reject(violation -> violation.code().equals(VerifyFindings.NODES_DISAGREE.code()));
        long known = nodes.count(node -> node.classes() > 0);
        if (known < 2) {
            return own.sorted(ORDER);
        }
        Set<String> looked =
                nodes.filter(node -> node.classes() > 0).map(NodeEntry::name).toJavaSet();
        Map<Place, Set<String>> nodesAt = new HashMap<>();
        Vector<ViolationEntry> odd =
                own.filter(violation -> violation.comparable() && looked.contains(violation.node()));
        odd.forEach(violation -> nodesAt.computeIfAbsent(Place.of(violation), place -> new HashSet<>())
                .add(violation.node()));
        Vector<ViolationEntry> alone = odd.sorted(ORDER)
                .filter(violation ->
                        2L * nodesAt.getOrDefault(Place.of(violation), Set.of()).size() <= known)
                .distinctBy(violation -> Vector.of(violation.node(), violation.vip(), violation.protocol()))
                .map(violation -> disagreement(
                        violation,
                        (int) known
                                - nodesAt.getOrDefault(Place.of(violation), Set.of())
                                        .size()));
        return own.appendAll(alone).sorted(ORDER);
    }

    private static AddressPort vip(ViolationEntry violation) {
        return AddressPort.parse(violation.vip()).getOrElse(NOWHERE);
    }

    private static ViolationEntry disagreement(ViolationEntry violation, int others) {
        return new ViolationEntry(
                VerifyFindings.NODES_DISAGREE.code(),
                VerifyFindings.NODES_DISAGREE.severity(),
                violation.node(),
                violation.service(),
                violation.port(),
                violation.protocol(),
                violation.vip(),
                Agreement.message(violation.node(), vip(violation), others),
                violation.witness(),
                violation.expected(),
                violation.actual(),
                violation.trail(),
                violation.evidence(),
                false);
    }
}
