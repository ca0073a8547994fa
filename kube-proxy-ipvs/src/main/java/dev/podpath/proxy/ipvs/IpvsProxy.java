package dev.podpath.proxy.ipvs;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.iptables.eval.BalancedNetfilter;
import dev.podpath.proxy.iptables.eval.Balancer;
import dev.podpath.proxy.iptables.eval.Netfilter;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.function.Function;

/**
 * The service proxy of a node in IPVS mode: the packet filter of the node with IPVS inside. A packet from elsewhere meets
 * IPVS in INPUT, so only where its destination is an address of the node; one of the node itself in OUTPUT, always.
 */
final class IpvsProxy implements ServiceProxy {
    private final NodeState node;
    private final Captured captured;
    private final Netfilter netfilter;
    private final LocalAddresses addresses;
    private final Sysctl sysctl;
    private final VirtualServers servers;
    private final Diagnosis diagnosis;
    private final BalancedNetfilter balanced;

    IpvsProxy(NodeState node, Captured captured, Netfilter netfilter) {
        this.node = node;
        this.captured = captured;
        this.netfilter = netfilter;
        this.addresses = LocalAddresses.of(node);
        this.sysctl = Sysctl.read(node);
        this.servers = new VirtualServers(captured);
        this.diagnosis = new Diagnosis(node, captured, servers, addresses, sysctl);
        this.balanced = new BalancedNetfilter(netfilter, new Partitioned());
    }

    @Override
    public String mode() {
        return IpvsMode.ID;
    }

    @Override
    public ProxyVerdict route(Packet packet, Arrival arrival) {
        IpvsBalancer balancer = IpvsBalancer.ofPacket(node, captured, servers, sysctl);
        boolean ruled = netfilter.rules(packet.destination().isV6()).isDefined();
        ProxyVerdict verdict =
                ruled ? netfilter.route(packet, arrival, balancer) : withoutRules(packet, arrival, balancer);
        return verdict(packet, arrival, balancer, verdict);
    }

    @Override
    public Ends ends(Packet packet, Arrival arrival) {
        if (netfilter.rules(packet.destination().isV6()).isEmpty()) {
            return Ends.of(route(packet, arrival));
        }
        Option<Ends> ends = balanced.ends(packet, arrival);
        if (ends.isDefined()) {
            return ends.get();
        }
        IpvsBalancer balancer = IpvsBalancer.brief(node, captured, servers, sysctl, Option.none());
        ProxyVerdict verdict = netfilter.route(packet, arrival, balancer);
        return Ends.of(ProxyVerdict.builder()
                .branches(verdict.branches())
                .affinitySeconds(balancer.affinitySeconds())
                .build());
    }

    @Override
    public Option<Partition> partition(Arrival arrival, boolean v6) {
        return balanced.partition(arrival, v6);
    }

    /** The same partition with each address looked at on its own. */
    Option<Partition> direct(Arrival arrival, boolean v6) {
        return balanced.direct(arrival, v6);
    }

    @Override
    public boolean isAlike(Arrival one, Arrival other, boolean v6) {
        return balanced.isAlike(one, other, v6);
    }

    /** IPVS inside a partition: connections that are there already are left out. */
    private final class Partitioned implements Balancer.Partitioned {
        private final Captured fresh = captured.withoutConnections();
        private final Lazy<ServedPorts> ports =
                Lazy.of(() -> new ServedPorts(captured.main().table()));
        private final Lazy<ServerPatterns> patterns =
                Lazy.of(() -> new ServerPatterns(captured.main().table(), servers, ports.get()));

        @Override
        public Vector<IpAddress> addresses(boolean v6) {
            return ports.get()
                    .addresses(v6)
                    .appendAll(node.interfaces().all().filter(address -> address.isV6() == v6))
                    .distinct();
        }

        @Override
        public Option<int[]> ports(IpAddress address, Protocol protocol) {
            return ports.get().told(address, protocol);
        }

        @Override
        public Option<Balancer.Pattern> pattern(IpAddress address) {
            return patterns.get().of(address);
        }

        @Override
        public boolean knowsConnections() {
            return captured.connections().isDefined();
        }

        @Override
        public Balancer brief(boolean classes) {
            Captured seen = classes ? fresh : captured;
            Option<ServedPorts> cut = classes ? Option.some(ports.get()) : Option.none();
            return new BriefBalancer(
                    seen, servers, () -> IpvsBalancer.brief(node, seen, servers, sysctl, cut), ports.get(), classes);
        }

        @Override
        public ProxyVerdict verdict(Packet sample, Arrival arrival, Function<Balancer, ProxyVerdict> follow) {
            IpvsBalancer balancer = IpvsBalancer.ofClasses(node, fresh, servers, sysctl, ports.get());
            return IpvsProxy.this.verdict(sample, arrival, balancer, follow.apply(balancer));
        }
    }

    private ProxyVerdict verdict(Packet packet, Arrival arrival, IpvsBalancer balancer, ProxyVerdict verdict) {
        return ProxyVerdict.builder()
                .branches(verdict.branches())
                .decisions(place(packet, arrival)
                        .toVector()
                        .appendAll(balancer.decisions())
                        .appendAll(verdict.decisions()))
                .assumptions(verdict.assumptions()
                        .appendAll(balancer.assumptions())
                        .appendAll(bound())
                        .distinct())
                .affinitySeconds(balancer.affinitySeconds())
                .findings(diagnosis.findings(packet, seen(packet, arrival), verdict))
                .build();
    }

    /** Why the packet meets IPVS, or does not. */
    private Option<Decision> place(Packet packet, Arrival arrival) {
        IpAddress destination = packet.destination();
        if (arrival.isLocalOutput()) {
            return Option.some(
                    Decision.found("a packet of the node itself meets IPVS in OUTPUT, whatever its destination"));
        }
        if (!addresses.captured()) {
            return Option.none();
        }
        boolean served = IpvsBalancer.find(captured.main().table(), seen(packet, arrival)) >= 0;
        if (addresses.isLocal(destination)) {
            return Option.some(Decision.of(
                            Decision.Action.FOUND,
                            destination + " is an address of the node"
                                    + addresses
                                            .device(destination)
                                            .map(name -> " on " + name)
                                            .getOrElse("")
                                    + ", so the packet meets IPVS in INPUT")
                    .with(addresses.evidence(destination)));
        }
        return served
                ? Option.some(Decision.skipped(
                        "IPVS has a virtual server for " + packet.to() + ", but " + destination
                                + " is on no interface of the node: a packet from elsewhere is routed on and never meets it",
                        captured.main().document().whole()))
                : Option.none();
    }

    private Vector<String> bound() {
        return addresses.captured()
                ? Vector.empty()
                : Vector.of(
                        "the addresses of virtual servers are on " + LocalAddresses.DUMMY + ", where kube-proxy puts"
                                + " them, because " + node.path("ip-addr.json") + " (ip -j addr) was not captured");
    }

    private static Balancer.Seen seen(Packet packet, Arrival arrival) {
        return new Balancer.Seen(
                packet.protocol(),
                packet.source(),
                packet.sourcePort(),
                packet.destination(),
                packet.destinationPort(),
                0,
                arrival.isLocalOutput());
    }

    /** Real servers are known without the packet filter; whether it lets the packet pass and what it makes of the source is not. */
    private ProxyVerdict withoutRules(Packet packet, Arrival arrival, IpvsBalancer balancer) {
        boolean v6 = packet.destination().isV6();
        Decision unfiltered = Decision.unknown(
                "the packet filter of node " + node.name()
                        + " was not captured: whether it lets the packet pass, and whether the source is masqueraded, is not known",
                rules(v6 ? "ip6tables-save.txt" : "iptables-save.txt", v6 ? "ip6tables-save" : "iptables-save"),
                rules("ipset-save.txt", "ipset save"));
        boolean meets = arrival.isLocalOutput() || !addresses.captured() || addresses.isLocal(packet.destination());
        Option<Vector<Balancer.Choice>> choices = meets ? balancer.balance(seen(packet, arrival)) : Option.none();
        Vector<ProxyBranch> branches = choices.map(all -> all.map(IpvsProxy::branch))
                .getOrElse(() -> Vector.of(ProxyBranch.builder()
                        .outcome(new ProxyOutcome.Untouched())
                        .share(Share.all())
                        .sourceNat(unknownSource())
                        .build()));
        return ProxyVerdict.builder()
                .branches(branches)
                .decisions(Vector.of(unfiltered))
                .build();
    }

    private Missing rules(String file, String command) {
        return new Missing(node.path(file), command + " > " + file + "   # on node " + node.name());
    }

    private static ProxyBranch branch(Balancer.Choice choice) {
        ProxyBranch.Builder branch = ProxyBranch.builder()
                .outcome(outcome(choice.result()))
                .share(choice.share())
                .conditions(choice.conditions())
                .trail(choice.steps());
        if (choice.result() instanceof Balancer.Result.Translate) {
            branch.sourceNat(unknownSource());
        }
        return branch.build();
    }

    private static SourceNat unknownSource() {
        return new SourceNat.Unknown("the packet filter of the node was not captured");
    }

    private static ProxyOutcome outcome(Balancer.Result result) {
        if (result instanceof Balancer.Result.Translate translate) {
            return new ProxyOutcome.ToEndpoint(translate.server());
        }
        if (result instanceof Balancer.Result.Forward forward) {
            return new ProxyOutcome.ToEndpoint(forward.server());
        }
        if (result instanceof Balancer.Result.Reject reject) {
            return new ProxyOutcome.Rejected(reject.with());
        }
        if (result instanceof Balancer.Result.Unknown unknown) {
            return new ProxyOutcome.Unknown(unknown.why(), unknown.missing());
        }
        return new ProxyOutcome.Dropped();
    }
}
