package dev.podpath.aliyun.ecs;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Finds out which instance, and so which node, has a private address. */
public final class EcsResolver implements HopResolver {
    private final Responses responses;
    private final Ecs ecs;
    private final Cluster cluster;
    private final Gate gate;

    /** Resolves with these interfaces and instances and the nodes of this cluster. */
    public EcsResolver(Responses responses, Ecs ecs, Cluster cluster, Gate gate) {
        this.responses = responses;
        this.ecs = ecs;
        this.cluster = cluster;
        this.gate = gate;
    }

    @Override
    public String id() {
        return "aliyun.ecs";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof NetworkAddress at && !(at.vantage() instanceof Vantage.OnNode);
    }

    @Override
    public Resolution resolve(Location location) {
        NetworkAddress at = (NetworkAddress) location;
        IpAddress address = at.address().address();
        Option<String> vpc = at.vantage() instanceof Vantage.PrivateNetwork network ? network.id() : Option.none();
        Vector<NetworkInterface> enis = ecs.interfacesAt(address, vpc);
        Vector<Instance> instances = ecs.instancesAt(address, vpc);
        if (enis.isEmpty() && instances.isEmpty()) {
            return notHere(at);
        }
        Vector<Option<String>> owners = enis.isEmpty()
                ? instances.map(instance -> Option.some(instance.id()))
                : enis.map(NetworkInterface::instance);
        HopDraft notes = new HopDraft(at, HopKind.NODE, title(at, owners.head()));
        if (at.vantage() instanceof Vantage.Internet && !address.isPublic()) {
            return notes.ends(
                    Disposition.BLACKHOLED,
                    Decision.denied(address + " is a private address of the VPC; the Internet has no route to it")
                            .with(enis.map(eni -> eni.evidence(address)).appendAll(instances.map(Instance::evidence))));
        }
        if (owners.distinct().size() > 1) {
            return notes.unknown(Decision.unknown("several network interfaces have " + address
                            + " in different VPCs, and from which " + "network the request comes is not known")
                    .with(enis.map(eni -> eni.evidence(address))));
        }
        enis.headOption()
                .forEach(eni -> notes.add(Decision.found(
                        address + " is " + role(eni, address) + " of network interface " + eni.id(),
                        eni.evidence(address))));
        return onInstance(at, notes, enis.headOption(), owners.head());
    }

    private Resolution notHere(NetworkAddress at) {
        IpAddress address = at.address().address();
        if (at.vantage() instanceof Vantage.Internet || address.isPublic()) {
            return Resolution.declined();
        }
        if (!responses.captured(Api.NETWORK_INTERFACES)) {
            return Resolution.declined(Decision.unknown(
                    "which instance has " + address + " is not known: network interfaces were not captured",
                    responses.missing(Api.NETWORK_INTERFACES)));
        }
        String where =
                responses.of(Api.NETWORK_INTERFACES).head().body().document().path();
        return Resolution.declined(Decision.notFound(
                "no captured network interface or instance of Alibaba Cloud has " + address + " (" + where + ")"));
    }

    private Resolution onInstance(
            NetworkAddress at, HopDraft notes, Option<NetworkInterface> eni, Option<String> owner) {
        if (owner.isEmpty()) {
            return unattached(at, notes, eni);
        }
        String id = owner.get();
        Option<Instance> instance = ecs.instance(id);
        instance.forEach(found -> notes.add(Decision.found(
                "the interface is attached to instance " + found.label() + ", which is "
                        + (found.status().isEmpty() ? "in no known state" : found.status()),
                found.evidence())));
        if (instance.exists(Instance::isDown)) {
            return notes.ends(
                    Disposition.BLACKHOLED,
                    Decision.denied(
                            "instance " + id + " does not run, so nothing answers at " + at.address(),
                            instance.get().evidence()));
        }
        Option<Resolution> stopped = gate.arriving(eni, id, at, notes);
        if (stopped.isDefined()) {
            return stopped.get();
        }
        Option<Node> node = cluster.nodeOfInstance(id)
                .orElse(() -> cluster.nodeAt(at.address().address()));
        if (node.isEmpty()) {
            return notNode(at, notes, id);
        }
        boolean byId = node.get().instanceId().contains(id);
        notes.add(Decision.found(
                byId
                        ? "instance " + id + " is node " + node.get().name() + " (spec.providerID "
                                + node.get().providerId().getOrElse("") + ")"
                        : "node " + node.get().name() + " has the address in its status; no node has instance " + id
                                + " in spec.providerID",
                node.get().evidence()));
        return onNode(at, notes, eni, node.get());
    }

    private static Resolution unattached(NetworkAddress at, HopDraft notes, Option<NetworkInterface> eni) {
        String status = eni.flatMap(e -> e.json().text("Status")).getOrElse("");
        String what = eni.flatMap(e -> NetworkInterface.filled(e.json(), "Description"))
                .map(text -> " (" + text + ")")
                .getOrElse("");
        Vector<Evidence> evidence = eni.map(NetworkInterface::evidence).toVector();
        if (status.equalsIgnoreCase("Available")) {
            return notes.ends(
                    Disposition.BLACKHOLED,
                    Decision.denied("the network interface of " + at.address().address() + " is attached to nothing")
                            .with(evidence));
        }
        return notes.unknown(Decision.unknown("the network interface of "
                        + at.address().address() + what
                        + " belongs to no instance of this account; what is behind it was not captured")
                .with(evidence));
    }

    private Resolution notNode(NetworkAddress at, HopDraft notes, String instance) {
        if (!cluster.captured().nodes()) {
            return notes.unknown(Decision.unknown(
                    "whether instance " + instance + " is a node is not known: nodes were not captured",
                    new Missing("kubernetes/nodes.json", "kubectl get nodes -o json")));
        }
        return notes.unknown(Decision.unknown("instance " + instance
                + " is no node of the captured cluster: no node has it in spec.providerID; what listens at "
                + at.address() + " there is not known"));
    }

    private Resolution onNode(NetworkAddress at, HopDraft notes, Option<NetworkInterface> eni, Node node) {
        IpAddress address = at.address().address();
        boolean own = node.internalAddresses().contains(address)
                || node.externalAddresses().contains(address);
        boolean secondary = eni.exists(e -> e.find(address).forAll(ip -> !ip.primary()));
        boolean podAddress = cluster.podWithOwnAddress(address).isDefined();
        if (!own && (podAddress || secondary)) {
            notes.add(Decision.chose(address + " is not the node's own address but one its interface holds for a pod: "
                    + "the VPC delivers straight to the pod, kube-proxy's rules do not change the packet"));
            return notes.goes(Vector.of(Branch.all(new PodPort(at.address(), Option.none(), at.flow()))));
        }
        Arrival.Kind kind = at.flow().source().exists(source -> isElsewhereInCluster(source, node))
                ? Arrival.Kind.OTHER_NODE
                : Arrival.Kind.EXTERNAL;
        notes.add(Decision.chose("the packet enters node " + node.name() + " from outside"));
        return notes.goes(Vector.of(Branch.all(NodePacket.of(node.name(), Arrival.of(kind), at))));
    }

    private boolean isElsewhereInCluster(IpAddress source, Node node) {
        return cluster.nodeAt(source).exists(other -> !other.name().equals(node.name()))
                || cluster.podWithOwnAddress(source).exists(pod -> !pod.node().contains(node.name()));
    }

    private static String role(NetworkInterface eni, IpAddress address) {
        Option<PrivateIp> ip = eni.find(address);
        String which =
                ip.isEmpty() ? "in a prefix" : ip.get().primary() ? "the primary address" : "a secondary address";
        return which;
    }

    private String title(NetworkAddress at, Option<String> instance) {
        String node = instance.flatMap(cluster::nodeOfInstance)
                .map(n -> "node " + n.name() + " ")
                .getOrElse("");
        return node + instance.map(id -> "(" + id + ") ").getOrElse("") + at.address();
    }
}
