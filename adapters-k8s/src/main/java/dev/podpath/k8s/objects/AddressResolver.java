package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import io.vavr.Tuple;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Whose an address is, as far as the cluster's objects know: a service's, a node's or a pod's. */
final class AddressResolver implements HopResolver {
    private final Cluster cluster;
    private final NodeAddresses nodeAddresses;

    AddressResolver(Cluster cluster, NodeAddresses nodeAddresses) {
        this.cluster = cluster;
        this.nodeAddresses = nodeAddresses;
    }

    @Override
    public String id() {
        return "kubernetes.address";
    }

    @Override
    public int order() {
        return 200;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof NetworkAddress;
    }

    @Override
    public Resolution resolve(Location location) {
        NetworkAddress at = (NetworkAddress) location;
        if (at.vantage() instanceof Vantage.OnNode here) {
            return Resolution.of(fromNode(at, here));
        }
        IpAddress address = at.address().address();
        boolean ofCluster = cluster.nodeAt(address).isDefined()
                || cluster.podWithOwnAddress(address).isDefined()
                || cluster.servicesAt(address).nonEmpty();
        if (ofCluster && at.vantage() instanceof Vantage.Internet && !address.isPublic()) {
            return Resolution.of(notOnTheInternet(at));
        }
        Option<Hop> hop = cluster.nodeAt(address)
                .map(node -> toNode(at, node))
                .orElse(() -> cluster.podWithOwnAddress(address).map(pod -> toPod(at, pod)))
                .orElse(() -> cluster.servicesAt(address).headOption().map(service -> fromOutside(at, service)));
        return hop.map(Resolution::of).getOrElse(() -> Resolution.declined(notFound(address)));
    }

    private static Hop notOnTheInternet(NetworkAddress at) {
        return Hop.at(at, HopKind.ROUTE, "private address " + at.address() + " from the Internet")
                .decisions(Vector.of(Decision.denied(at.address().address()
                        + " is not an address of the Internet (RFC 1918, RFC 6598, RFC 4193), so nothing there leads to"
                        + " it; a client inside the network is named with its address")))
                .ends(Disposition.BLACKHOLED, Target.at(at.address()))
                .build();
    }

    private Decision notFound(IpAddress address) {
        Cluster.Captured captured = cluster.captured();
        Vector<Missing> missing = Vector.of(
                        Tuple.of(captured.nodes(), Captures.NODES),
                        Tuple.of(captured.pods(), Captures.PODS),
                        Tuple.of(captured.services(), Captures.SERVICES))
                .reject(kind -> kind._1)
                .map(kind -> kind._2);
        return missing.isEmpty()
                ? Decision.notFound(address + " is no address of a node, a pod or a service of the cluster")
                : Decision.unknown(
                        "not all of the cluster's objects were captured, so whether " + address
                                + " is an address of the cluster is not known",
                        missing.toJavaArray(Missing[]::new));
    }

    /** Every packet of a node or pod enters the node's own network stack first. */
    private Hop fromNode(NetworkAddress at, Vantage.OnNode here) {
        Branch branch = Branch.all(NodePacket.of(here.node(), here.arrival(), at));
        Option<ServicePortRef> port =
                cluster.servicePortAt(at.address(), at.flow().protocol());
        Vector<Service> owners = cluster.servicesAt(at.address().address());
        if (owners.isEmpty()) {
            Hop.Builder hop = Hop.at(at, HopKind.ROUTE, at.address() + " from " + here);
            return hop.decisions(Vector.of(
                            cluster.captured().services()
                                    ? Decision.found(at.address().address() + " is no address of a service")
                                    : Decision.unknown(
                                            "services were not captured, so whether " + at.address()
                                                    + " is one's is not known",
                                            Captures.SERVICES)))
                    .branches(Vector.of(branch))
                    .build();
        }
        Service service = port.flatMap(ref -> cluster.service(ref.service())).getOrElse(owners.head());
        Decision found = Decision.found(describe(service, at.address().address()), service.evidence());
        Decision portFound = port.isDefined()
                ? Decision.found("port " + at.address().port() + " is a port of the service")
                : Decision.notFound("the service has no port " + at.address().port() + "/"
                        + at.flow().protocol().lower() + "; it has "
                        + service.ports()
                                .map(p -> p.port() + "/" + p.protocol().lower())
                                .mkString(", "));
        // A packet that came from outside was brought here by the load balancer, or by what stands for it.
        boolean inside =
                here.arrival().kind() == Arrival.Kind.NODE || here.arrival().kind() == Arrival.Kind.POD;
        boolean balancer = inside
                && portFound.action() == Decision.Action.FOUND
                && service.loadBalancerIps().contains(at.address().address());
        Vector<Decision> decisions = Vector.of(found, portFound);
        return Hop.at(at, HopKind.VIP, "VIP " + at.address() + " of service " + service.key() + ", from " + here)
                .decisions(balancer ? decisions.append(bypassed(service)) : decisions)
                .findings(balancer ? Vector.of(bypassFinding(at, service)) : Vector.empty())
                .branches(Vector.of(branch))
                .build();
    }

    private static Decision bypassed(Service service) {
        return Decision.skipped(
                "the load balancer is not on this path: kube-proxy serves its address on every node",
                service.evidence());
    }

    private static Finding bypassFinding(NetworkAddress at, Service service) {
        return Finding.of(
                Findings.BALANCER_BYPASSED,
                "a request from inside to " + at.address() + ", the load balancer of service " + service.key()
                        + ", is answered by the node's own rules",
                service.evidence());
    }

    private static String describe(Service service, IpAddress address) {
        String field = service.clusterIps().contains(address)
                ? "a cluster IP"
                : service.externalIps().contains(address) ? "an external IP" : "a load balancer address";
        return address + " is " + field + " of service " + service.key();
    }

    private Hop toNode(NetworkAddress at, Node node) {
        Vector<Decision> decisions = Vector.of(
                Decision.found(at.address().address() + " is an address of node " + node.name(), node.evidence()));
        if (!node.ready()) {
            decisions = decisions.append(Decision.notFound("node " + node.name() + " is not Ready", node.evidence()));
        }
        return Hop.at(at, HopKind.NODE, "node " + node.name())
                .decisions(decisions)
                .branches(Vector.of(Branch.all(NodePacket.of(node.name(), Arrival.of(kind(at)), at))))
                .assumptions(reachable(at))
                .findings(withoutPod(at, node))
                .build();
    }

    /** A node port of a service that answers only where it has a pod, on a node that has none. */
    private Vector<Finding> withoutPod(NetworkAddress at, Node node) {
        if (!cluster.captured().endpoints() || kind(at) != Arrival.Kind.EXTERNAL) {
            return Vector.empty();
        }
        return cluster.servicePortAtNodePort(at.address().port(), at.flow().protocol())
                .flatMap(ref -> cluster.service(ref.service())
                        .filter(Service::externalLocal)
                        .filter(service -> !cluster.endpointsOf(ref).isEmpty())
                        .filter(service -> !cluster.endpointsOf(ref)
                                .exists(endpoint -> endpoint.node().contains(node.name())
                                        && (endpoint.ready() || endpoint.serving())))
                        .map(service -> Finding.of(
                                Findings.DROPPED_WITHOUT_POD,
                                "node " + node.name() + " gets requests for port "
                                        + at.address().port() + " of service " + service.key()
                                        + " and has no pod of it",
                                service.evidence(),
                                node.evidence())))
                .toVector();
    }

    private Arrival.Kind kind(NetworkAddress at) {
        boolean inside = at.flow()
                .source()
                .exists(source -> cluster.nodeAt(source).isDefined()
                        || !cluster.podsAt(source).isEmpty());
        return inside ? Arrival.Kind.OTHER_NODE : Arrival.Kind.EXTERNAL;
    }

    private static Vector<String> reachable(NetworkAddress at) {
        return at.vantage() instanceof Vantage.Internet
                ? Vector.of(at.address().address() + " can be reached from the Internet")
                : Vector.empty();
    }

    private static Hop toPod(NetworkAddress at, Pod pod) {
        return Hop.at(at, HopKind.ROUTE, "address of pod " + pod.id())
                .decisions(Vector.of(
                        Decision.found(at.address().address() + " is the address of pod " + pod.id(), pod.evidence())))
                .branches(Vector.of(Branch.all(new PodPort(at.address(), Option.none(), at.flow()))))
                .assumptions(reachable(at))
                .limits(Vector.of("rules of the pod's node for traffic straight to a pod's address are not evaluated"))
                .build();
    }

    /** A service's address, reached from where only the network can bring it to a node. */
    private Hop fromOutside(NetworkAddress at, Service service) {
        IpAddress address = at.address().address();
        Decision found = Decision.found(describe(service, address), service.evidence());
        if (service.clusterIps().contains(address)) {
            return Hop.at(at, HopKind.VIP, "VIP " + at.address() + " of service " + service.key())
                    .decisions(Vector.of(
                            found,
                            Decision.denied(
                                    "a cluster IP exists only in the rules of the cluster's nodes; nothing routes it from "
                                            + at.vantage())))
                    .assumptions(Vector.of("no router is told to bring cluster IPs to the nodes"))
                    .ends(Disposition.BLACKHOLED, Target.at(at.address()))
                    .build();
        }
        Vector<String> holders = nodeAddresses.holders(address);
        Vector<String> candidates = holders.isEmpty() ? cluster.nodes().map(Node::name) : holders;
        if (candidates.isEmpty()) {
            return Hop.at(at, HopKind.VIP, "VIP " + at.address() + " of service " + service.key())
                    .decisions(Vector.of(
                            found,
                            Decision.unknown(
                                    "nodes were not captured, so which of them gets the packet is not known",
                                    Captures.NODES)))
                    .unknown()
                    .build();
        }
        Decision where = holders.isEmpty()
                ? Decision.found(
                        "no node has " + address + " on an interface; the network must route it to one of them")
                : Decision.found(address + " is on an interface of node " + holders.mkString(", "))
                        .with(nodeAddresses.evidence(holders));
        boolean one = candidates.size() == 1;
        return Hop.at(at, HopKind.VIP, "VIP " + at.address() + " of service " + service.key())
                .decisions(Vector.of(found, where))
                .branches(candidates.map(node -> new Branch(
                        NodePacket.of(node, Arrival.of(Arrival.Kind.EXTERNAL), at),
                        one ? Share.all() : Share.undefined(),
                        one ? Option.none() : Option.some("if the network brings it to node " + node))))
                .assumptions(Vector.of("the network in front of the cluster brings packets for " + address + " to "
                        + (one ? "node " + candidates.head() : "one of its nodes")))
                .build();
    }
}
