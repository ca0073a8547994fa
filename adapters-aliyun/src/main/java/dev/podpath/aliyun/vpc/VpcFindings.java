package dev.podpath.aliyun.vpc;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** Diagnoses of elastic addresses and of the way out. */
public final class VpcFindings {
    static final FindingCode UNBOUND = new FindingCode(
            "PP-LB-106",
            Severity.ERROR,
            "The elastic address is bound to nothing",
            "The address belongs to the account, but it is bound to no load balancer, instance, interface or gateway. "
                    + "Nothing answers at it.",
            "Bind it, or correct the record that leads to it.");
    static final FindingCode NO_DNAT = new FindingCode(
            "PP-LB-107",
            Severity.ERROR,
            "The NAT gateway has no DNAT entry for the port",
            "The elastic address is bound to a NAT gateway. From outside only what a DNAT entry names is reached; an SNAT "
                    + "entry serves outgoing connections alone.",
            "Add a DNAT entry, or ask for the address of the load balancer.");
    static final FindingCode OTHER_EXIT = new FindingCode(
            "PP-EGR-060",
            Severity.INFO,
            "Others see another address than the load balancer's",
            "A load balancer serves inbound connections only. Outgoing connections leave with the elastic address of the "
                    + "source itself or of the NAT gateway's SNAT entry, which is not the address the name service gives.",
            "Give partners the exit address for their allow list, not the address of the load balancer.");
    static final FindingCode SEVERAL_EXITS = new FindingCode(
            "PP-EGR-061",
            Severity.WARNING,
            "The exit address varies",
            "Several exit addresses are possible, and a hash chooses for every connection. A partner that allows one of "
                    + "them sees failures now and then.",
            "Have all of them allowed, use one address, or switch on EIP affinity.");
    static final FindingCode UNUSED_ADDRESS = new FindingCode(
            "PP-EGR-062",
            Severity.WARNING,
            "The pod has an elastic address, but leaves with another",
            "The pod's address has an elastic address of its own, but the node's rules changed the source to the node's "
                    + "before the packet left, so that the elastic address serves inbound connections only.",
            "Exempt the destination from the node's masquerading, or give partners the exit address that is shown.");
    static final FindingCode NODE_IS_SEEN = new FindingCode(
            "PP-EGR-065",
            Severity.INFO,
            "Private destinations see the node, not the pod",
            "The node's rules masquerade what leaves the pod network, to private destinations too. An allow list that "
                    + "names pod addresses does not fit.",
            "Let the destination allow the nodes' addresses, or exempt it from masquerading.");
    static final FindingCode NO_SNAT = new FindingCode(
            "PP-EGR-064",
            Severity.ERROR,
            "No SNAT entry for the source's vSwitch",
            "The route leads to a NAT gateway, but none of its SNAT entries is for the source address, and the source has "
                    + "no elastic address of its own. Typical after a new pod vSwitch was added.",
            "Add an SNAT entry for the vSwitch.");
    static final FindingCode NO_ROUTE = new FindingCode(
            "PP-EGR-100",
            Severity.ERROR,
            "No route to the destination",
            "The route table of the source's vSwitch has no route for the destination, and the source has no elastic "
                    + "address of its own.",
            "Add a route, usually 0.0.0.0/0 to a NAT gateway.");

    private VpcFindings() {}

    /** All of them. */
    public static Vector<FindingCode> all() {
        return Vector.of(UNBOUND, NO_DNAT, OTHER_EXIT, SEVERAL_EXITS, UNUSED_ADDRESS, NODE_IS_SEEN, NO_SNAT, NO_ROUTE);
    }
}
