package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** A connection at a port that a controller hands on to a service as it is. */
final class StreamStep {
    private final Cluster cluster;
    private final HopDraft draft;
    private final StreamServices.Taken taken;

    StreamStep(Cluster cluster, HopDraft draft, StreamServices.Taken taken) {
        this.cluster = cluster;
        this.draft = draft;
        this.taken = taken;
    }

    Hop hop() {
        draft.add(Decision.chose("the controller hands port "
                        + draft.at().address().port() + " on as it is, to " + taken.upstream())
                .with(taken.evidence()));
        Option<ServicePortRef> ref = service();
        Vector<AddressPort> listed = taken.servers().flatMap(Peer::address);
        if (!listed.isEmpty()) {
            return balanced(listed, ref, taken.evidence());
        }
        if (!cluster.captured().services() || !cluster.captured().endpoints()) {
            return draft.unknown(Decision.unknown(
                    "services or EndpointSlices were not captured, so the endpoints of " + taken.upstream()
                            + " are not known",
                    new Missing(
                            "kubernetes/endpointslices.json",
                            "kubectl get endpointslices -A -o json > kubernetes/endpointslices.json")));
        }
        Vector<Endpoint> ready = ref.map(found -> cluster.endpointsOf(found).filter(Endpoint::ready))
                .getOrElse(Vector.empty());
        if (ready.isEmpty()) {
            Vector<Evidence> evidence = taken.evidence()
                    .appendAll(ref.flatMap(found -> cluster.service(found.service()))
                            .map(Service::evidence));
            draft.add(Decision.notFound("there is no endpoint of " + taken.upstream() + ": "
                            + (protocol() == Protocol.UDP ? "the packet is dropped" : "the connection is closed"))
                    .with(evidence));
            draft.find(new Finding(
                    NginxFindings.NO_ENDPOINTS,
                    NginxFindings.NO_ENDPOINTS.severity(),
                    protocol() + " service " + taken.upstream() + " of "
                            + draft.pod().id() + " has no endpoints",
                    evidence));
            return draft.ends(Disposition.REJECTED, Option.none());
        }
        return balanced(
                ready.map(Endpoint::address).distinct(),
                ref,
                ready.map(Endpoint::evidence).distinct());
    }

    private Hop balanced(Vector<AddressPort> addresses, Option<ServicePortRef> ref, Vector<Evidence> evidence) {
        draft.add(Decision.chose(
                        "it balances over " + addresses.size() + " endpoints in turn: " + addresses.mkString(", "))
                .with(evidence));
        return draft.goesOn(addresses.map(
                address -> Branch.of(new PodPort(address, ref, OwnSide.flow(draft)), Share.of(1, addresses.size()))));
    }

    private Protocol protocol() {
        return draft.at().flow().protocol();
    }

    private Option<ServicePortRef> service() {
        int slash = taken.upstream().indexOf('/');
        if (slash < 0) {
            return new ServiceOfUpstream(cluster, protocol()).find(taken.upstream(), Option.none());
        }
        String[] parts = taken.upstream().substring(slash + 1).split(":", -1);
        String port = parts.length > 1 ? parts[1] : "";
        return cluster.service(new ServiceKey(taken.upstream().substring(0, slash), parts[0]))
                .flatMap(found -> found.ports()
                        .find(each -> each.protocol() == protocol()
                                && (Integer.toString(each.port()).equals(port)
                                        || each.name().equals(port)))
                        .map(found::ref));
    }
}
