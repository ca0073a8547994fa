package dev.podpath.core.verify;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** The kinds of faults that verifying a node can show. */
public final class VerifyFindings {
    /** The rules send to an address that is no live endpoint of the service. */
    public static final FindingCode STALE_ENDPOINT = new FindingCode(
            "PP-NODE-030",
            Severity.ERROR,
            "A node sends requests to an address that is no live endpoint of the service",
            "The rules of a node, or the list of an ingress controller, still hold an address that Kubernetes does not count"
                    + " as a live endpoint of the service: the pod is gone, not ready, or the address belongs to another pod"
                    + " by now. Requests time out, are refused, or reach the wrong pod. The usual cause is that kube-proxy on"
                    + " that node stopped following the API server.",
            "Look at kube-proxy's log on that node and restart it; compare the node's rules with kubectl get"
                    + " endpointslices");

    /** Rules of another mode than the one in force decide. */
    public static final FindingCode OTHER_MODE = new FindingCode(
            "PP-NODE-031",
            Severity.ERROR,
            "Rules that another proxy mode left behind decide on a node",
            "When the mode of kube-proxy is switched, the rules of the old mode stay until they are cleaned up or the node is"
                    + " restarted. Nobody updates them: they refuse services that have endpoints by now, or send to pods that"
                    + " are gone, before the rules of the mode in force see the packet.",
            "Drain the node and restart it, or run kube-proxy --cleanup there and restart kube-proxy");

    /** The endpoint is in a slice, and its pod is not what the slice says. */
    public static final FindingCode DEAD_ENDPOINT = new FindingCode(
            "PP-NODE-041",
            Severity.ERROR,
            "An EndpointSlice names an endpoint whose pod cannot serve",
            "kube-proxy follows the EndpointSlice, and the slice is wrong: the pod it names is gone, has another address, or"
                    + " does not run. Slices that are mirrored from Endpoints objects or written by hand are not kept up by"
                    + " the endpoint slice controller, and a selector that was removed leaves the last slice behind.",
            "Compare kubectl get endpointslices -o yaml with kubectl get pods -o wide; delete the slice that nobody manages");

    /** Packets reach a pod of something else. */
    public static final FindingCode MISDELIVERY = new FindingCode(
            "PP-NODE-101",
            Severity.ERROR,
            "A node sends requests of a service to a pod of something else",
            "The rules of a node hold an address that belongs to a pod which is no endpoint of the service. Pod addresses are"
                    + " used again soon: a rule that is not updated in time hands the requests, with their credentials, to"
                    + " whoever has the address now.",
            "Restart kube-proxy on that node at once; then find out from its log why it stopped following the API server");

    /** An endpoint gets nothing. */
    public static final FindingCode MISSING_ENDPOINT = new FindingCode(
            "PP-NODE-102",
            Severity.ERROR,
            "A live endpoint gets no requests from a node",
            "Kubernetes intends the endpoint to receive a share of the requests on this node, and no rule leads to it: the"
                    + " other endpoints carry its load. The rules are older than the endpoint, or a rule was lost.",
            "Look at kube-proxy's log on that node and restart it");

    /** Shares are not equal. */
    public static final FindingCode SKEWED_SHARE = new FindingCode(
            "PP-NODE-103",
            Severity.WARNING,
            "Endpoints of a service do not get equal shares on a node",
            "kube-proxy gives every endpoint the same share of new connections. Here one gets more than another: a rule of the"
                    + " chain was lost or added, a probability is wrong, or a weight was changed by hand.",
            "Restart kube-proxy on that node, which writes the rules anew");

    /** A service with endpoints is refused. */
    public static final FindingCode REFUSED = new FindingCode(
            "PP-NODE-104",
            Severity.ERROR,
            "A node refuses requests to a service that has endpoints",
            "A rule of the node rejects or drops what is sent to the service, although Kubernetes intends it to reach an"
                    + " endpoint. The rule was written when the service had none, or somebody else's rule comes first.",
            "Look at the rule that refuses: if it is kube-proxy's, restart kube-proxy on that node; if not, find who wrote it");

    /** A service with endpoints is not served. */
    public static final FindingCode NOT_SERVED = new FindingCode(
            "PP-NODE-105",
            Severity.ERROR,
            "No rule of a node serves an address of a service",
            "Packets to the address keep their destination and leave by the default route, where nobody knows it: connections"
                    + " time out. kube-proxy on that node has not seen the service yet, the rule that leads to it was lost, or,"
                    + " in IPVS mode, the address is not bound to kube-ipvs0.",
            "Look at kube-proxy's log on that node and restart it");

    /** A service without endpoints is not refused. */
    public static final FindingCode NOT_REFUSED = new FindingCode(
            "PP-NODE-106",
            Severity.ERROR,
            "A node does not refuse requests to a service without endpoints",
            "Kubernetes answers at once for a service that nobody can serve: REJECT, or DROP where the traffic policy is Local"
                    + " and only other nodes have an endpoint. Without that rule packets to a virtual address leak into the"
                    + " network and clients wait for a timeout.",
            "Look at kube-proxy's log on that node and restart it");

    /** The source is changed where it should stay, or stays where it should change. */
    public static final FindingCode MASQUERADE = new FindingCode(
            "PP-NODE-107",
            Severity.ERROR,
            "A node masquerades what it should not, or does not masquerade what it should",
            "Where the source address must change, answers would otherwise take a way past the node and the client would not"
                    + " know them. Where it must stay, the pod sees the node's address in the place of the client's. A mark"
                    + " rule was lost or added, or kube-proxy's clusterCIDR does not fit the pods.",
            "Compare kube-proxy's clusterCIDR with the pods' addresses; restart kube-proxy on that node");

    /** Session affinity is not as wanted. */
    public static final FindingCode AFFINITY = new FindingCode(
            "PP-NODE-108",
            Severity.WARNING,
            "Session affinity of a service is not as configured on a node",
            "The service asks for sessionAffinity ClientIP and the rules do not keep a client at its endpoint, or they do and"
                    + " nobody asked for it, or the time is another one.",
            "Look at kube-proxy's log on that node and restart it");

    /** Source ranges are not enforced as wanted. */
    public static final FindingCode SOURCE_RANGES = new FindingCode(
            "PP-NODE-109",
            Severity.ERROR,
            "loadBalancerSourceRanges of a service are not enforced as configured on a node",
            "A client outside spec.loadBalancerSourceRanges reaches an endpoint by the load balancer's address, or one inside"
                    + " is refused.",
            "Look at kube-proxy's log on that node and restart it");

    /** Endpoints are used that the traffic policy excludes. */
    public static final FindingCode POLICY = new FindingCode(
            "PP-NODE-110",
            Severity.ERROR,
            "A node uses endpoints that the traffic policy or topology excludes",
            "The endpoints are live, and Kubernetes intends others for this node: internalTrafficPolicy or"
                    + " externalTrafficPolicy is Local, topology hints name another zone, or terminating endpoints are used"
                    + " although ready ones exist. Requests arrive, with a source address or on a node that was not meant.",
            "Look at kube-proxy's log on that node and restart it; check the node's topology labels");

    /** Rules for something that is no service. */
    public static final FindingCode NO_SUCH_SERVICE = new FindingCode(
            "PP-NODE-111",
            Severity.ERROR,
            "A node serves an address that no service has",
            "A rule translates packets to an endpoint although no service of the cluster has that address and port: the service"
                    + " was deleted or changed, and the node kept the rule. The address will be given to another service, and"
                    + " then requests go to the wrong pods.",
            "Look at kube-proxy's log on that node and restart it");

    /** Nodes answer differently. */
    public static final FindingCode NODES_DISAGREE = new FindingCode(
            "PP-NODE-112",
            Severity.ERROR,
            "Nodes send requests of one service to different endpoints",
            "Nothing about the service depends on the node, and yet the nodes do not use the same endpoints: kube-proxy on one"
                    + " of them is behind.",
            "Look at kube-proxy's log on the nodes that differ from the others and restart it there");

    /** The right pod at a wrong port. */
    public static final FindingCode WRONG_PORT = new FindingCode(
            "PP-NODE-113",
            Severity.ERROR,
            "A node sends requests to the wrong port of an endpoint",
            "The address is that of a live endpoint of the service, and the port is not the one the EndpointSlice gives for"
                    + " this service port. The target port changed and the node did not follow.",
            "Look at kube-proxy's log on that node and restart it");

    /** A node port where there should be none. */
    public static final FindingCode NODE_PORT_ADDRESS = new FindingCode(
            "PP-NODE-115",
            Severity.WARNING,
            "A node serves node ports at an address it should not",
            "kube-proxy's nodePortAddresses (or, in nftables mode, its default) limits node ports to some of the node's"
                    + " addresses, and the rules serve them at another one: the service can be reached from a network it was"
                    + " not meant for.",
            "Restart kube-proxy on that node; check that its nodePortAddresses is what was meant");

    private VerifyFindings() {}

    /** All of them, sorted by code. */
    public static Vector<FindingCode> all() {
        return Vector.of(
                STALE_ENDPOINT,
                OTHER_MODE,
                DEAD_ENDPOINT,
                MISDELIVERY,
                MISSING_ENDPOINT,
                SKEWED_SHARE,
                REFUSED,
                NOT_SERVED,
                NOT_REFUSED,
                MASQUERADE,
                AFFINITY,
                SOURCE_RANGES,
                POLICY,
                NO_SUCH_SERVICE,
                NODES_DISAGREE,
                WRONG_PORT,
                NODE_PORT_ADDRESS);
    }
}
