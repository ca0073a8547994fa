package dev.podpath.aliyun.slb;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Diagnoses of load balancers. */
public final class SlbFindings {
    /** The load balancer's access control stops the client. */
    public static final FindingCode DENIED = new FindingCode(
            "PP-LB-010",
            Severity.ERROR,
            "The load balancer's access control stops the client",
            "The listener has an access control list, and the client's address, as the load balancer sees it, is not "
                    + "allowed by it. The connection is discarded without an answer, while other clients get through.",
            "Add the address the load balancer sees to the white list (for an office usually its NAT address), or take "
                    + "it off the black list.");
    /** The server group is empty. */
    public static final FindingCode NO_SERVERS = new FindingCode(
            "PP-LB-011",
            Severity.ERROR,
            "The server group is empty",
            "The listener forwards to a server group in which no server takes traffic. With externalTrafficPolicy Local "
                    + "only nodes with a ready pod are registered, and never those labelled as control plane.",
            "Check that the Service has ready pods on nodes that may be registered, and the events of the Service for "
                    + "UnAvailableBackends.");
    /** Two services claim one listener. */
    public static final FindingCode TWO_SERVICES = new FindingCode(
            "PP-LB-012",
            Severity.ERROR,
            "Several services claim the same listener",
            "The annotation loadbalancer-id of several services names this load balancer, and they have the port in common. "
                    + "The cloud controller manager writes the listener for one after the other, so that traffic flips.",
            "Give each service a port or a load balancer of its own.");
    /** The health check fails although the node has a ready pod. */
    public static final FindingCode LOCAL_HEALTH = new FindingCode(
            "PP-LB-013",
            Severity.WARNING,
            "The health check fails although the node has a ready pod",
            "With externalTrafficPolicy Local the health check asks the node's kube-proxy, at the service's "
                    + "healthCheckNodePort, whether the node has a ready pod. This node has one, and is found abnormal all "
                    + "the same: the port or path is wrong, or something blocks 100.64.0.0/10.",
            "Compare the health check's port with spec.healthCheckNodePort, and ask /healthz there on the node.");
    /** Health checks that say nothing. */
    public static final FindingCode SILENT_PROBES = new FindingCode(
            "PP-LB-014",
            Severity.INFO,
            "Health checks connect and say nothing, which servers log as errors",
            "The health check is a bare TCP connection from 100.64.0.0/10, and the server expects TLS or a PROXY protocol "
                    + "header first. It logs a failed handshake or a broken header at every check, which is noise: no "
                    + "client is behind it.",
            "Leave these lines out of alerts, or check by HTTP at a port that is made for it.");
    /** Pods end before the load balancer lets go of them. */
    public static final FindingCode GONE_BEFORE = new FindingCode(
            "PP-LB-019",
            Severity.WARNING,
            "A target's pod was gone before the load balancer had let go of it",
            "A server is still being removed from its group, and no pod has its address any more. Requests that were in "
                    + "flight, or are sent until the removal has taken effect, fail with 502 or 504 at each rollout.",
            "Give the pods a preStop delay longer than the removal takes, switch on connection draining, and use the "
                    + "readiness gate of the load balancer's controller.");
    /** A server in a zone that the load balancer does not serve. */
    public static final FindingCode NOT_IN_USE = new FindingCode(
            "PP-LB-021",
            Severity.WARNING,
            "A target is in a zone that is not enabled",
            "Forwarding across zones is off, and the server is in a zone in which the load balancer has no address, so it "
                    + "never gets a connection.",
            "Give the load balancer a vSwitch in that zone, switch on forwarding across zones, or take the server out.");
    /** A target reaches itself through a load balancer that keeps the client's address. */
    public static final FindingCode HAIRPIN = new FindingCode(
            "PP-LB-017",
            Severity.ERROR,
            "A target reaches itself through a load balancer that keeps the client's address",
            "The load balancer sends the server a packet with the server's own address as source; the answer never goes "
                    + "back through the load balancer, so the connection times out. It works only when another server is "
                    + "chosen.",
            "Switch client address preservation off for the server group, or call the service by its cluster name.");
    /** A backend server calls the load balancer it is behind. */
    public static final FindingCode OWN_CLIENT = new FindingCode(
            "PP-LB-018",
            Severity.ERROR,
            "A backend server calls the load balancer it is behind",
            "A layer 4 listener of CLB does not support that one of its backend servers is also its client: where the "
                    + "load balancer chooses the client itself, the connection never comes to be.",
            "Call the service by its cluster IP or name instead, or keep clients and backend servers on different "
                    + "instances.");
    /** The load balancer does not listen on the port. */
    public static final FindingCode NO_LISTENER = new FindingCode(
            "PP-LB-100",
            Severity.ERROR,
            "The load balancer does not listen on the port",
            "The load balancer has the address, but no listener for this port and protocol.",
            "Add the port to the Service, or ask for a port the load balancer listens on.");
    /** The listener is not running. */
    public static final FindingCode LISTENER_DOWN = new FindingCode(
            "PP-LB-101",
            Severity.ERROR,
            "The listener is not running",
            "The listener exists, but its status is not running, so it forwards nothing.",
            "Start the listener, or let the cloud controller manager make it anew.");
    /** The load balancer is not active. */
    public static final FindingCode LOAD_BALANCER_DOWN = new FindingCode(
            "PP-LB-102",
            Severity.ERROR,
            "The load balancer is not active",
            "The status of the load balancer is not active: it was stopped, or is locked for an unpaid bill or for "
                    + "security.",
            "Start the load balancer, or find out in the console why it is locked.");
    /** A private load balancer address is asked for from the Internet. */
    public static final FindingCode PRIVATE_ADDRESS = new FindingCode(
            "PP-LB-103",
            Severity.ERROR,
            "A private load balancer address is asked for from the Internet",
            "The load balancer has a private address. The Internet has no route to it, whatever the name service says.",
            "Ask from inside the VPC or a network connected to it, or bind an elastic address to the load balancer.");
    /** Every server is found unhealthy. */
    public static final FindingCode ALL_ABNORMAL = new FindingCode(
            "PP-LB-104",
            Severity.ERROR,
            "Every server is found unhealthy",
            "The health check found every server of the group abnormal. It is not documented whether the load balancer "
                    + "then forwards to all or to none.",
            "Check from a server that the health check's port and path answer, and that nothing on it blocks "
                    + "100.64.0.0/10, where the checks come from.");
    /** A server is found unhealthy. */
    public static final FindingCode SOME_ABNORMAL = new FindingCode(
            "PP-LB-105",
            Severity.WARNING,
            "A server is found unhealthy",
            "The health check found a server abnormal; it gets no new connections. With externalTrafficPolicy Local that "
                    + "is as it should be for nodes without a ready pod.",
            "Check that the health check's port and path answer on the server.");

    private SlbFindings() {}

    /**
     * What it means that these services ask for a listener; nothing where there is one at most.
     *
     * @param listener the listener and its load balancer, for people
     */
    public static Option<Finding> twoServices(Vector<Service> claiming, String listener) {
        return Option.when(
                claiming.size() > 1,
                () -> new Finding(
                        TWO_SERVICES,
                        TWO_SERVICES.severity(),
                        "services " + claiming.map(Service::key).mkString(", ") + " all ask for " + listener,
                        claiming.map(Service::evidence)));
    }

    /** All of them. */
    public static Vector<FindingCode> all() {
        return Vector.of(
                DENIED,
                NO_SERVERS,
                TWO_SERVICES,
                LOCAL_HEALTH,
                SILENT_PROBES,
                GONE_BEFORE,
                NOT_IN_USE,
                HAIRPIN,
                OWN_CLIENT,
                NO_LISTENER,
                LISTENER_DOWN,
                LOAD_BALANCER_DOWN,
                PRIVATE_ADDRESS,
                ALL_ABNORMAL,
                SOME_ABNORMAL);
    }
}
