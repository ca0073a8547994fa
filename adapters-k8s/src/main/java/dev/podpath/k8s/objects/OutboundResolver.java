package dev.podpath.k8s.objects;

import dev.podpath.core.location.Outbound;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Target;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The way out where no cloud says how it goes on: the source on the wire is known, what lies beyond is not. */
final class OutboundResolver implements HopResolver {
    @Override
    public String id() {
        return "kubernetes.outbound";
    }

    @Override
    public int order() {
        return 900;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof Outbound;
    }

    @Override
    public Resolution resolve(Location location) {
        Outbound at = (Outbound) location;
        boolean visible = at.source().isPublic();
        Decision beyond = Decision.unknown(
                "what lies between node " + at.node() + " and " + at.destination() + " was not captured"
                        + (visible ? "" : "; " + at.source() + " is a private address, so something must translate it"),
                new Missing(
                        "the address the other side sees",
                        "curl -s URL_OF_AN_ECHO_SERVICE   # in the pod, with a service you trust"));
        return Resolution.of(Hop.at(at, HopKind.ROUTE, "out of node " + at.node() + " as " + at.source())
                .decisions(Vector.of(
                        Decision.found("the packet leaves node " + at.node() + " with the source " + at.source()),
                        beyond))
                .ends(
                        Disposition.UNKNOWN,
                        Target.builder()
                                .address(Option.some(at.destination()))
                                .node(Option.some(at.node()))
                                .build())
                .build());
    }
}
