package dev.podpath.aws.elb;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** Diagnoses about load balancers. */
public final class ElbFindings {
    /** Nobody is registered. */
    public static final FindingCode EMPTY = new FindingCode(
            "PP-LB-011",
            Severity.ERROR,
            "The server group is empty",
            "The target group has no registered target. With target type ip only addresses of ready pods are registered,"
                    + " with type instance only nodes that no label excludes, and nothing at all where the controller"
                    + " cannot work.",
            "Look at the endpoints of the Service, at the nodes' labels, and at the events of the Service, Ingress or"
                    + " TargetGroupBinding.");

    /** Two services claim one target group. */
    public static final FindingCode TWO_SERVICES = new FindingCode(
            "PP-LB-012",
            Severity.ERROR,
            "Several services claim the same listener",
            "TargetGroupBindings of different services name one target group. The controller makes the group hold the"
                    + " endpoints of one and then of the other, so that traffic flips.",
            "Give each service a target group of its own, or weight several groups in one rule.");

    /** The health check fails although the node has a ready pod. */
    public static final FindingCode LOCAL_HEALTH = new FindingCode(
            "PP-LB-013",
            Severity.WARNING,
            "The health check fails although the node has a ready pod",
            "With externalTrafficPolicy Local the health check asks the node's kube-proxy, at the service's"
                    + " healthCheckNodePort, whether the node has a ready pod. This node has one, and its target is"
                    + " unhealthy all the same: the port or path of the check is wrong, or a security group does not let"
                    + " the load balancer's addresses reach the port.",
            "Compare the target group's health check with spec.healthCheckNodePort, and ask /healthz there on the node.");

    /** Pods end before the load balancer lets go of them. */
    public static final FindingCode GONE_BEFORE = new FindingCode(
            "PP-LB-019",
            Severity.WARNING,
            "A target's pod was gone before the load balancer had let go of it",
            "A target is still draining, and no pod has its address any more. Requests that the load balancer had in"
                    + " flight, or sends until every one of its nodes has learned of the change, fail with 502 or 504"
                    + " at each rollout.",
            "Give the pods a preStop delay longer than the change takes to spread, a termination grace period longer"
                    + " than the group's deregistration delay, and a readiness gate for the target group.");

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
            "All registered targets are draining or not in use, or none of a classic load balancer is in service. An"
                    + " Application Load Balancer answers 503; a Network Load Balancer does not serve the connection.",
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
        return Vector.of(
                EMPTY,
                TWO_SERVICES,
                LOCAL_HEALTH,
                GONE_BEFORE,
                HAIRPIN,
                NOT_IN_USE,
                NOT_ACTIVE,
                INTERNAL,
                NO_LISTENER,
                NO_TARGET,
                FAIL_OPEN,
                TLS_MISMATCH);
    }
}
