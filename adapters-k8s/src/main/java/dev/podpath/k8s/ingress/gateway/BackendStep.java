package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** Where the backends of a rule lead, each with its exact part of the requests. */
final class BackendStep {
    private static final Missing SERVICES =
            new Missing("kubernetes/services.json", "kubectl get services -A -o json > kubernetes/services.json");
    private static final Missing ENDPOINTS = new Missing(
            "kubernetes/endpointslices.json", "kubectl get endpointslices -A -o json > kubernetes/endpointslices.json");

    private final Cluster cluster;
    private final GatewayObjects objects;
    private final Route.Rule rule;
    private final Flow flow;
    private final List<Branch> branches = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    BackendStep(Cluster cluster, GatewayObjects objects, Route.Rule rule, Flow flow) {
        this.cluster = cluster;
        this.objects = objects;
        this.rule = rule;
        this.flow = flow;
    }

    Vector<Branch> branches() {
        return Vector.ofAll(branches);
    }

    Vector<Decision> decisions() {
        return Vector.ofAll(decisions);
    }

    Vector<Finding> findings() {
        return Vector.ofAll(findings);
    }

    /** Follows every backend with a weight; without any the rule answers 500. */
    void follow() {
        Vector<Json> weighted = rule.backends().filter(each -> weight(each) > 0);
        long total = weighted.map(BackendStep::weight).sum().longValue();
        if (total == 0) {
            decisions.add(Decision.denied(
                    rule + " has no backend with a weight: " + answer("500"),
                    rule.json().evidence("backendRefs")));
            branches.add(Branch.all(ending(answer("500"), Disposition.REJECTED, Vector.empty())));
            return;
        }
        for (Json backend : weighted) {
            backend(backend, Share.of(weight(backend), total));
        }
    }

    /** A connection that is passed through can only be closed. */
    private String answer(String status) {
        return rule.route().kind() == Route.Kind.TLSRoute ? "by closing the connection" : status;
    }

    private static long weight(Json backend) {
        return Math.max(0, Math.min(1_000_000, backend.number("weight").getOrElse(1L)));
    }

    private void backend(Json backend, Share share) {
        String name = backend.textOr("", "name");
        String namespace = backend.textOr(rule.route().namespace(), "namespace");
        boolean service = backend.textOr("Service", "kind").equals("Service")
                && backend.textOr("", "group").isEmpty();
        if (!service) {
            unresolved(backend, share, "it is a " + backend.textOr("", "kind") + " and no Service");
            return;
        }
        if (!namespace.equals(rule.route().namespace())) {
            Option<Evidence> grant = objects.grant(rule.route(), namespace, name);
            if (grant.isEmpty()) {
                unresolved(
                        backend,
                        share,
                        "no ReferenceGrant in namespace " + namespace + " lets " + rule.route() + " name it");
                return;
            }
            decisions.add(Decision.allowed(
                    "a ReferenceGrant lets the route name service " + namespace + "/" + name, grant.get()));
        }
        service(backend, new ServiceKey(namespace, name), share);
    }

    private void service(Json backend, ServiceKey key, Share share) {
        Option<Service> found = cluster.service(key);
        if (found.isEmpty() && !cluster.captured().services()) {
            untold(share, "services were not captured, so where service " + key + " leads is not known", SERVICES);
            return;
        }
        int number = backend.integer("port").getOrElse(0);
        Option<ServicePort> port = found.flatMap(service -> service.port(number, Protocol.TCP));
        if (port.isEmpty()) {
            unresolved(
                    backend,
                    share,
                    found.isEmpty() ? "there is no service " + key : "service " + key + " has no port " + number);
            return;
        }
        ServicePortRef ref = found.get().ref(port.get());
        if (!cluster.captured().endpoints()) {
            untold(share, "EndpointSlices were not captured, so the endpoints of " + ref + " are not known", ENDPOINTS);
            return;
        }
        Vector<Endpoint> ready = cluster.endpointsOf(ref).filter(Endpoint::ready);
        Vector<AddressPort> addresses = ready.map(Endpoint::address).distinct();
        if (addresses.isEmpty()) {
            Vector<Evidence> evidence =
                    Vector.of(backend.evidence(), found.get().evidence());
            decisions.add(Decision.notFound("service " + ref + " has no ready endpoint: " + answer("503"))
                    .with(evidence));
            find(
                    GatewayFindings.NO_ENDPOINTS,
                    rule + " sends requests to " + ref + ", which has no ready endpoint",
                    evidence);
            branches.add(Branch.of(ending(answer("503"), Disposition.REJECTED, Vector.empty()), share));
            return;
        }
        decisions.add(Decision.chose("backend " + ref + " takes " + share + ", over " + addresses.size()
                        + " endpoints: " + addresses.mkString(", "))
                .with(ready.map(Endpoint::evidence).distinct().prepend(backend.evidence())));
        addresses.forEach(address -> branches.add(
                Branch.of(new PodPort(address, Option.some(ref), flow), share.then(Share.of(1, addresses.size())))));
    }

    private void unresolved(Json backend, Share share, String why) {
        String what = "backend " + backend.textOr("", "name") + " of " + rule + " cannot be resolved: " + why;
        decisions.add(Decision.denied(what + "; its part of the requests gets " + answer("500"), backend.evidence()));
        find(
                GatewayFindings.BACKEND_NOT_RESOLVED,
                what,
                Vector.of(backend.evidence(), rule.route().evidence()));
        branches.add(Branch.of(ending(answer("500"), Disposition.REJECTED, Vector.empty()), share));
    }

    private void untold(Share share, String why, Missing missing) {
        branches.add(
                Branch.of(ending("unknown", Disposition.UNKNOWN, Vector.of(Decision.unknown(why, missing))), share));
    }

    private void find(FindingCode code, String message, Vector<Evidence> evidence) {
        findings.add(new Finding(code, code.severity(), message, evidence));
    }

    private Ending ending(String answer, Disposition disposition, Vector<Decision> why) {
        Target.Builder target = Target.builder();
        return new Ending(
                HopKind.INGRESS,
                disposition == Disposition.UNKNOWN ? "a backend that is not known" : "the data plane answers " + answer,
                disposition,
                disposition == Disposition.UNKNOWN
                        ? target.build()
                        : target.answer(Option.some(answer)).build(),
                why);
    }
}
