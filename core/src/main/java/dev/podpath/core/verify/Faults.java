package dev.podpath.core.verify;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.intent.Expectation;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Collects what is wrong on a node: for each place and kind of fault one violation, with the first packet that showed it.
 * Safe for use from several threads, as long as packets to one address are looked at by one thread at a time.
 */
final class Faults {
    private final Context context;
    private final Senders senders;
    private final Map<Place, Violation> violations = new ConcurrentHashMap<>();
    private final Map<Place, UnknownVerdict> unknowns = new ConcurrentHashMap<>();
    private final Set<String> assumptions = new ConcurrentSkipListSet<>();

    Faults(Context context, Senders senders) {
        this.context = context;
        this.senders = senders;
    }

    private record Place(AddressPort vip, Protocol protocol, String what) {}

    Senders senders() {
        return senders;
    }

    Vector<Violation> violations() {
        return Vector.ofAll(violations.values()).sorted();
    }

    Vector<UnknownVerdict> unknowns() {
        return Vector.ofAll(unknowns.values()).sorted();
    }

    /** What was taken for granted of some packets. */
    Vector<String> assumptions() {
        return Vector.ofAll(assumptions);
    }

    /** A packet to a service does not end as it is meant to. */
    void add(Claim claim, Expectation wanted, CellCheck.Fault fault, Witness witness) {
        ProxyVerdict verdict = context.proxy().route(witness.packet(), witness.arrival());
        if (fault == CellCheck.Fault.UNKNOWN) {
            unknown(Option.some(context.table().service(claim.service()).key()), witness, verdict);
            return;
        }
        if (isZoneMissing(claim)) {
            unknown(
                    claim,
                    witness,
                    "its endpoints have topology hints, and the zone of the node is not known",
                    new Missing("kubernetes/nodes.json", "kubectl get nodes -o json > kubernetes/nodes.json"));
            return;
        }
        if (fault == CellCheck.Fault.ENDS && isExempt(verdict) && isLeftToTheNode(claim, witness)) {
            return;
        }
        for (Violation violation : Diagnosis.of(context, new Case(claim, wanted, fault, witness, verdict))) {
            keep(violation);
        }
    }

    void keep(Violation violation) {
        violations.putIfAbsent(
                new Place(
                        violation.vip(), violation.protocol(), violation.code().code()),
                violation);
    }

    /** Whether what is intended depends on a zone nobody knows, because nodes were not captured. */
    private boolean isZoneMissing(Claim claim) {
        return context.node().zone().isEmpty()
                && !context.cluster().captured().nodes()
                && context.cluster().node(context.plane().node()).isEmpty()
                && context.table()
                        .endpoints(claim.service())
                        .exists(endpoint -> !endpoint.zoneHints().isEmpty());
    }

    private void unknown(Claim claim, Witness witness, String why, Missing missing) {
        AddressPort vip = witness.packet().to();
        Protocol protocol = witness.packet().protocol();
        unknowns.putIfAbsent(
                new Place(vip, protocol, why),
                new UnknownVerdict(
                        context.plane().node(),
                        Option.some(context.table().service(claim.service()).key()),
                        Option.some(vip),
                        Option.some(protocol),
                        why,
                        Vector.of(missing),
                        Option.some(witness)));
    }

    /** Whether a rule keeps the rules of kube-proxy from being asked, as those of NodeLocal DNSCache do. */
    private boolean isExempt(ProxyVerdict verdict) {
        return context.settings().mode() != ProxyMode.IPVS
                && verdict.branches()
                        .forAll(branch -> branch.outcome() instanceof ProxyOutcome.Untouched
                                && branch.trail().exists(Trails::isExemption));
    }

    /** Whether the node has the address itself, so that a server there answers; noted, also where it is not known. */
    private boolean isLeftToTheNode(Claim claim, Witness witness) {
        AddressPort vip = witness.packet().to();
        String place = vip + "/" + witness.packet().protocol().lower();
        if (context.local().contains(vip.address())) {
            assumptions.add("a server on the node that has the address, such as NodeLocal DNSCache, answers packets to "
                    + place + ": a rule exempts them from connection tracking, so kube-proxy's never see them");
            return true;
        }
        if (context.plane().uplink().isDefined()) {
            return false;
        }
        String node = context.plane().node();
        unknown(
                claim,
                witness,
                "a rule exempts packets to " + place
                        + " from connection tracking, so kube-proxy's never see them; whether"
                        + " the node has the address itself, as with NodeLocal DNSCache, is not known",
                new Missing("nodes/" + node + "/ip-addr.json", "ip -j addr > ip-addr.json   # on node " + node));
        return true;
    }

    private void unknown(Option<ServiceKey> service, Witness witness, ProxyVerdict verdict) {
        Option<ProxyOutcome.Unknown> outcome = verdict.branches()
                .map(ProxyBranch::outcome)
                .find(end -> end instanceof ProxyOutcome.Unknown)
                .map(end -> (ProxyOutcome.Unknown) end);
        String why = outcome.map(ProxyOutcome.Unknown::why).getOrElse("whether the source changes cannot be told");
        Vector<Missing> missing = outcome.map(ProxyOutcome.Unknown::missing).getOrElse(Vector.empty());
        AddressPort vip = witness.packet().to();
        Protocol protocol = witness.packet().protocol();
        unknowns.putIfAbsent(
                new Place(vip, protocol, why),
                new UnknownVerdict(
                        context.plane().node(),
                        service,
                        Option.some(vip),
                        Option.some(protocol),
                        why,
                        missing,
                        Option.some(witness)));
    }

    /** A packet to no service port reaches an endpoint. */
    void foreign(Witness witness, Vector<ServiceKey> owner) {
        ProxyVerdict verdict = context.proxy().route(witness.packet(), witness.arrival());
        Option<ProxyBranch> branch = verdict.branches().find(each -> each.outcome() instanceof ProxyOutcome.ToEndpoint);
        if (branch.isEmpty() || isSomebodyElses(branch.get(), witness)) {
            return;
        }
        AddressPort to = ((ProxyOutcome.ToEndpoint) branch.get().outcome()).address();
        boolean leftover =
                Trails.hasOtherMode(branch.get().trail(), context.settings().mode());
        FindingCode code = leftover ? VerifyFindings.OTHER_MODE : VerifyFindings.NO_SUCH_SERVICE;
        AddressPort vip = witness.packet().to();
        String place = vip + "/" + witness.packet().protocol().lower();
        String whose = owner.isEmpty()
                ? ", which is an address of no service"
                : ", which is an address of service " + owner.head() + " and none of its ports";
        keep(Violation.builder()
                .code(code)
                .node(context.plane().node())
                .service(owner.headOption())
                .port(Option.none())
                .protocol(witness.packet().protocol())
                .vip(vip)
                .message("packets to " + place + whose + ", are sent to " + to)
                .witness(witness)
                .expected(Vector.of(EndLists.end(Ends.Kind.UNTOUCHED)))
                .actual(EndLists.actual(verdict))
                .trail(branch.get().trail())
                .build());
    }

    /** A host port of a pod, or a rule that kube-proxy has nothing to do with. */
    private boolean isSomebodyElses(ProxyBranch branch, Witness witness) {
        AddressPort to = ((ProxyOutcome.ToEndpoint) branch.outcome()).address();
        int port = to.port() == 0 ? witness.packet().destinationPort() : to.port();
        boolean hostPort = context.cluster()
                .podsAt(to.address())
                .exists(pod -> pod.ports()
                        .exists(each -> each.port() == port
                                && each.hostPort().contains(witness.packet().destinationPort())));
        return hostPort || !branch.trail().isEmpty() && !Trails.hasKubeProxy(branch.trail());
    }
}
