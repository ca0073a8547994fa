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
            "The load balancer is bypassed from inside the cluster",
            "kube-proxy serves the addresses in status.loadBalancer.ingress[].ip on every node, so a pod or node that calls"
                    + " the load balancer's address never reaches the load balancer: its TLS termination, access control"
                    + " list and PROXY protocol do not apply. With externalTrafficPolicy Local the answer depends on the"
                    + " proxy mode and on where the endpoints are.",
            "Call the service by its cluster name from inside, or make the cloud controller publish a hostname instead of"
                    + " an ip");

    static final FindingCode DROPPED_WITHOUT_POD = new FindingCode(
            "PP-ING-056",
            Severity.WARNING,
            "Requests are sent to a node that has no pod of a service with externalTrafficPolicy Local",
            "With externalTrafficPolicy Local a node without a ready pod of the service drops what comes to the service's node port."
                    + " A load balancer is meant to leave such nodes out by the service's health check; where it does not, that"
                    + " part of the requests times out.",
            "Point the load balancer's health check at the service's healthCheckNodePort, run a controller pod on every node"
                    + " that is a backend, or use externalTrafficPolicy Cluster.");

    private Findings() {}

    static Vector<FindingCode> all() {
        return Vector.of(STALE_ENDPOINT, BALANCER_BYPASSED, DROPPED_WITHOUT_POD);
    }
}
