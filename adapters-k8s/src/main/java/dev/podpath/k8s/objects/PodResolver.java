package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Liveness;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Target;
import io.vavr.Lazy;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The end of most paths: whether the address is a live endpoint of the service, or a pod that can serve. */
final class PodResolver implements HopResolver {
    private final Cluster cluster;
    private final Lazy<Map<IpAddress, Vector<Endpoint>>> endpointsByAddress;

    PodResolver(Cluster cluster) {
        this.cluster = cluster;
        this.endpointsByAddress = Lazy.of(
                () -> cluster.endpoints().groupBy(endpoint -> endpoint.address().address()));
    }

    @Override
    public String id() {
        return "kubernetes.pod";
    }

    @Override
    public int order() {
        return 200;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof PodPort;
    }

    @Override
    public Resolution resolve(Location location) {
        PodPort at = (PodPort) location;
        return Resolution.of(
                at.service().isDefined() ? endpoint(at, at.service().get()) : direct(at));
    }

    private Hop endpoint(PodPort at, ServicePortRef service) {
        Liveness liveness = cluster.liveness(at.address(), service);
        if (liveness instanceof Liveness.Live live) {
            return live(at, service, live);
        }
        if (liveness instanceof Liveness.Stale stale) {
            return Hop.at(at, HopKind.POD, at.address() + " is no live endpoint of " + service)
                    .decisions(Vector.of(Decision.notFound(stale.reason()).with(stale.evidence())))
                    .findings(Vector.of(new Finding(
                            Findings.STALE_ENDPOINT,
                            Findings.STALE_ENDPOINT.severity(),
                            "requests for " + service + " are sent to " + at.address() + ": " + stale.reason(),
                            stale.evidence())))
                    .ends(
                            Disposition.DELIVERED_STALE,
                            target(
                                    at.address(),
                                    cluster.podWithOwnAddress(at.address().address())))
                    .build();
        }
        return untold(at, service, ((Liveness.Untold) liveness).reason());
    }

    private Hop untold(PodPort at, ServicePortRef service, String reason) {
        Option<Pod> owner = cluster.podWithOwnAddress(at.address().address());
        Vector<Decision> known = owner.map(pod ->
                        Decision.found(at.address().address() + " is the address of pod " + pod.id(), pod.evidence()))
                .toVector();
        return Hop.at(at, HopKind.POD, "endpoint " + at.address() + " of " + service)
                .decisions(known.append(Decision.unknown(
                        reason + ", so whether " + at.address() + " is a live endpoint is not known",
                        Captures.ENDPOINTS)))
                .ends(Disposition.UNKNOWN, target(at.address(), owner))
                .build();
    }

    private Hop live(PodPort at, ServicePortRef service, Liveness.Live live) {
        Option<Pod> pod = live.pod();
        Decision slice = Decision.found(
                live.draining()
                        ? at.address() + " serves while it terminates"
                        : at.address() + " is a ready endpoint of " + service,
                live.endpoint().evidence());
        Vector<Decision> decisions = Vector.of(slice)
                .appendAll(pod.map(p ->
                        Decision.found("pod " + p.id() + " is running, ready and owns the address", p.evidence())));
        String title = pod.map(p -> "pod " + p.id()).getOrElse("endpoint") + " " + at.address();
        boolean assumed = pod.isEmpty() && live.endpoint().pod().isDefined();
        return Hop.at(at, HopKind.POD, title)
                .decisions(decisions)
                .assumptions(
                        assumed
                                ? Vector.of(
                                        "pods were not captured; that an endpoint is ready rests on its EndpointSlice")
                                : Vector.empty())
                .ends(
                        Disposition.DELIVERED,
                        Target.builder()
                                .address(Option.some(at.address()))
                                .pod(pod.map(Pod::id).orElse(live.endpoint().pod()))
                                .node(live.endpoint().node().orElse(pod.flatMap(Pod::node)))
                                .build())
                .build();
    }

    /** Sent to the address itself, not on behalf of a service. */
    private Hop direct(PodPort at) {
        Option<Pod> own = cluster.podWithOwnAddress(at.address().address());
        if (own.isDefined()) {
            return pod(at, own.get());
        }
        Option<Node> node = cluster.nodeAt(at.address().address());
        Vector<Pod> listening = node.map(n -> cluster.podsListeningOn(
                        n.name(), at.address().port(), at.flow().protocol()))
                .getOrElse(Vector.empty());
        Option<Pod> live = listening.find(Pod::isLive);
        if (live.isDefined()) {
            return pod(at, live.get());
        }
        if (listening.nonEmpty()) {
            return pod(at, listening.head());
        }
        return node.map(found -> process(at, found)).getOrElse(() -> withoutPod(at));
    }

    private Hop process(PodPort at, Node node) {
        String on = node.name();
        Decision why = cluster.captured().pods()
                ? Decision.unknown(
                        "no captured pod declares port " + at.address().port() + " on node " + on
                                + "; whether another process listens there is not known",
                        new Missing("the sockets of node " + on, "ss -ltnup   # on the node"))
                : Decision.unknown(
                        "pods were not captured, so what listens at port "
                                + at.address().port() + " of node " + on + " is not known",
                        Captures.PODS,
                        new Missing("the sockets of node " + on, "ss -ltnup   # on the node"));
        return Hop.at(at, HopKind.NODE, "a process of node " + on + " at " + at.address())
                .decisions(Vector.of(why))
                .ends(Disposition.UNKNOWN, target(at.address(), Option.none()))
                .build();
    }

    /** An address that neither a pod nor a node has; an endpoint without a pod may, such as a machine elsewhere. */
    private Hop withoutPod(PodPort at) {
        Vector<Endpoint> endpoints =
                endpointsByAddress.get().get(at.address().address()).getOrElse(Vector.empty());
        for (Endpoint endpoint : endpoints) {
            Option<ServicePortRef> ref = ref(endpoint);
            boolean same = endpoint.address().equals(at.address())
                    && endpoint.protocol() == at.flow().protocol();
            if (same && ref.isDefined() && cluster.liveness(at.address(), ref.get()) instanceof Liveness.Live live) {
                return live(at, ref.get(), live);
            }
        }
        Vector<Decision> known = endpoints
                .take(1)
                .map(endpoint -> Decision.found(
                        at.address().address() + " is an address of service " + endpoint.service(),
                        endpoint.evidence()));
        Decision unknown = cluster.captured().pods()
                ? Decision.unknown(
                        "no captured pod or node has the address "
                                + at.address().address() + "; whether it answers at port "
                                + at.address().port() + " is not known",
                        new Missing(
                                "whether " + at.address() + " answers",
                                "nc -vz " + at.address().address() + " "
                                        + at.address().port() + "   # in the pod that asks"))
                : Decision.unknown(
                        "pods were not captured, so whose address "
                                + at.address().address() + " is, is not known",
                        Captures.PODS);
        return Hop.at(at, HopKind.POD, "address " + at.address())
                .decisions(known.append(unknown))
                .ends(Disposition.UNKNOWN, Target.at(at.address()))
                .build();
    }

    private Option<ServicePortRef> ref(Endpoint endpoint) {
        return cluster.service(endpoint.service())
                .flatMap(service -> service.ports()
                        .find(port -> port.name().equals(endpoint.portName()) && port.protocol() == endpoint.protocol())
                        .map(service::ref));
    }

    private Hop pod(PodPort at, Pod pod) {
        Evidence evidence = pod.evidence();
        boolean declared = pod.ports()
                .exists(port -> port.protocol() == at.flow().protocol()
                        && (port.port() == at.address().port()
                                || port.hostPort().contains(at.address().port())));
        Vector<Decision> decisions = Vector.of(
                Decision.found(at.address().address() + " is an address of pod " + pod.id(), evidence),
                declared
                        ? Decision.found("a container of it declares port "
                                + at.address().port())
                        : Decision.notFound("no container of it declares port "
                                + at.address().port() + "; declarations are informative only"));
        if (!pod.isLive()) {
            String why = pod.terminating()
                    ? "is going away"
                    : pod.phase().equals("Running") ? "is not ready" : "is in phase " + pod.phase();
            return Hop.at(at, HopKind.POD, "pod " + pod.id() + " " + at.address())
                    .decisions(decisions.append(Decision.denied("pod " + pod.id() + " " + why, evidence)))
                    .ends(Disposition.DELIVERED_STALE, target(at.address(), Option.some(pod)))
                    .build();
        }
        return Hop.at(at, HopKind.POD, "pod " + pod.id() + " " + at.address())
                .decisions(decisions)
                .assumptions(
                        declared
                                ? Vector.empty()
                                : Vector.of("pod " + pod.id() + " listens on port "
                                        + at.address().port()))
                .ends(Disposition.DELIVERED, target(at.address(), Option.some(pod)))
                .build();
    }

    private Target target(AddressPort address, Option<Pod> pod) {
        return Target.builder()
                .address(Option.some(address))
                .pod(pod.map(Pod::id))
                .node(pod.flatMap(Pod::node)
                        .orElse(() -> cluster.nodeAt(address.address()).map(Node::name)))
                .build();
    }
}
