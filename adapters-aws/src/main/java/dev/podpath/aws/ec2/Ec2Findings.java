package dev.podpath.aws.ec2;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** Diagnoses about security groups and the way out of a VPC. */
public final class Ec2Findings {
    /** An elastic address that outgoing packets do not get. */
    public static final FindingCode UNUSED_ADDRESS = new FindingCode(
            "PP-EGR-062",
            Severity.WARNING,
            "The pod has an elastic address, but leaves with another",
            "The pod's address has an elastic address of its own, but the node's rules (AWS-SNAT-CHAIN-0 of the VPC CNI)"
                    + " changed the source to the node's before the packet left, so that the elastic address serves"
                    + " inbound connections only.",
            "Set AWS_VPC_K8S_CNI_EXTERNALSNAT or exclude the destination by AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS, or give"
                    + " partners the exit address that is shown.");

    /** A private destination that sees the node. */
    public static final FindingCode NODE_IS_SEEN = new FindingCode(
            "PP-EGR-065",
            Severity.INFO,
            "Private destinations see the node, not the pod",
            "The node's rules change the source of what leaves the VPC or the pod network, to private destinations too."
                    + " An allow list that names pod addresses does not fit.",
            "Let the destination allow the nodes' addresses, or exempt it from the translation.");

    /** A security group stops a connection. */
    public static final FindingCode SECURITY_GROUP = new FindingCode(
            "PP-LB-020",
            Severity.ERROR,
            "A security group does not let the connection pass",
            "Security groups only allow; what no rule of any group of the interface allows is dropped and the client"
                    + " times out. A rule that refers to another group matches the private addresses of interfaces with"
                    + " that group: it does not match a client whose address a Network Load Balancer without security"
                    + " groups preserves.",
            "Add a rule for the port and for the source as this interface sees it, or a reference to the load"
                    + " balancer's security group.");

    /** The exit address is not what DNS gives. */
    public static final FindingCode EXIT_DIFFERS = new FindingCode(
            "PP-EGR-060",
            Severity.INFO,
            "Others see another address than the load balancer's",
            "A load balancer only takes connections in. What a pod opens itself leaves by the route table of its subnet,"
                    + " so the other side sees the NAT gateway's or the instance's own public address.",
            "Give partners the exit addresses for their allow lists, not those of the load balancer.");

    /** There are several exit addresses. */
    public static final FindingCode SEVERAL_EXITS = new FindingCode(
            "PP-EGR-061",
            Severity.WARNING,
            "The exit address varies",
            "A NAT gateway with several addresses uses all of them; which one a connection gets is not documented, so"
                    + " the other side sees changing sources.",
            "Allow all of the addresses at the other side, or leave the gateway one address.");

    /** An Internet gateway without a public address. */
    public static final FindingCode NO_PUBLIC_ADDRESS = new FindingCode(
            "PP-EGR-063",
            Severity.ERROR,
            "An Internet gateway has no public address for the source",
            "An Internet gateway translates a private address one to one to the public address associated with it, and"
                    + " drops packets of addresses that have none. Secondary addresses, which pods get, have none.",
            "Let the node translate pod traffic to its own address (AWS_VPC_K8S_CNI_EXTERNALSNAT=false), or route the"
                    + " subnet to a NAT gateway.");

    /** A subnet's border is closed, one way or the other. */
    public static final FindingCode NETWORK_ACL = new FindingCode(
            "PP-LB-108",
            Severity.ERROR,
            "A network ACL does not let the connection pass",
            "The network ACL of a subnet denies the packet, or the answers to it. It is stateless: answers go to an ephemeral"
                    + " port of the client and need a rule of their own in the other direction.",
            "Allow the port in one direction and ephemeral ports (1024-65535 for load balancers and NAT gateways) in the"
                    + " other, with lower numbers than the rules that deny.");

    /** No way out. */
    public static final FindingCode NO_ROUTE = new FindingCode(
            "PP-EGR-100",
            Severity.ERROR,
            "No route to the destination",
            "The route table of the subnet has no route for the destination, or the one with the longest prefix is a"
                    + " black hole because its next hop is gone.",
            "Add a route to a NAT gateway or Internet gateway, or replace the one that leads nowhere.");

    /** An elastic address without use. */
    public static final FindingCode UNBOUND = new FindingCode(
            "PP-LB-106",
            Severity.ERROR,
            "The elastic address is bound to nothing",
            "The address belongs to the account, but it is associated with no interface. Nothing answers at it.",
            "Associate it, or correct the record that leads to it.");

    private Ec2Findings() {}

    /** All of them. */
    public static Vector<FindingCode> all() {
        return Vector.of(
                UNUSED_ADDRESS,
                NODE_IS_SEEN,
                SECURITY_GROUP,
                NETWORK_ACL,
                EXIT_DIFFERS,
                SEVERAL_EXITS,
                NO_PUBLIC_ADDRESS,
                NO_ROUTE,
                UNBOUND);
    }
}
