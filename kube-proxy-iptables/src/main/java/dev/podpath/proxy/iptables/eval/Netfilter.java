package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.proxy.iptables.parse.RulesReader;
import dev.podpath.proxy.iptables.parse.SetsReader;
import dev.podpath.proxy.iptables.rule.IpSets;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.TableName;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.function.Function;

/**
 * The packet filter of a node as it was captured: its rules of both families, its sets, its addresses and routes. Answers
 * what becomes of a packet. Immutable and safe to use from several threads.
 */
public final class Netfilter {
    private final NodeState node;
    private final Option<Ruleset> v4;
    private final Option<Ruleset> v6;
    private final IpSets sets;
    private final NodeNetwork network;
    private final NetworkCuts networkCuts;
    private final Option<Lazy<Surveys>> surveys4;
    private final Option<Lazy<Surveys>> surveys6;

    private Netfilter(NodeState node, Option<Ruleset> v4, Option<Ruleset> v6, IpSets sets, NodeNetwork network) {
        this.node = node;
        this.v4 = v4;
        this.v6 = v6;
        this.sets = sets;
        this.network = network;
        this.networkCuts = new NetworkCuts(network);
        this.surveys4 = v4.map(rules -> Lazy.of(() -> surveys(rules)));
        this.surveys6 = v6.map(rules -> Lazy.of(() -> surveys(rules)));
    }

    private Surveys surveys(Ruleset rules) {
        return surveys(rules, new Unbalanced());
    }

    Surveys surveys(Ruleset rules, Balancer.Partitioned balancer) {
        return new Surveys(this, rules, network, networkCuts, node, sets, balancer);
    }

    /** Reads {@code iptables-save.txt}, {@code ip6tables-save.txt} and {@code ipset-save.txt} of a node. */
    public static Reading<Netfilter> read(NodeState node) {
        Option<Reading<Ruleset>> v4 =
                node.document("iptables-save.txt").map(document -> RulesReader.read(document, false));
        Option<Reading<Ruleset>> v6 =
                node.document("ip6tables-save.txt").map(document -> RulesReader.read(document, true));
        Option<Reading<IpSets>> sets = node.document("ipset-save.txt").map(SetsReader::read);
        Vector<DocumentProblem> problems = v4.toVector()
                .flatMap(Reading::problems)
                .appendAll(v6.toVector().flatMap(Reading::problems))
                .appendAll(sets.toVector().flatMap(Reading::problems));
        Vector<DocumentReport> reports = v4.toVector()
                .flatMap(Reading::reports)
                .appendAll(v6.toVector().flatMap(Reading::reports))
                .appendAll(sets.toVector().flatMap(Reading::reports));
        Netfilter netfilter = new Netfilter(
                node,
                v4.map(Reading::value),
                v6.map(Reading::value),
                sets.map(Reading::value).getOrElse(IpSets::none),
                NodeNetwork.of(node));
        return new Reading<>(netfilter, problems, reports);
    }

    /** The node whose packet filter it is. */
    public NodeState node() {
        return node;
    }

    /** The rules of a family; empty where they were not captured. */
    public Option<Ruleset> rules(boolean family6) {
        return family6 ? v6 : v4;
    }

    /** The sets of the node. */
    public IpSets sets() {
        return sets;
    }

    /** Where the addresses of the node are not from the node itself: what a result must say. */
    public Option<String> addressAssumption() {
        return network.assumption();
    }

    /** What the node does with the first packet of a connection. */
    public ProxyVerdict route(Packet packet, Arrival arrival) {
        return route(packet, arrival, Balancer.none());
    }

    /**
     * What a node with a load balancer inside its stack does with the first packet of a connection. Every branch that a
     * balancer sends to a real server ends {@link ProxyOutcome.ToEndpoint}.
     */
    public ProxyVerdict route(Packet packet, Arrival arrival, Balancer balancer) {
        Option<Ruleset> rules = rules(packet.destination().isV6());
        if (rules.isEmpty()) {
            return notCaptured(packet.destination().isV6());
        }
        Walk walk = walk(rules.get(), packet, arrival, balancer);
        return Verdicts.of(walk, rules.get(), assumptions(rules.get(), walk));
    }

    /** How the first packet of a connection ends: {@link #route(Packet, Arrival)} without the reasoning. */
    public Ends ends(Packet packet, Arrival arrival) {
        Option<Lazy<Surveys>> surveys = packet.destination().isV6() ? surveys6 : surveys4;
        Ends ends = surveys.isEmpty() ? null : surveys.get().get().ends(packet, arrival);
        return ends == null ? Ends.of(route(packet, arrival)) : ends;
    }

    /** Follows a packet to the ends of all its ways. */
    Walk walk(Ruleset rules, Packet packet, Arrival arrival, Balancer balancer) {
        return new Walk(rules, network, new SetTests(sets, node, null), balancer, packet, arrival, null).run();
    }

    /**
     * All packets of a family that can come this way, in classes with one verdict each.
     *
     * @return empty where the rules of the family were not captured
     */
    public Option<Partition> partition(Arrival arrival, boolean family6) {
        Option<Lazy<Surveys>> surveys = family6 ? surveys6 : surveys4;
        return surveys.map(made -> made.get().partition(this, arrival));
    }

    /** Whether every packet of a family ends the same by either way: both are forwarded, and no rule looks at the way. */
    public boolean isAlike(Arrival one, Arrival other, boolean family6) {
        boolean forwarded = !one.isLocalOutput() && !other.isLocalOutput();
        Option<Lazy<Surveys>> surveys = family6 ? surveys6 : surveys4;
        return one.equals(other)
                || forwarded && surveys.exists(made -> !made.get().asksForTheWayIn());
    }

    /** The verdict on every packet of a class. */
    ProxyVerdict verdict(Ruleset rules, PacketClass packets, Arrival arrival, Balancer.Partitioned balancer) {
        Packet sample = packets.sample();
        boolean openPort = packets.destinationPorts().size() > 1;
        return balancer.verdict(sample, arrival, one -> {
            Walk walk = walk(rules, sample, arrival, one);
            return Verdicts.of(walk, rules, assumptions(rules, walk), openPort);
        });
    }

    /** Nothing balances. */
    static final class Unbalanced implements Balancer.Partitioned {
        @Override
        public Vector<IpAddress> addresses(boolean family6) {
            return Vector.empty();
        }

        @Override
        public Balancer brief(boolean classes) {
            return Balancer.none();
        }

        @Override
        public ProxyVerdict verdict(Packet sample, Arrival arrival, Function<Balancer, ProxyVerdict> follow) {
            return follow.apply(Balancer.none());
        }
    }

    /** Follows a packet and narrows the box of a recorder to the packets with the same verdict. */
    ProxyVerdict record(Ruleset rules, Packet packet, Arrival arrival, FieldCuts cuts, Box box, Balancer balancer) {
        Recorder recorder = new Recorder(new Narrowing(box), cuts);
        SetTests tests = new SetTests(sets, node, recorder);
        Walk walk = new Walk(rules, network, tests, balancer, packet, arrival, recorder).run();
        return Verdicts.of(walk, rules, assumptions(rules, walk), !box.isSingle(Box.DESTINATION_PORT));
    }

    private Vector<String> assumptions(Ruleset rules, Walk walk) {
        Vector<String> all = network.assumption().toVector().appendAll(rules.notes());
        if (walk.usedRoutes()) {
            all = all.append(network.routes().assumption());
        }
        for (TableName table : new TableName[] {TableName.NAT, TableName.FILTER}) {
            if (!rules.has(table)) {
                all = all.append("table " + table.text() + " of node " + node.name() + " has no rules, because "
                        + rules.document().path() + " does not list it");
            }
        }
        return all;
    }

    private ProxyVerdict notCaptured(boolean family6) {
        String file = family6 ? "ip6tables-save.txt" : "iptables-save.txt";
        Missing missing = new Missing(
                node.path(file),
                (family6 ? "ip6tables-save" : "iptables-save") + " > " + file + "   # on node " + node.name());
        return ProxyVerdict.builder()
                .branches(Vector.of(ProxyBranch.builder()
                        .outcome(new ProxyOutcome.Unknown(
                                "the " + (family6 ? "IPv6" : "IPv4") + " rules of node " + node.name()
                                        + " were not captured",
                                Vector.of(missing)))
                        .share(Share.all())
                        .build()))
                .build();
    }
}
