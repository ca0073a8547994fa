package dev.podpath.aws.elb;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** Diagnoses about load balancers. */
public final class ElbFindings {
    /** A client that is behind the load balancer itself. */
    public static final FindingCode HAIRPIN = new FindingCode(
            "PP-LB-017",
            Severity.ERROR,
            "A target reaches itself through a load balancer that keeps the client's address",
            "A Network Load Balancer that preserves client addresses sends the instance a packet with the instance's own"
                    + " address as source; the answer never goes back through the load balancer, so the connection"
                    + " times out. It works only when another instance is chosen.",
            "Switch preserve_client_ip off for the target group (and use PROXY protocol where the address is needed), or"
                    + " call the service by its cluster name.");

    /** A target in a zone that the load balancer does not serve. */
    public static final FindingCode NOT_IN_USE = new FindingCode(
            "PP-LB-021",
            Severity.WARNING,
            "A target is in a zone that is not enabled",
            "Targets in a zone that the load balancer is not enabled for, or of a group that no listener uses, are in"
                    + " state unused (Target.NotInUse) and never get requests.",
            "Enable the zone for the load balancer by giving it a subnet there, or take the target out.");

    /** The load balancer itself is not ready. */
    public static final FindingCode NOT_ACTIVE = new FindingCode(
            "PP-LB-102",
            Severity.ERROR,
            "The load balancer is not active",
            "The state of the load balancer is not active: it is being made, or could not be made.",
            "Look at the reason in its state and at the events of the Service or Ingress that owns it.");

    /** An internal load balancer is asked for from outside. */
    public static final FindingCode INTERNAL = new FindingCode(
            "PP-LB-103",
            Severity.ERROR,
            "A private load balancer address is asked for from the Internet",
            "The load balancer is internal: its name leads to private addresses, to which the Internet has no route.",
            "Ask from inside the VPC or a network connected to it, or make the load balancer Internet-facing.");

    /** Nobody listens. */
    public static final FindingCode NO_LISTENER = new FindingCode(
            "PP-LB-100",
            Severity.ERROR,
            "The load balancer does not listen on the port",
            "The load balancer has no listener for the port and protocol of the request, so nothing can take it.",
            "Add the port to the Service or Ingress that owns the load balancer, or use a port that has a listener.");

    /** The client speaks another protocol than the listener. */
    public static final FindingCode TLS_MISMATCH = new FindingCode(
            "PP-LB-112",
            Severity.ERROR,
            "Client and listener do not agree about TLS",
            "The listener expects TLS and the client sends plain HTTP, or the other way round.",
            "Use the other scheme, or the listener's other port.");

    /** Nobody behind it. */
    public static final FindingCode NO_TARGET = new FindingCode(
            "PP-LB-110",
            Severity.ERROR,
            "No target can take requests",
            "The target group has no registered target, or all of them are draining or not in use. An Application Load"
                    + " Balancer answers 503; a Network Load Balancer does not serve the connection.",
            "Look at the endpoints of the Service the group belongs to and at the controller that registers targets.");

    /** Everybody behind it is ill. */
    public static final FindingCode FAIL_OPEN = new FindingCode(
            "PP-LB-111",
            Severity.WARNING,
            "Too few targets are healthy, so requests go to all of them",
            "Where fewer targets are healthy than the group's minimum (1 unless set), the load balancer ignores health and"
                    + " sends requests to all registered targets.",
            "Look at why health checks fail: the port, the path, the security group of the targets.");

    private ElbFindings() {}

    /** All of them. */
    public static Vector<FindingCode> all() {
        return Vector.of(HAIRPIN, NOT_IN_USE, NOT_ACTIVE, INTERNAL, NO_LISTENER, NO_TARGET, FAIL_OPEN, TLS_MISMATCH);
    }
}
