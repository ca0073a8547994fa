package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Pod;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import io.vavr.control.Option;

/** The controller as a client of what is behind it. */
final class OwnSide {
    private OwnSide() {}

    /** Its address of the family it was reached by. */
    static IpAddress address(HopDraft draft) {
        IpAddress reached = draft.at().address().address();
        return draft.pod()
                .addresses()
                .find(address -> address.isV6() == reached.isV6())
                .getOrElse(reached);
    }

    /** The request as it comes from the controller. */
    static Flow flow(HopDraft draft) {
        return draft.at().flow().from(address(draft)).anew();
    }

    /** From where it connects. */
    static Vantage vantage(Pod pod) {
        Arrival.Kind kind = pod.hostNetwork() ? Arrival.Kind.NODE : Arrival.Kind.POD;
        return pod.node()
                .<Vantage>map(node -> new Vantage.OnNode(node, Arrival.of(kind), Option.some(pod.id())))
                .getOrElse(new Vantage.PrivateNetwork(Option.none()));
    }
}
