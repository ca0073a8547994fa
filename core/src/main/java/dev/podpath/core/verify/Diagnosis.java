package dev.podpath.core.verify;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import dev.podpath.core.intent.EndpointSet;
import dev.podpath.core.intent.Expectation;
import dev.podpath.core.intent.Masquerade;
import dev.podpath.core.intent.PortIntent;
import dev.podpath.core.intent.VipKind;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out what kind of fault it is where a packet does not end as it is meant to, and says so. */
final class Diagnosis {
    private final Context context;
    private final Case one;
    private final Service service;
    private final Option<PortIntent> port;
    private final List<Violation> found = new ArrayList<>();

    private Diagnosis(Context context, Case one) {
        this.context = context;
        this.one = one;
        this.service = context.table().service(one.claim().service());
        this.port = one.claim().port() < 0
                ? Option.none()
                : Option.some(context.intents()[one.claim().service()].port(
                        one.claim().port()));
    }

    /** The violations a packet shows; none where somebody else than kube-proxy changes the source, as is their right. */
    static List<Violation> of(Context context, Case one) {
        Diagnosis diagnosis = new Diagnosis(context, one);
        switch (one.fault()) {
            case ENDS -> diagnosis.ends();
            case MASQUERADE -> diagnosis.masquerade();
            case SHARES -> diagnosis.shares();
            case AFFINITY -> diagnosis.affinity();
            case NONE, UNKNOWN -> {}
        }
        return diagnosis.found;
    }

    private String vip() {
        String what = switch (one.claim().kind()) {
            case CLUSTER_IP -> "cluster address ";
            case EXTERNAL_IP -> "external address ";
            case LOAD_BALANCER -> "load-balancer address ";
            case NODE_PORT -> one.claim().health() ? "health check port " : "node port ";
        };
        return what + one.vip() + "/" + one.protocol().lower() + " of service " + service.key();
    }

    private void ends() {
        wrongEnds();
        if (one.wanted().kind() == Expectation.Kind.SENT) {
            missing();
        }
    }

    private void wrongEnds() {
        List<FindingCode> seen = new ArrayList<>();
        for (ProxyBranch branch : one.verdict().branches()) {
            Wrong wrong = wrong(branch.outcome());
            if (wrong != null && !seen.contains(wrong.code())) {
                seen.add(wrong.code());
                Vector<AddressPort> alike = one.verdict()
                        .branches()
                        .filter(other -> {
                            Wrong otherWrong = wrong(other.outcome());
                            return otherWrong != null && otherWrong.code().equals(wrong.code());
                        })
                        .flatMap(other -> endpoint(other.outcome()));
                String more = alike.size() > 1 ? "; so do " + alike.tail().mkString(", ") : "";
                add(wrong.code(), wrong.severity(), wrong.message() + more, branch.trail(), wrong.evidence());
            }
        }
    }

    private record Wrong(FindingCode code, Severity severity, String message, Vector<Evidence> evidence) {
        static Wrong of(FindingCode code, String message) {
            return new Wrong(code, code.severity(), message, Vector.empty());
        }

        Wrong with(Vector<Evidence> more) {
            return new Wrong(code, severity, message, evidence.appendAll(more));
        }
    }

    private @Nullable Wrong wrong(ProxyOutcome outcome) {
        if (outcome instanceof ProxyOutcome.ToEndpoint) {
            return wrongEndpoint(endpoint(outcome).get());
        }
        boolean refused = outcome instanceof ProxyOutcome.Rejected || outcome instanceof ProxyOutcome.Dropped;
        if (refused) {
            return refused(outcome instanceof ProxyOutcome.Dropped);
        }
        return outcome instanceof ProxyOutcome.Untouched ? untouched() : null;
    }

    private Option<AddressPort> endpoint(ProxyOutcome outcome) {
        return outcome instanceof ProxyOutcome.ToEndpoint to
                ? Option.some(
                        to.address().port() == 0
                                ? new AddressPort(
                                        to.address().address(), one.vip().port())
                                : to.address())
                : Option.none();
    }

    private @Nullable Wrong refused(boolean dropped) {
        String how = dropped ? "drops" : "rejects";
        return switch (one.wanted().kind()) {
            case SENT, SENT_OR_PAST -> {
                boolean ranges = one.claim().kind() == VipKind.LOAD_BALANCER
                        && !service.sourceRanges().isEmpty();
                yield ranges
                        ? Wrong.of(
                                VerifyFindings.SOURCE_RANGES,
                                "the node " + how + " packets from "
                                        + one.packet().source() + " to " + vip() + ", which its source ranges allow")
                        : Wrong.of(
                                VerifyFindings.REFUSED,
                                "the node " + how + " packets to " + vip() + ", which has "
                                        + one.wanted().endpoints().size() + " endpoints for them");
            }
            case LET_PASS ->
                Wrong.of(
                        VerifyFindings.REFUSED,
                        "the node " + how + " packets to " + vip() + ", which kube-proxy opens");
            case REJECTED, DROPPED -> {
                boolean wantsDrop = one.wanted().kind() == Expectation.Kind.DROPPED;
                yield dropped == wantsDrop
                        ? null
                        : new Wrong(
                                VerifyFindings.NOT_REFUSED,
                                Severity.WARNING,
                                "the node " + how + " packets to " + vip() + " where kube-proxy "
                                        + (wantsDrop ? "drops them" : "rejects them at once"),
                                Vector.empty());
            }
            case REFUSED, NOT_SENT, ANYTHING -> null;
        };
    }

    private @Nullable Wrong untouched() {
        return switch (one.wanted().kind()) {
            case SENT -> {
                boolean local = context.node().owns(one.vip().address())
                        || context.local().contains(one.vip().address());
                yield Wrong.of(
                        VerifyFindings.NOT_SERVED,
                        "no rule translates packets to " + vip() + ", so they "
                                + (local ? "stay on the node, where no endpoint is meant" : "leak into the network"));
            }
            case REJECTED, DROPPED, REFUSED ->
                one.wanted().bySourceRange()
                        ? Wrong.of(
                                VerifyFindings.SOURCE_RANGES,
                                "nothing stops packets from " + one.packet().source() + " to " + vip()
                                        + ", which its source ranges do not allow")
                        : Wrong.of(
                                VerifyFindings.NOT_REFUSED,
                                "nothing refuses packets to " + vip() + ", which nobody can serve");
            case SENT_OR_PAST, LET_PASS, NOT_SENT, ANYTHING -> null;
        };
    }

    private @Nullable Wrong wrongEndpoint(AddressPort to) {
        Expectation wanted = one.wanted();
        if (wanted.endpoints().contains(to)) {
            return null;
        }
        String sends = "packets to " + vip() + " are sent to " + to;
        if (wanted.bySourceRange()) {
            return Wrong.of(
                    VerifyFindings.SOURCE_RANGES,
                    sends + ", although they come from " + one.packet().source()
                            + ", which its source ranges do not allow");
        }
        EndpointSet known = port.map(PortIntent::known).getOrElse(EndpointSet.EMPTY);
        int index = known.find(to.address().high(), to.address().low(), to.port());
        if (index >= 0) {
            return knownEndpoint(known.get(index), sends);
        }
        Option<Pod> owner = context.cluster().podWithOwnAddress(to.address());
        if (known.hasAddress(to.address())) {
            return Wrong.of(VerifyFindings.WRONG_PORT, sends + ", which is not the port of the EndpointSlice")
                    .with(known.all()
                            .filter(endpoint -> endpoint.address().address().equals(to.address()))
                            .map(Endpoint::evidence));
        }
        if (owner.isDefined()) {
            return Wrong.of(
                            VerifyFindings.MISDELIVERY,
                            sends + ", which is pod " + owner.get().id() + " and no endpoint of the service")
                    .with(Vector.of(owner.get().evidence()));
        }
        return Wrong.of(VerifyFindings.STALE_ENDPOINT, sends + ", which is in no EndpointSlice of the service");
    }

    private Wrong knownEndpoint(Endpoint endpoint, String sends) {
        Vector<Evidence> evidence = Vector.of(endpoint.evidence());
        boolean drains = endpoint.serving() && endpoint.terminating();
        if (!endpoint.ready() && !drains) {
            return Wrong.of(VerifyFindings.STALE_ENDPOINT, sends + ", which is not ready")
                    .with(evidence);
        }
        if (one.claim().kind() == VipKind.NODE_PORT && one.wanted().kind() == Expectation.Kind.NOT_SENT) {
            return Wrong.of(
                            VerifyFindings.NODE_PORT_ADDRESS,
                            sends + ", although node ports are not to be served at "
                                    + one.vip().address())
                    .with(evidence);
        }
        String why = !endpoint.ready()
                ? ", which terminates while others are ready"
                : one.wanted().endpoints().isEmpty()
                        ? ", although the policy of the service leaves this node no endpoint"
                        : ", which the policy or topology of the service excludes on this node";
        return Wrong.of(VerifyFindings.POLICY, sends + why).with(evidence);
    }

    /** Endpoints that get nothing while others get something; where none does, the packets' real end says more. */
    private void missing() {
        Vector<AddressPort> reached = one.verdict().branches().flatMap(branch -> endpoint(branch.outcome()));
        if (reached.isEmpty()) {
            return;
        }
        Vector<Endpoint> missing = one.wanted()
                .endpoints()
                .all()
                .reject(endpoint -> reached.contains(endpoint.address()))
                .reject(endpoint -> reached.exists(
                        to -> to.address().equals(endpoint.address().address())
                                && !one.wanted().endpoints().contains(to)));
        if (!missing.isEmpty()) {
            add(
                    VerifyFindings.MISSING_ENDPOINT,
                    "packets to " + vip() + " never reach "
                            + missing.map(Endpoint::address).mkString(", "),
                    one.verdict().branches().head().trail(),
                    missing.map(Endpoint::evidence));
        }
    }

    private void masquerade() {
        for (ProxyBranch branch : one.verdict().branches()) {
            boolean changed = branch.sourceNat().isTranslated();
            boolean wanted = isMasqueraded(branch.outcome());
            if (changed == wanted || branch.sourceNat() instanceof SourceNat.Unknown) {
                continue;
            }
            if (changed && !Trails.endsInKubeProxy(branch.trail())) {
                // Somebody else's rule, such as the network plugin's for what leaves the pod network.
                continue;
            }
            String source = "the source " + one.packet().source() + " of packets to " + vip();
            String towards =
                    endpoint(branch.outcome()).map(to -> " towards " + to).getOrElse("");
            add(
                    VerifyFindings.MASQUERADE,
                    source + (changed ? " is changed" : " is kept") + towards + " where kube-proxy "
                            + (wanted ? "changes it" : "keeps it"),
                    branch.trail(),
                    Vector.empty());
            return;
        }
    }

    private boolean isMasqueraded(ProxyOutcome outcome) {
        return one.wanted().masquerade() == Masquerade.ALWAYS
                || endpoint(outcome)
                        .exists(to -> to.address().equals(one.packet().source()));
    }

    private void shares() {
        EndpointSet endpoints = one.wanted().endpoints();
        Vector<String> skewed = endpoints.all().map(Endpoint::address).flatMap(address -> {
            Share share = one.verdict()
                    .branches()
                    .filter(branch -> endpoint(branch.outcome()).contains(address))
                    .map(ProxyBranch::share)
                    .foldLeft(Share.none(), Share::or);
            boolean even = share instanceof Share.Exact exact
                    && Math.abs(exact.value().toDouble() - 1.0 / endpoints.size()) <= 2e-5;
            return even ? Option.none() : Option.some(address + " gets " + share);
        });
        add(
                VerifyFindings.SKEWED_SHARE,
                "of new connections to " + vip() + " every endpoint is meant to get 1/" + endpoints.size() + ", but "
                        + skewed.mkString(", "),
                one.verdict().branches().head().trail(),
                Vector.empty());
    }

    private void affinity() {
        int wanted = one.wanted().affinitySeconds();
        String is = one.verdict()
                .affinitySeconds()
                .map(seconds -> "keep a client at its endpoint for " + seconds + " s")
                .getOrElse("place every connection anew");
        String meant = wanted == 0
                ? "the service does not ask for that"
                : "the service asks for sessionAffinity ClientIP of " + wanted + " s";
        add(
                VerifyFindings.AFFINITY,
                "the rules for " + vip() + " " + is + ", and " + meant,
                one.verdict().branches().head().trail(),
                Vector.empty());
    }

    private void add(FindingCode code, String message, Vector<RuleStep> trail, Vector<Evidence> evidence) {
        add(code, code.severity(), message, trail, evidence);
    }

    private void add(
            FindingCode code, Severity severity, String message, Vector<RuleStep> trail, Vector<Evidence> evidence) {
        boolean leftover = Trails.hasOtherMode(trail, context.settings().mode());
        FindingCode kind = leftover ? VerifyFindings.OTHER_MODE : code;
        found.add(Violation.builder()
                .code(kind)
                .severity(leftover ? kind.severity() : severity)
                .node(context.plane().node())
                .service(Option.some(service.key()))
                .port(port.map(intent -> intent.port().port()))
                .protocol(one.protocol())
                .vip(one.vip())
                .message(leftover ? message + ", by rules of another proxy mode" : message)
                .witness(one.witness())
                .expected(EndLists.expected(one))
                .actual(EndLists.actual(one.verdict()))
                .trail(trail)
                .evidence(evidence.append(service.evidence()).distinct())
                .build());
    }
}
