package dev.podpath.k8s.objects;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import dev.podpath.core.verify.VerifyFindings;
import io.vavr.collection.Vector;

/** The kinds of findings the objects alone can show. */
final class Findings {
    static final FindingCode STALE_ENDPOINT = VerifyFindings.STALE_ENDPOINT;

    static final FindingCode BALANCER_BYPASSED = new FindingCode(
            "PP-LB-023",
            Severity.INFO,
            "the load balancer is bypassed from inside the cluster",
            "kube-proxy serves the addresses in status.loadBalancer.ingress[].ip on every node, so a pod or node that calls"
                    + " the load balancer's address never reaches the load balancer: its TLS termination, access control"
                    + " list and PROXY protocol do not apply. With externalTrafficPolicy Local the answer depends on the"
                    + " proxy mode and on where the endpoints are.",
            "call the service by its cluster name from inside, or make the cloud controller publish a hostname instead of"
                    + " an ip");

    private Findings() {}

    static Vector<FindingCode> all() {
        return Vector.of(STALE_ENDPOINT, BALANCER_BYPASSED);
    }
}
