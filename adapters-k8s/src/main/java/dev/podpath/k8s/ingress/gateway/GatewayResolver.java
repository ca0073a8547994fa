package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Target;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * An HTTP request at a pod of a Gateway's data plane, by the standard alone: what an implementation adds is not known here. The pod or its service
 * carries the label {@code gateway.networking.k8s.io/gateway-name} (Gateway API, GEP-1762), or the Gateway's status has the service's address.
 */
final class GatewayResolver implements HopResolver {
    private static final String LABEL = "gateway.networking.k8s.io/gateway-name";
    private static final Missing ROUTES =
            new Missing("kubernetes/httproutes.json", "kubectl get httproutes -A -o json > kubernetes/httproutes.json");

    private final Cluster cluster;
    private final GatewayObjects objects;
    private final RouteTable table;

    GatewayResolver(Cluster cluster, GatewayObjects objects) {
        this.cluster = cluster;
        this.objects = objects;
        this.table = new RouteTable(objects.routes(), objects.namespaces());
    }

    @Override
    public String id() {
        return "gateway-api";
    }

    @Override
    public int order() {
        return 150;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof PodPort at && at.flow().http().isDefined();
    }

    @Override
    public Resolution resolve(Location location) {
        PodPort at = (PodPort) location;
        Option<Front> front = objects.gateways().isEmpty() ? Option.none() : front(at);
        return front.map(found -> Resolution.of(hop(at, found))).getOrElse(Resolution::declined);
    }

    /**
     * The Gateway that a pod serves.
     *
     * @param gateway the Gateway
     * @param port the port of the listener
     * @param pod the pod
     */
    private record Front(Json gateway, int port, Pod pod) {
        String id() {
            return gateway.at("metadata").textOr("default", "namespace") + "/"
                    + gateway.at("metadata").textOr("", "name");
        }

        Vector<Listener> listeners() {
            return gateway.items("spec", "listeners").map(each -> new Listener(gateway, each));
        }
    }

    private Option<Front> front(PodPort at) {
        return cluster.podsAt(at.address().address())
                .flatMap(pod -> objects.gateways().flatMap(gateway -> front(at, pod, gateway)))
                .headOption();
    }

    private Option<Front> front(PodPort at, Pod pod, Json gateway) {
        String name = gateway.at("metadata").textOr("", "name");
        String namespace = gateway.at("metadata").textOr("default", "namespace");
        Vector<Service> services = cluster.services()
                .filter(service -> service.labels().get(LABEL).contains(name)
                                && service.key().namespace().equals(namespace)
                        || service.loadBalancerIps()
                                .appendAll(service.clusterIps())
                                .exists(address -> isStatus(gateway, address)));
        boolean labelled =
                pod.labels().get(LABEL).contains(name) && pod.namespace().equals(namespace);
        Option<Integer> asked = at.service()
                .filter(ref -> services.exists(service -> service.key().equals(ref.service())))
                .map(ref -> ref.port());
        Option<Integer> behind =
                services.flatMap(service -> portBehind(service, at)).headOption();
        return labelled || behind.isDefined()
                ? Option.some(new Front(
                        gateway, asked.orElse(behind).getOrElse(at.address().port()), pod))
                : Option.none();
    }

    private static boolean isStatus(Json gateway, IpAddress address) {
        return gateway.items("status", "addresses")
                .exists(each -> each.text("value").flatMap(IpAddress::parse).contains(address));
    }

    /** The port of the service that leads to the pod's. */
    private Option<Integer> portBehind(Service service, PodPort at) {
        return service.ports()
                .find(port -> cluster.endpointsOf(service.ref(port))
                        .exists(endpoint -> endpoint.address().equals(at.address())))
                .map(ServicePort::port);
    }

    private Hop hop(PodPort at, Front front) {
        HttpRequest request = at.flow().http().get();
        Hop.Builder hop = Hop.at(
                at,
                HopKind.INGRESS,
                "Gateway " + front.id() + " at pod " + front.pod().id());
        Vector<Decision> decisions = Vector.of(Decision.found(
                "pod " + front.pod().id() + " is of the data plane of Gateway " + front.id(),
                front.pod().evidence(),
                front.gateway()
                        .evidenceOfPaths(
                                "metadata.namespace", "metadata.name", "spec.gatewayClassName", "status.addresses")));
        Option<Listener> listener = RouteTable.listener(front.listeners(), front.port(), request);
        if (listener.isEmpty()) {
            return hop.decisions(decisions.append(Decision.denied(
                            "no listener takes " + request.scheme() + " for " + request.host() + " at port "
                                    + front.port() + ": 404",
                            front.gateway().at("spec").evidence("listeners"))))
                    .ends(Disposition.REJECTED, target(at, front, "404"))
                    .build();
        }
        decisions = decisions.append(Decision.chose(
                "listener " + listener.get().name() + " takes " + request.host() + " at port " + front.port(),
                listener.get().evidence()));
        if (!objects.routesCaptured()) {
            return hop.decisions(decisions.append(Decision.unknown(
                            "HTTPRoutes were not captured, so where the request goes is not known", ROUTES)))
                    .ends(Disposition.UNKNOWN, target(at, front, ""))
                    .build();
        }
        return routed(at, front, listener.get(), hop, decisions);
    }

    private Hop routed(PodPort at, Front front, Listener listener, Hop.Builder hop, Vector<Decision> before) {
        HttpRequest request = at.flow().http().get();
        var refused = table.refused(listener, request.host());
        Vector<Decision> decisions = before.appendAll(
                refused.map(each -> Decision.skipped(each._1 + " is not attached: " + each._2, each._1.evidence())));
        Either<String, Vector<Candidate>> candidates = table.candidates(listener, request);
        if (candidates.isLeft()) {
            return hop.decisions(decisions.append(Decision.unknown(candidates.getLeft())))
                    .ends(Disposition.UNKNOWN, target(at, front, ""))
                    .build();
        }
        if (candidates.get().isEmpty()) {
            String answer = listener.passesThrough() ? "" : "404";
            return hop.decisions(decisions.append(Decision.notFound(
                            "no route of listener " + listener.name() + " fits " + request.host()
                                    + (listener.passesThrough()
                                            ? ": the connection is closed"
                                            : request.path() + ": 404"),
                            listener.evidence())))
                    .findings(refused.map(each -> Finding.of(
                            GatewayFindings.ROUTE_NOT_ATTACHED,
                            each._1 + " names " + request.host() + " and is not attached to Gateway " + front.id()
                                    + ": " + each._2,
                            each._1.evidence(),
                            listener.evidence())))
                    .ends(Disposition.REJECTED, target(at, front, answer))
                    .build();
        }
        return chosen(at, front, candidates.get(), hop, decisions);
    }

    private Hop chosen(
            PodPort at, Front front, Vector<Candidate> candidates, Hop.Builder hop, Vector<Decision> before) {
        Candidate best = candidates.head();
        HttpRequest request = at.flow().http().get();
        boolean expression = candidates.size() > 1
                && candidates.exists(each -> each.match().kind() == RouteMatch.Kind.REGEX)
                && best.match().kind() != RouteMatch.Kind.EXACT;
        Vector<Decision> decisions = before.append(Decision.chose(
                        best.rule() + " for " + request.host() + request.path() + ": " + best.match(),
                        best.rule().json().evidence("matches", "filters", "backendRefs")))
                .appendAll(candidates
                        .tail()
                        .take(3)
                        .map(other -> Decision.skipped(
                                other.rule() + " fits as well (" + other.match() + "), and comes after it",
                                other.rule().json().evidence("matches"))));
        if (expression) {
            return hop.decisions(decisions.append(Decision.unknown(
                            "a regular expression fits as well, and the standard leaves open whether it wins")))
                    .ends(Disposition.UNKNOWN, target(at, front, ""))
                    .build();
        }
        Filters filters = Filters.apply(best.rule().filters(), best.match(), request, front.port());
        decisions = decisions.appendAll(filters.decisions());
        hop.limits(filters.limits());
        hop.assumptions(assumptions(front, best, request.head()));
        if (filters.redirect().isDefined()) {
            return hop.decisions(decisions)
                    .ends(
                            Disposition.REDIRECTED,
                            target(at, front, filters.redirect().get()))
                    .build();
        }
        IpAddress own = at.address().address();
        boolean through = best.rule().route().kind() == Route.Kind.TLSRoute;
        if (through) {
            decisions = decisions.append(Decision.found(
                    "the listener passes connections through by server name: TLS is left to the backend",
                    best.rule().route().evidence()));
        }
        BackendStep step = new BackendStep(
                cluster,
                objects,
                best.rule(),
                at.flow()
                        .from(own)
                        .anew()
                        .with(through ? filters.request() : filters.request().over("http")));
        step.follow();
        return hop.decisions(decisions.appendAll(step.decisions()))
                .findings(step.findings())
                .branches(step.branches())
                .build();
    }

    private Vector<String> assumptions(Front front, Candidate best, RequestHead head) {
        Vector<String> taken = Vector.of(
                "the implementation behind Gateway " + front.id()
                        + " does as the standard says and takes the ready endpoints of a backend equally often",
                "the request is " + head + ", without further headers");
        return best.match().kind() == RouteMatch.Kind.REGEX
                ? taken.append("a regular expression of a route is compared with the whole path")
                : taken;
    }

    private static Target target(PodPort at, Front front, String answer) {
        return Target.builder()
                .address(Option.some(at.address()))
                .pod(Option.some(front.pod().id()))
                .node(front.pod().node())
                .answer(answer.isEmpty() ? Option.none() : Option.some(answer))
                .build();
    }
}
