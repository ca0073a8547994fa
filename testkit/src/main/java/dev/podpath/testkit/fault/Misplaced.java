package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** What kind of fault it is to send to an address that is none of the intended ones. */
public final class Misplaced {
    private Misplaced() {}

    /**
     * The kind of finding.
     *
     * @param service the service port that is asked for
     * @param to where the packets go
     * @param scene what the orchestrator says
     */
    public static Set<FindingCode> codes(Option<ServicePortRef> service, AddressPort to, Scene scene) {
        Cluster cluster = scene.cluster();
        Vector<Endpoint> own = service.map(cluster::endpointsOf).getOrElse(Vector.empty());
        Option<Endpoint> same = own.find(endpoint -> endpoint.address().equals(to));
        if (same.isDefined()) {
            boolean usable =
                    same.get().ready() || same.get().serving() && same.get().terminating();
            return HashSet.of(usable ? VerifyFindings.POLICY : VerifyFindings.STALE_ENDPOINT);
        }
        if (own.exists(endpoint -> endpoint.address().address().equals(to.address()))) {
            return HashSet.of(VerifyFindings.WRONG_PORT);
        }
        return HashSet.of(
                cluster.podWithOwnAddress(to.address()).isDefined()
                        ? VerifyFindings.MISDELIVERY
                        : VerifyFindings.STALE_ENDPOINT);
    }
}
