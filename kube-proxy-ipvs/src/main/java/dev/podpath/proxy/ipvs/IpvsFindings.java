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

    /** A load balancer's address is captured on the node, and nobody serves it there. */
    static final FindingCode BALANCER_WITHOUT_SERVERS = new FindingCode(
            "PP-PROXY-022",
            Severity.ERROR,
            "A load balancer's address has no real server on this node",
            "kube-proxy puts the addresses in status.loadBalancer.ingress into the rules of every node, so that packets from"
                    + " pods and nodes to them never reach the load balancer. Here the virtual server for the address has no"
                    + " real server that takes connections, although the service has endpoints: with"
                    + " externalTrafficPolicy Local, versions of kube-proxy before 1.21 give it those of the node only."
                    + " The address works from outside and not from here.",
            "Use the cluster address or the DNS name of the service inside the cluster, set externalTrafficPolicy to Cluster,"
                    + " run an endpoint on the node, or let the load balancer report a hostname or ipMode Proxy instead of an"
                    + " address. If the service has endpoints on this node, see why kube-proxy did not write them.");

    /** The rules refuse what IPVS would serve. */
    static final FindingCode SERVED_ADDRESS_REFUSED = new FindingCode(
            "PP-PROXY-025",
            Severity.ERROR,
            "The rules refuse packets that IPVS would serve",
            "KUBE-IPVS-FILTER refuses new connections to addresses on kube-ipvs0 unless a set of service addresses holds the"
                    + " address and port. Here IPVS has a virtual server with real servers for the packet, and no such set is"
                    + " looked at that holds it: an entry was lost, or kube-proxy is of version 1.27 or thereabouts, whose"
                    + " rules do not look at the external addresses of services with externalTrafficPolicy Local.",
            "Compare ipset save with the service's addresses; restart kube-proxy on the node to write sets and rules anew, or"
                    + " upgrade it.");

    /** A client's old source port leads it to a server that takes no new connections. */
    static final FindingCode REUSED_CONNECTIONS = new FindingCode(
            "PP-PROXY-034",
            Severity.WARNING,
            "New connections from a reused source port go to a drained real server",
            "With net.ipv4.vs.conn_reuse_mode 0 a new connection with the addresses and ports of one that IPVS still"
                    + " remembers goes to the real server of the old one, also when that has weight 0 because its pod is"
                    + " going away. Clients that open many connections meet it during every rollout.",
            "On Linux 5.9 and later set net.ipv4.vs.conn_reuse_mode to 1, the kernel's default; before that a new connection"
                    + " would wait a second instead, so upgrade the kernel.");

    private IpvsFindings() {}
}
