package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Liveness;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
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
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The end of most paths: whether the address is a live endpoint of the service, or a pod that can serve. */
final class PodResolver implements HopResolver {
    private final Cluster cluster;

    PodResolver(Cluster cluster) {
        this.cluster = cluster;
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
        return Hop.at(at, HopKind.POD, "endpoint " + at.address() + " of " + service)
                .decisions(Vector.of(Decision.unknown(
                        ((Liveness.Untold) liveness).reason() + ", so whether " + at.address()
                                + " is a live endpoint is not known",
                        new Missing(
                                "kubernetes/endpointslices.json",
                                "kubectl get endpointslices -A -o json > kubernetes/endpointslices.json"))))
                .ends(Disposition.UNKNOWN, Target.at(at.address()))
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
        String on = node.map(Node::name).getOrElse("the node");
        return Hop.at(at, HopKind.NODE, "a process of node " + on + " at " + at.address())
                .decisions(Vector.of(Decision.unknown(
                        "no captured pod declares port " + at.address().port() + " on node " + on
                                + "; whether another process listens there is not known",
                        new Missing("the sockets of node " + on, "ss -ltnup   # on the node"))))
                .ends(Disposition.UNKNOWN, target(at.address(), Option.none()))
                .build();
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
