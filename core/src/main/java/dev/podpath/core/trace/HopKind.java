package dev.podpath.core.trace;

/**
 * What kind of thing a hop is. Open: a plugin may add kinds.
 *
 * @param name lower-case name with hyphens, as the JSON output has it
 */
public record HopKind(String name) {
    /** A name is resolved. */
    public static final HopKind DNS = new HopKind("dns");
    /** A load balancer: address, listener, access control, server group. */
    public static final HopKind LOAD_BALANCER = new HopKind("load-balancer");
    /** An address is found to be a node, and the request enters it. */
    public static final HopKind NODE = new HopKind("node");
    /** An ingress controller chooses by host and path. */
    public static final HopKind INGRESS = new HopKind("ingress");
    /** A Kubernetes service and its name. */
    public static final HopKind SERVICE = new HopKind("service");
    /** A virtual address of a service on a node. */
    public static final HopKind VIP = new HopKind("vip");
    /** The node's service proxy rules. */
    public static final HopKind PROXY = new HopKind("proxy");
    /** A pod. */
    public static final HopKind POD = new HopKind("pod");
    /** Addresses are translated outside the node: NAT gateway, elastic IP. */
    public static final HopKind NAT = new HopKind("nat");
    /** The packet is routed. */
    public static final HopKind ROUTE = new HopKind("route");
    /** The request has left for the Internet. */
    public static final HopKind INTERNET = new HopKind("internet");
    /** The path stops where nothing that is known goes on. */
    public static final HopKind END = new HopKind("end");
}
