package dev.podpath.aws.ec2;

import dev.podpath.aws.document.Operation;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Tuple;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Target;
import dev.podpath.core.trace.Translation;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Finds the network interface that owns an address, asks its security groups, and enters the node or pod behind it.
 * Addresses of load balancers belong to {@code aws.elb}.
 */
public final class InterfaceResolver implements HopResolver {
    private static final int MOST_SOURCES = 32;

    private final Ec2 ec2;
    private final SecurityGroups groups;
    private final NetworkAcls acls;
    private final Cluster cluster;

    /** Resolves from these documents. */
    public InterfaceResolver(Ec2 ec2, SecurityGroups groups, NetworkAcls acls, Cluster cluster) {
        this.ec2 = ec2;
        this.groups = groups;
        this.acls = acls;
        this.cluster = cluster;
    }

    @Override
    public String id() {
        return "aws.ec2";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof TargetAddress
                || location instanceof NetworkAddress at && !(at.vantage() instanceof Vantage.OnNode);
    }

    @Override
    public Resolution resolve(Location location) {
        if (location instanceof TargetAddress target) {
            return ec2.interfaceAt(target.address().address())
                    .map(eni -> new Step(
                                    target,
                                    target.address(),
                                    target.flow(),
                                    Option.some(target.sender()),
                                    target.service(),
                                    eni)
                            .run(Option.none()))
                    .getOrElse(Resolution::declined);
        }
        return address((NetworkAddress) location);
    }

    private Resolution address(NetworkAddress at) {
        IpAddress asked = at.address().address();
        Option<PublicAddress> association = ec2.publicAddress(asked);
        Option<IpAddress> inside =
                association.isDefined() ? association.flatMap(PublicAddress::privateAddress) : Option.some(asked);
        if (association.isEmpty() && at.vantage() instanceof Vantage.Internet) {
            return declined(asked);
        }
        if (inside.isEmpty()) {
            String why = "the elastic IP address " + asked + " is associated with nothing";
            return new HopDraft(at, HopKind.NAT, "elastic IP address " + asked)
                    .add(Decision.notFound(why, association.get().evidence()))
                    .add(Finding.of(Ec2Findings.UNBOUND, why, association.get().evidence()))
                    .ends(Disposition.BLACKHOLED, Target.at(at.address()));
        }
        Option<NetworkInterface> eni = ec2.interfaceAt(inside.get());
        if (eni.isEmpty()) {
            return declined(inside.get());
        }
        if (eni.get().loadBalancer().isDefined()) {
            return Resolution.declined(Decision.found(
                    asked + " belongs to load balancer "
                            + eni.get().loadBalancer().get(),
                    eni.get().evidence()));
        }
        AddressPort to = new AddressPort(inside.get(), at.address().port());
        return new Step(at, to, at.flow(), Option.none(), Option.none(), eni.get()).run(association);
    }

    private Resolution declined(IpAddress address) {
        return ec2.isCaptured()
                ? Resolution.declined(
                        Decision.notFound("no network interface or elastic IP address that was captured is " + address))
                : Resolution.declined(Decision.unknown(
                        "whose address " + address + " is cannot be told, because network interfaces were not captured",
                        Operation.NETWORK_INTERFACES.missing()));
    }

    /** One connection that arrives at one interface. */
    private final class Step {
        private final AddressPort to;
        private final Flow flow;
        private final Option<Sender> sender;
        private final Option<ServicePortRef> service;
        private final NetworkInterface eni;
        private final Option<Node> node;
        private final boolean podAddress;
        private final HopDraft draft;

        Step(
                Location location,
                AddressPort to,
                Flow flow,
                Option<Sender> sender,
                Option<ServicePortRef> service,
                NetworkInterface eni) {
            this.to = to;
            this.flow = flow;
            this.sender = sender;
            this.service = service;
            this.eni = eni;
            this.node = eni.instanceId().flatMap(cluster::nodeOfInstance);
            this.podAddress = cluster.podWithOwnAddress(to.address()).isDefined()
                    || node.isDefined() && !eni.isPrimary(to.address());
            String owner = node.map(n -> " of node " + n.name())
                    .orElse(eni.instanceId().map(id -> " of instance " + id))
                    .getOrElse("");
            this.draft = new HopDraft(
                    location,
                    podAddress ? HopKind.ROUTE : HopKind.NODE,
                    "network interface " + eni.id() + owner + ": " + to);
        }

        Resolution run(Option<PublicAddress> association) {
            association.forEach(this::translated);
            draft.add(Decision.found(
                    to.address() + " is " + (eni.isPrimary(to.address()) ? "the primary address" : "an address")
                            + " of network interface " + eni.id()
                            + eni.instanceId().map(id -> " of instance " + id).getOrElse(""),
                    eni.evidence(to.address()),
                    eni.evidence()));
            Option<Resolution> stopped = barred().orElse(this::stopped);
            return stopped.getOrElse(this::enter);
        }

        private void translated(PublicAddress association) {
            AddressPort before = new AddressPort(association.address(), to.port());
            Option<AddressPort> source = flow.source().map(ip -> new AddressPort(ip, 0));
            draft.add(Decision.translated(
                    "the Internet gateway translates " + association.address() + " to " + to.address(),
                    new Translation(
                            Translation.Kind.DNAT,
                            new Tuple(flow.protocol(), source, before),
                            new Tuple(flow.protocol(), source, to)),
                    association.evidence()));
        }

        /** The end where the network ACL of a subnet does not let the connection cross its border, or may not. */
        private Option<Resolution> barred() {
            Vector<Option<IpAddress>> sources = peer().addresses().isEmpty()
                    ? Vector.of(Option.none())
                    : peer().addresses().take(MOST_SOURCES).map(Option::some);
            if (sources.exists(source -> !isBeside(source))) {
                acls.limit(eni.subnetId()).forEach(draft::limit);
            }
            Vector<Vector<SecurityGroups.Verdict>> verdicts =
                    sources.map(source -> isBeside(source) ? Vector.empty() : crossings(source));
            Vector<SecurityGroups.Verdict> all = verdicts.flatMap(each -> each);
            if (!all.isEmpty() && verdicts.forAll(each -> each.exists(SecurityGroups.Verdict::isDenied))) {
                SecurityGroups.Verdict denied =
                        all.find(SecurityGroups.Verdict::isDenied).get();
                draft.add(denied.decision());
                draft.add(Finding.of(
                        Ec2Findings.NETWORK_ACL,
                        flow.protocol().lower() + " to " + to + ": "
                                + denied.decision().text(),
                        denied.evidence()));
                return Option.some(draft.ends(Disposition.DROPPED, Target.at(to)));
            }
            Option<SecurityGroups.Verdict> doubtful = all.find(verdict -> !verdict.isAllowed());
            if (doubtful.isEmpty()) {
                all.map(SecurityGroups.Verdict::decision).distinct().forEach(draft::add);
                return Option.none();
            }
            if (peer().addresses().isEmpty()) {
                draft.add(Decision.skipped(
                        doubtful.get().decision().text(), doubtful.get().evidence()));
                draft.limit("network ACLs are not evaluated for the source, which is not known");
                return Option.none();
            }
            Decision depends = doubtful.get().isDenied()
                    ? Decision.unknown("it depends on which of its addresses the sender takes: "
                                    + doubtful.get().decision().text())
                            .with(doubtful.get().decision().evidence())
                    : doubtful.get().decision();
            draft.add(depends);
            return Option.some(draft.ends(Disposition.UNKNOWN, Target.at(to)));
        }

        /** Whether a source is in the subnet itself. */
        private boolean isBeside(Option<IpAddress> source) {
            Option<String> subnet = source.flatMap(ec2::interfaceAt).flatMap(NetworkInterface::subnetId);
            return subnet.isDefined() && subnet.equals(eni.subnetId());
        }

        /** Out of the sender's subnet, where that is one of the account's, and into this one. */
        private Vector<SecurityGroups.Verdict> crossings(Option<IpAddress> source) {
            Option<SecurityGroups.Verdict> out = source.flatMap(ec2::interfaceAt)
                    .flatMap(NetworkInterface::subnetId)
                    .flatMap(subnet -> acls.outward(subnet, to.address(), flow.protocol(), to.port()));
            Option<SecurityGroups.Verdict> in = eni.subnetId()
                    .flatMap(subnet -> acls.inward(subnet, source, to.address().isV6(), flow.protocol(), to.port()));
            return out.toVector().appendAll(in);
        }

        /** The end where security groups do not let the connection in or may not. */
        private Option<Resolution> stopped() {
            Option<Vector<String>> own = eni.securityGroups().filter(list -> !list.isEmpty());
            if (own.isEmpty()) {
                draft.limit(
                        "no security groups of network interface " + eni.id() + " were captured, so none is evaluated");
                return Option.none();
            }
            Option<Resolution> out = sender.flatMap(this::leaves);
            if (out.isDefined()) {
                return out;
            }
            SecurityGroups.Verdict verdict = groups.inbound(own.get(), peer(), flow.protocol(), to.port());
            boolean sourceOpen = peer().addresses().isEmpty();
            if (verdict.answer() == SecurityGroups.Answer.UNKNOWN && sourceOpen) {
                draft.add(Decision.skipped(verdict.decision().text(), verdict.evidence()));
                draft.limit(
                        "the security groups of " + eni.id() + " are not evaluated for the source, which is not known");
                return Option.none();
            }
            draft.add(verdict.decision());
            return end(verdict, "to " + to);
        }

        private Option<Resolution> leaves(Sender from) {
            if (from.securityGroups().isEmpty() || from.securityGroups().get().isEmpty()) {
                return Option.none();
            }
            Peer destination = new Peer(Vector.of(to.address()), eni.securityGroups());
            SecurityGroups.Verdict verdict =
                    groups.outbound(from.securityGroups().get(), destination, flow.protocol(), to.port());
            if (verdict.isAllowed()) {
                return Option.none();
            }
            draft.add(verdict.decision());
            return end(verdict, "from " + from.name() + " to " + to);
        }

        private Option<Resolution> end(SecurityGroups.Verdict verdict, String what) {
            if (verdict.isAllowed()) {
                return Option.none();
            }
            if (!verdict.isDenied()) {
                return Option.some(draft.ends(Disposition.UNKNOWN, Target.at(to)));
            }
            draft.add(Finding.of(
                    Ec2Findings.SECURITY_GROUP,
                    "security groups do not allow " + flow.protocol().lower() + " " + what + ": "
                            + verdict.decision().text(),
                    verdict.evidence()));
            return Option.some(draft.ends(Disposition.DROPPED, Target.at(to)));
        }

        /** Through a load balancer, references to groups match its groups, never those of the client behind it. */
        private Peer peer() {
            Peer client = flow.source().map(ec2::peer).getOrElse(Peer.UNKNOWN);
            return sender.map(from -> new Peer(
                            from.addresses().isEmpty() ? client.addresses() : from.addresses(), from.securityGroups()))
                    .getOrElse(client);
        }

        private Resolution enter() {
            if (podAddress) {
                String pod = cluster.podWithOwnAddress(to.address())
                        .map(p -> "pod " + p.id())
                        .getOrElse("a pod that was not captured");
                draft.add(Decision.chose(
                        to.address() + " is lent to " + pod
                                + "; the packet goes to it without meeting a service rule of the node",
                        eni.evidence(to.address())));
                return draft.goes(Vector.of(Branch.all(new PodPort(to, service, flow))));
            }
            if (node.isDefined()) {
                NetworkAddress inside = new NetworkAddress(to, flow, new Vantage.PrivateNetwork(eni.vpcId()));
                draft.add(Decision.chose(
                        "instance " + eni.instanceId().getOrElse("") + " is node "
                                + node.get().name(),
                        node.get().evidence()));
                return draft.goes(
                        Vector.of(Branch.all(NodePacket.of(node.get().name(), Arrival.of(arrival()), inside))));
            }
            return outside();
        }

        private Arrival.Kind arrival() {
            boolean inCluster = flow.source()
                    .exists(ip -> cluster.nodeAt(ip).isDefined()
                            || cluster.podWithOwnAddress(ip).isDefined());
            return inCluster ? Arrival.Kind.OTHER_NODE : Arrival.Kind.EXTERNAL;
        }

        private Resolution outside() {
            if (eni.instanceId().isDefined() && !cluster.captured().nodes()) {
                draft.add(Decision.unknown(
                        "whether instance " + eni.instanceId().get() + " is a node cannot be told",
                        new Missing("kubernetes/nodes.json", "kubectl get nodes -o json > kubernetes/nodes.json")));
                return draft.ends(Disposition.UNKNOWN, Target.at(to));
            }
            if (eni.type().equals("nat_gateway") || eni.type().equals("natGateway")) {
                draft.add(Decision.denied(
                        "a NAT gateway takes no connections from outside; " + eni.description(), eni.evidence()));
                return draft.ends(Disposition.DROPPED, Target.at(to));
            }
            String what = eni.description().isEmpty() ? eni.id() : eni.id() + " (" + eni.description() + ")";
            draft.add(Decision.found("network interface " + what + " is not a node of the cluster", eni.evidence()));
            draft.limit("whether anything answers at " + to + " of " + eni.id() + " was not captured");
            return draft.ends(Disposition.DELIVERED, Target.at(to));
        }
    }
}
