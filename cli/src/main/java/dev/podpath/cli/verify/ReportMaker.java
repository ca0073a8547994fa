package dev.podpath.cli.verify;

import dev.podpath.cli.verify.VerifyReport.EndEntry;
import dev.podpath.cli.verify.VerifyReport.FindingEntry;
import dev.podpath.cli.verify.VerifyReport.MissingEntry;
import dev.podpath.cli.verify.VerifyReport.NodeEntry;
import dev.podpath.cli.verify.VerifyReport.PlaceEntry;
import dev.podpath.cli.verify.VerifyReport.ProblemEntry;
import dev.podpath.cli.verify.VerifyReport.StepEntry;
import dev.podpath.cli.verify.VerifyReport.TableEntry;
import dev.podpath.cli.verify.VerifyReport.UnknownEntry;
import dev.podpath.cli.verify.VerifyReport.ViolationEntry;
import dev.podpath.cli.verify.VerifyReport.WitnessEntry;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.RuleCoverage;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.verify.Agreement;
import dev.podpath.core.verify.End;
import dev.podpath.core.verify.NodeVerification;
import dev.podpath.core.verify.UnknownVerdict;
import dev.podpath.core.verify.Verification;
import dev.podpath.core.verify.Violation;
import dev.podpath.core.verify.Witness;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Reports from results. */
public final class ReportMaker {
    private ReportMaker() {}

    /**
     * The report on a result.
     *
     * @param snapshot what was verified, as the user named it
     * @param shard which part of the nodes it is
     * @param cluster the objects it was verified against
     * @param wanted the services that were looked at; empty for all
     * @param problems documents that could not be read
     */
    public static VerifyReport of(
            String snapshot,
            Option<Shard> shard,
            Cluster cluster,
            Vector<ServiceKey> wanted,
            Verification result,
            Vector<DocumentProblem> problems) {
        return new VerifyReport(
                snapshot,
                shard,
                result.nodes().map(ReportMaker::node),
                servicePorts(cluster, wanted),
                result.violations()
                        .filter(violation -> shard.isEmpty() || !ReportAgreement.isOne(violation))
                        .map(violation -> violation(cluster, violation)),
                result.unknowns().map(ReportMaker::unknown),
                result.nodes().flatMap(node -> node.findings().map(finding -> finding(node.node(), finding))),
                result.assumptions(),
                sorted(problems.map(ReportMaker::problem)));
    }

    private static ProblemEntry problem(DocumentProblem problem) {
        return new ProblemEntry(
                problem.document(),
                problem.line(),
                "found " + problem.found() + ", expected " + problem.expected() + "; " + problem.remedy());
    }

    /** Each once, by document and line. */
    static Vector<ProblemEntry> sorted(Vector<ProblemEntry> problems) {
        return problems.distinct()
                .sorted(Comparator.comparing(ProblemEntry::document)
                        .thenComparing(problem -> problem.line().getOrElse(0))
                        .thenComparing(ProblemEntry::message));
    }

    private static ServicePorts servicePorts(Cluster cluster, Vector<ServiceKey> wanted) {
        List<Service> looked = new ArrayList<>();
        int count = 0;
        for (Service service : cluster.services()) {
            if ((wanted.isEmpty() || wanted.contains(service.key()))
                    && !service.headless()
                    && service.type() != Service.Type.EXTERNAL_NAME) {
                looked.add(service);
                count += service.ports().size();
            }
        }
        return ServicePorts.of(count, () -> names(looked));
    }

    private static Vector<String> names(List<Service> services) {
        List<String> names = new ArrayList<>();
        for (Service service : services) {
            for (ServicePort port : service.ports()) {
                names.add(service.ref(port).toString());
            }
        }
        names.sort(null);
        return Vector.ofAll(names);
    }

    private static NodeEntry node(NodeVerification node) {
        return new NodeEntry(
                node.node(),
                node.mode(),
                node.result(),
                node.coverage().tables().map(ReportMaker::table),
                node.coverage().classes(),
                node.coverage().vips(),
                node.coverage().services(),
                node.coverage().arrivals(),
                node.seconds());
    }

    private static TableEntry table(RuleCoverage table) {
        return new TableEntry(table.table(), table.hooks(), table.exact(), table.neutral(), table.unknown());
    }

    private static ViolationEntry violation(Cluster cluster, Violation violation) {
        return new ViolationEntry(
                violation.code().code(),
                violation.severity(),
                violation.node(),
                violation.service().map(ServiceKey::toString),
                violation.port(),
                violation.protocol().lower(),
                violation.vip().toString(),
                violation.message(),
                witness(violation.witness()),
                violation.expected().map(ReportMaker::end),
                violation.actual().map(ReportMaker::end),
                violation.trail().map(ReportMaker::step),
                violation.evidence().map(ReportMaker::place),
                Agreement.isComparable(cluster, violation));
    }

    private static UnknownEntry unknown(UnknownVerdict unknown) {
        return new UnknownEntry(
                unknown.node(),
                unknown.service().map(ServiceKey::toString),
                unknown.vip().map(AddressPort::toString),
                unknown.protocol().map(Protocol::lower),
                unknown.why(),
                unknown.missing().map(ReportMaker::missing),
                unknown.witness().map(ReportMaker::witness));
    }

    private static FindingEntry finding(String node, Finding finding) {
        return new FindingEntry(
                finding.code().code(),
                finding.severity(),
                node,
                finding.message(),
                finding.evidence().map(ReportMaker::place));
    }

    private static WitnessEntry witness(Witness witness) {
        return new WitnessEntry(
                witness.packet().source().toString(),
                witness.packet().sourcePort(),
                witness.packet().destination().toString(),
                witness.packet().destinationPort(),
                witness.packet().protocol().lower(),
                arrival(witness.arrival()));
    }

    private static String arrival(Arrival arrival) {
        return arrival.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')
                + arrival.inputInterface().map(name -> "@" + name).getOrElse("");
    }

    private static EndEntry end(End end) {
        return new EndEntry(
                end.kind().name(),
                end.endpoint().map(AddressPort::toString),
                end.share().toString(),
                end.source().name());
    }

    private static StepEntry step(RuleStep step) {
        return new StepEntry(step.table(), step.chain(), place(step.evidence()));
    }

    private static PlaceEntry place(Evidence evidence) {
        return new PlaceEntry(evidence.document(), evidence.line(), evidence.pointer(), evidence.excerpt());
    }

    private static MissingEntry missing(Missing missing) {
        return new MissingEntry(missing.what(), missing.capture());
    }
}
