package dev.podpath.k8s.objects;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** The kinds of findings the objects alone can show. */
final class Findings {
    static final FindingCode STALE_ENDPOINT = new FindingCode(
            "PP-NODE-030",
            Severity.ERROR,
            "a node sends requests to an address that is no live endpoint of the service",
            "The rules of a node, or the list of an ingress controller, still hold an address that Kubernetes does not count"
                    + " as a live endpoint of the service: the pod is gone, not ready, or the address belongs to another pod"
                    + " by now. Requests time out, are refused, or reach the wrong pod. The usual cause is that kube-proxy on"
                    + " that node stopped following the API server.",
            "look at kube-proxy's log on that node and restart it; compare the node's rules with kubectl get"
                    + " endpointslices");

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
