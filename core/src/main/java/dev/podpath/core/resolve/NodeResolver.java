package dev.podpath.core.resolve;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Tuple;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.NodePlanes;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Target;
import dev.podpath.core.trace.Translation;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Resolves a packet on a node: asks the node's {@link ServiceProxy}, then delivers locally or routes what no service
 * rule touched. Independent of the proxy mode.
 */
public final class NodeResolver implements HopResolver {
    private final Cluster cluster;
    private final NodePlanes planes;

    /** Resolves on these nodes. */
    public NodeResolver(Cluster cluster, NodePlanes planes) {
        this.cluster = cluster;
        this.planes = planes;
    }

    @Override
    public String id() {
        return "node";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof NodePacket;
    }

    @Override
    public Resolution resolve(Location location) {
        NodePacket at = (NodePacket) location;
        Option<NodePlane> plane = planes.plane(at.node());
        Option<ServiceProxy> proxy = plane.flatMap(NodePlane::proxy);
        if (proxy.isEmpty()) {
            return Resolution.of(withoutProxy(at, plane));
        }
        return Resolution.of(new Step(at, plane.get(), proxy.get()).hop());
    }

    private static Hop withoutProxy(NodePacket at, Option<NodePlane> plane) {
        String dir = "nodes/" + at.node() + "/";
        Decision missing = Decision.unknown(
                "the rules of node " + at.node() + " were not captured, so nothing says what it does with "
                        + at.packet(),
                new Missing(dir + "proxy-mode.txt", "curl -s localhost:10249/proxyMode   # on the node"),
                new Missing(dir + "iptables-save.txt", "iptables-save   # on the node"),
                new Missing(dir + "ipvsadm-save.txt", "ipvsadm-save -n   # on the node, in IPVS mode"));
        Vector<Decision> known = plane.map(NodePlane::decisions).getOrElse(Vector.empty());
        boolean said = known.exists(decision -> decision.action() == Decision.Action.UNKNOWN);
        return Hop.at(at, HopKind.PROXY, "service proxy of node " + at.node())
                .decisions(said ? known : known.append(missing))
                .unknown()
                .build();
    }

    /** One packet on one node whose rules are known. */
    private final class Step {
        private final NodePacket at;
        private final NodePlane plane;
        private final ServiceProxy proxy;
        private final ProxyVerdict verdict;
        private final Option<ServicePortRef> service;

        Step(NodePacket at, NodePlane plane, ServiceProxy proxy) {
            this.at = at;
            this.plane = plane;
            this.proxy = proxy;
            this.verdict = proxy.route(at.packet(), at.arrival());
            this.service = serviceOf(at);
        }

        Hop hop() {
            Vector<ProxyBranch> branches = verdict.branches();
            int shared = branches.size() < 2 ? 0 : commonPrefix(branches);
            Vector<Decision> decisions = plane.decisions().appendAll(verdict.decisions());
            if (shared > 0) {
                decisions = decisions.append(rules(
                        "rules every packet to " + at.packet().to() + " meets",
                        branches.head().trail().take(shared)));
            }
            for (ProxyBranch branch : branches) {
                decisions = decisions.append(decision(branch, shared));
            }
            return Hop.at(
                            at,
                            HopKind.PROXY,
                            "service proxy of node " + at.node() + " (" + proxy.mode() + " mode): " + at.packet())
                    .decisions(decisions)
                    .branches(branches.map(branch -> new Branch(
                            next(branch),
                            branch.share(),
                            branch.conditions().isEmpty()
                                    ? Option.none()
                                    : Option.some(branch.conditions().mkString("; ")))))
                    .findings(plane.troubles().get().appendAll(verdict.findings()))
                    .assumptions(assumptions())
                    .build();
        }

        private Vector<String> assumptions() {
            boolean standIn = at.flow().source().isEmpty();
            return standIn
                    ? verdict.assumptions()
                            .append("the client's address is not given; "
                                    + at.packet().source() + " stands for a client outside the cluster")
                    : verdict.assumptions();
        }

        private Decision decision(ProxyBranch branch, int shared) {
            Vector<Evidence> evidence = branch.trail().drop(shared).map(RuleStep::evidence);
            String share = verdict.branches().size() == 1 ? "" : branch.share() + " of new connections: ";
            Decision plain = Decision.of(action(branch.outcome()), share + describe(branch))
                    .with(evidence);
            return branch.outcome() instanceof ProxyOutcome.ToEndpoint to
                    ? new Decision(
                            Decision.Action.TRANSLATED,
                            plain.text(),
                            evidence,
                            Option.some(new Translation(
                                    Translation.Kind.DNAT,
                                    new Tuple(
                                            at.packet().protocol(),
                                            Option.some(at.packet().from()),
                                            at.packet().to()),
                                    new Tuple(at.packet().protocol(), sourceAfter(branch), to.address()))),
                            plain.missing())
                    : plain;
        }

        private Option<AddressPort> sourceAfter(ProxyBranch branch) {
            return sourceAddress(branch)
                    .map(address -> new AddressPort(
                            address,
                            branch.sourceNat().isTranslated() ? 0 : at.packet().sourcePort()));
        }

        /** The source on the wire; empty where it is one of several or not known. */
        private Option<IpAddress> sourceAddress(ProxyBranch branch) {
            SourceNat nat = branch.sourceNat();
            if (nat instanceof SourceNat.Masquerade masquerade) {
                Vector<IpAddress> candidates = masquerade.candidates();
                return candidates.size() == 1
                        ? candidates.headOption()
                        : candidates.isEmpty() ? nodeAddress() : candidates.find(nodeAddress()::contains);
            }
            if (nat instanceof SourceNat.Snat snat) {
                return snat.addresses().size() == 1 ? snat.addresses().headOption() : Option.none();
            }
            return nat instanceof SourceNat.Kept ? Option.some(at.packet().source()) : Option.none();
        }

        private Option<IpAddress> nodeAddress() {
            boolean v6 = at.packet().destination().isV6();
            return cluster.node(at.node())
                    .flatMap(node -> node.internalAddresses().find(address -> address.isV6() == v6));
        }

        private String describe(ProxyBranch branch) {
            String source = describeSource(branch);
            ProxyOutcome outcome = branch.outcome();
            if (outcome instanceof ProxyOutcome.ToEndpoint to) {
                return "destination " + at.packet().to() + " becomes " + to.address() + source;
            }
            if (outcome instanceof ProxyOutcome.Rejected rejected) {
                return "rejected with " + rejected.with();
            }
            if (outcome instanceof ProxyOutcome.Dropped) {
                return "dropped";
            }
            if (outcome instanceof ProxyOutcome.Unknown unknown) {
                return unknown.why();
            }
            return "no service rule changes the destination " + at.packet().to() + source;
        }

        private String describeSource(ProxyBranch branch) {
            SourceNat nat = branch.sourceNat();
            if (nat instanceof SourceNat.Kept) {
                return "; the source " + at.packet().source() + " is kept";
            }
            if (nat instanceof SourceNat.Unknown unknown) {
                return "; whether the source changes is not known: " + unknown.why();
            }
            return "; masqueraded: the source becomes "
                    + sourceAddress(branch).map(IpAddress::toString).getOrElse("an address of the node");
        }

        private Location next(ProxyBranch branch) {
            ProxyOutcome outcome = branch.outcome();
            if (outcome instanceof ProxyOutcome.ToEndpoint to) {
                return new PodPort(to.address(), service, flowAfter(branch));
            }
            String title = describe(branch);
            Target target = Target.at(at.packet().to());
            if (outcome instanceof ProxyOutcome.Unknown unknown) {
                Decision why = new Decision(
                        Decision.Action.UNKNOWN, unknown.why(), Vector.empty(), Option.none(), unknown.missing());
                return new Ending(HopKind.PROXY, title, Disposition.UNKNOWN, target, Vector.of(why));
            }
            if (outcome instanceof ProxyOutcome.Untouched) {
                return untouched(branch, target);
            }
            Disposition disposition =
                    outcome instanceof ProxyOutcome.Rejected ? Disposition.REJECTED : Disposition.DROPPED;
            return new Ending(HopKind.PROXY, title + endpointsOfService(), disposition, target, Vector.empty());
        }

        /** What a refused request has to do with the service's endpoints. */
        private String endpointsOfService() {
            if (service.isEmpty() || !cluster.captured().endpoints()) {
                return "";
            }
            Vector<Endpoint> all = cluster.endpointsOf(service.get());
            int ready = all.count(Endpoint::ready);
            String of = ": service " + service.get();
            return all.isEmpty()
                    ? of + " has no endpoint"
                    : ready == 0
                            ? of + " has " + all.size() + " endpoints, none of them ready"
                            : of + " has " + ready + " ready endpoints, and yet node " + at.node() + " refuses it";
        }

        private Location untouched(ProxyBranch branch, Target target) {
            AddressPort to = at.packet().to();
            boolean local = plane.isLocal(to.address())
                    || cluster.node(at.node())
                            .exists(node -> node.internalAddresses().contains(to.address()));
            if (local || cluster.podWithOwnAddress(to.address()).isDefined()) {
                return new PodPort(to, Option.none(), flowAfter(branch));
            }
            if (service.isDefined()) {
                Decision leaked = Decision.notFound("no rule of node " + at.node() + " serves " + to
                        + ", although it is an address of service " + service.get());
                return new Ending(
                        HopKind.PROXY,
                        "VIP " + to + " is not served",
                        Disposition.BLACKHOLED,
                        target,
                        Vector.of(leaked));
            }
            Option<Node> otherNode = cluster.nodeAt(to.address());
            if (otherNode.isDefined()) {
                return new NetworkAddress(to, flowAfter(branch), new Vantage.PrivateNetwork(Option.none()));
            }
            Option<IpAddress> source = sourceAddress(branch);
            if (source.isEmpty()) {
                Decision why = Decision.unknown("the source address on the wire is not known, so the way out is not");
                return new Ending(
                        HopKind.PROXY, "source address not known", Disposition.UNKNOWN, target, Vector.of(why));
            }
            return new Outbound(at.node(), source.get(), to, at.flow());
        }

        private Flow flowAfter(ProxyBranch branch) {
            if (branch.sourceNat() instanceof SourceNat.Kept) {
                return at.flow();
            }
            return sourceAddress(branch)
                    .map(at.flow()::from)
                    .getOrElse(at.flow().fromUnknown());
        }
    }

    private Option<ServicePortRef> serviceOf(NodePacket at) {
        AddressPort to = at.packet().to();
        return cluster.servicePortAt(to, at.packet().protocol())
                .orElse(() -> cluster.servicePortAtNodePort(
                                to.port(), at.packet().protocol())
                        .filter(ref -> isNodeAddress(to.address(), at.node())));
    }

    private boolean isNodeAddress(IpAddress address, String node) {
        return address.isLoopback()
                || cluster.nodeAt(address).isDefined()
                || planes.plane(node).exists(plane -> plane.isLocal(address));
    }

    private static Decision rules(String text, Vector<RuleStep> steps) {
        return Decision.found(text).with(steps.map(RuleStep::evidence));
    }

    private static Decision.Action action(ProxyOutcome outcome) {
        if (outcome instanceof ProxyOutcome.Unknown) {
            return Decision.Action.UNKNOWN;
        }
        if (outcome instanceof ProxyOutcome.Untouched) {
            return Decision.Action.SKIPPED;
        }
        return outcome instanceof ProxyOutcome.ToEndpoint ? Decision.Action.CHOSE : Decision.Action.DENIED;
    }

    private static int commonPrefix(Vector<ProxyBranch> branches) {
        Vector<RuleStep> first = branches.head().trail();
        int length = first.size();
        for (ProxyBranch branch : branches.tail()) {
            Vector<RuleStep> trail = branch.trail();
            int same = 0;
            while (same < Math.min(length, trail.size()) && trail.get(same).equals(first.get(same))) {
                same++;
            }
            length = same;
        }
        return length;
    }
}
