package dev.podpath.proxy.ipvs;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;

/** The kinds of findings made about IPVS. */
final class IpvsFindings {
    /** An address of a node is bound where addresses of services belong. */
    static final FindingCode NODE_ADDRESS_ON_DUMMY = new FindingCode(
            "PP-PROXY-024",
            Severity.ERROR,
            "An address of a node is on kube-ipvs0",
            "A service names an address of a node among its externalIPs or load balancer addresses. In IPVS mode kube-proxy"
                    + " puts the addresses of services on the interface kube-ipvs0 of every node, so the node takes packets"
                    + " for that address itself: what else listens there (the API server, the kubelet, ssh) can no longer be"
                    + " reached, or is reached on the wrong node.",
            "Take the node's address out of spec.externalIPs (and of the load balancer's status), and remove it from"
                    + " kube-ipvs0 with: ip addr del ADDRESS dev kube-ipvs0. kube-proxy of Kubernetes 1.27.3 and later"
                    + " refuses such addresses.");

    private IpvsFindings() {}
}
