package dev.podpath.core.verify;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.intent.Expectation;
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
import java.util.concurrent.ConcurrentHashMap;

/**
 * Collects what is wrong on a node: for each place and kind of fault one violation, with the first packet that showed it.
 * Safe for use from several threads, as long as packets to one address are looked at by one thread at a time.
 */
final class Faults {
    private final Context context;
    private final Senders senders;
    private final Map<Place, Violation> violations = new ConcurrentHashMap<>();
    private final Map<Place, UnknownVerdict> unknowns = new ConcurrentHashMap<>();

    Faults(Context context) {
        this.context = context;
        this.senders = new Senders(context);
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

    /** A packet to a service does not end as it is meant to. */
    void add(Claim claim, Expectation wanted, CellCheck.Fault fault, Witness witness) {
        ProxyVerdict verdict = context.proxy().route(witness.packet(), witness.arrival());
        if (fault == CellCheck.Fault.UNKNOWN) {
            unknown(Option.some(context.table().service(claim.service()).key()), witness, verdict);
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
