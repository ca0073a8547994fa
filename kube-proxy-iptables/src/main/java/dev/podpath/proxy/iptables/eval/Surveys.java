package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.LikeCells;
import dev.podpath.core.proxy.LikePartition;
import dev.podpath.core.proxy.LikeWays;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.Spares;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.iptables.rule.IpSets;
import dev.podpath.proxy.iptables.rule.Ruleset;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Surveys of the rules of one family, one for each thread, and what they learned together. */
final class Surveys {
    /** Ways in beyond these have templates for as long as one partition lasts. */
    private static final int MOST_WAYS = 64;
    /** So many packets are followed before it is found out which addresses are alike: that takes as long as thousands of packets. */
    private static final int FOLLOWED = 256;

    private final Ruleset rules;
    private final NodeNetwork network;
    private final NodeState node;
    private final IpSets sets;
    private final IndexKeys keys;
    private final boolean wayIn;
    private final Lazy<SharedRules> shared;
    private final Lazy<Option<Shapes>> shapes;
    private final Lazy<Option<LikeAddresses>> alike;
    private final Lazy<LikeBalanced> balanced;
    private final FieldCuts cuts;
    private final Balancer.Partitioned balancer;
    private final Balancer forPackets;
    private final Balancer forClasses;
    private final Lazy<AddressKinds> kinds;
    private final LikeWays ways;
    /** Threads may count some packets as one. */
    private int followed;

    private final Map<Arrival, Templates> templates = new ConcurrentHashMap<>();
    private final Suffixes suffixes = new Suffixes(this::trace);
    private final Spares<Survey> packets = new Spares<>(this::ofPackets);
    private final Spares<Survey> regions = new Spares<>(this::ofRegions);

    Surveys(
            Netfilter netfilter,
            Ruleset rules,
            NodeNetwork network,
            NetworkCuts networkCuts,
            NodeState node,
            IpSets sets,
            Balancer.Partitioned balancer) {
        this.ways = new LikeWays(way -> new LikeCells(new Alone(netfilter, way)));
        this.rules = rules;
        this.network = network;
        this.node = node;
        this.sets = sets;
        this.balancer = balancer;
        this.forPackets = balancer.brief(false);
        this.forClasses = balancer.brief(true);
        this.keys = IndexKeys.of(rules, balancer.addresses(rules.isV6()));
        this.cuts = new FieldCuts(keys, networkCuts, rules.isV6());
        this.shared = Lazy.of(() -> new SharedRules(rules, cuts));
        this.kinds = Lazy.of(() -> AddressKinds.of(rules, sets, keys, networkCuts, balancer));
        this.shapes =
                Lazy.of(() -> hasShapes() ? Option.some(new Shapes(shared.get(), keys, rules.isV6())) : Option.none());
        this.alike = Lazy.of(
                () -> hasShapes() ? Option.some(new LikeAddresses(shared.get(), keys, rules.isV6())) : Option.none());
        this.balanced = Lazy.of(
                () -> new LikeBalanced(keys, kinds.get(), new AddressFacts(rules, sets, cuts), balancer, rules.isV6()));
        this.wayIn = WayIn.isAskedBy(rules, sets);
    }

    /** The partition of the packets that come one way. */
    Partition partition(Netfilter netfilter, Arrival arrival) {
        return partition(netfilter, arrival, templates(arrival));
    }

    /** The same with these templates, or with none, so that each group is surveyed. */
    Partition partition(Netfilter netfilter, Arrival arrival, Option<Templates> templates) {
        Partition direct = direct(netfilter, arrival, templates);
        return keys.hasAlone() ? new LikePartition(direct, ways.of(arrival)) : direct;
    }

    /** The same, where no address is looked at like another. */
    Partition direct(Netfilter netfilter, Arrival arrival, Option<Templates> templates) {
        RulePartition byWalking = new RulePartition(netfilter, rules, arrival, cuts, balancer);
        return new GroupPartition(
                this, byWalking, templates, rules.isV6(), packets -> verdict(netfilter, packets, arrival));
    }

    private ProxyVerdict verdict(Netfilter netfilter, PacketClass packets, Arrival arrival) {
        return netfilter.verdict(rules, packets, arrival, balancer);
    }

    /** Each address and packet by itself. */
    private final class Alone implements LikeCells.Source {
        private final Netfilter netfilter;
        private final Arrival arrival;
        private final Partition direct;

        Alone(Netfilter netfilter, Arrival arrival) {
            this.netfilter = netfilter;
            this.arrival = arrival;
            this.direct = direct(netfilter, arrival, Option.none());
        }

        @Override
        public Vector<Partition.Cell> cells(IpAddress address) {
            return direct.cells(address);
        }

        @Override
        public Option<Ends> ends(Packet packet) {
            return Option.of(followed(packet, arrival));
        }

        @Override
        public ProxyVerdict verdict(PacketClass packets) {
            return Surveys.this.verdict(netfilter, packets, arrival);
        }
    }

    /** Whether a rule tells packets by how they came in. */
    boolean asksForTheWayIn() {
        return wayIn;
    }

    IndexKeys keys() {
        return keys;
    }

    /** Templates of one way in; none where rules are of a kind that needs each group looked at. */
    Option<Templates> templates(Arrival arrival) {
        return shapes.get()
                .map(known -> templates.size() < MOST_WAYS || templates.containsKey(arrival)
                        ? templates.computeIfAbsent(arrival, way -> new Templates(known))
                        : new Templates(known));
    }

    /** Which addresses are alike; empty where rules are of a kind that needs each looked at. */
    Option<LikeAddresses> alike() {
        return alike.get();
    }

    /** Which of the addresses that a balancer looks at on their own are alike. */
    LikeBalanced balanced() {
        return balanced.get();
    }

    private boolean hasShapes() {
        return !keys.hasAlone()
                && balancer instanceof Netfilter.Unbalanced
                && shared.get().isUsable();
    }

    /** The kinds of the addresses that a balancer looks at on their own. */
    AddressKinds kinds() {
        return kinds.get();
    }

    private Survey ofPackets() {
        return Survey.ofPackets(rules, network, new SetTests(sets, node, null), keys, suffixes, forPackets);
    }

    private Survey ofRegions() {
        Region.Shrinking extent = new Region.Shrinking(Region.none());
        Recorder recorder = recorder(extent);
        return Survey.ofRegions(
                rules, network, new SetTests(sets, node, recorder), keys, suffixes, extent, recorder, forClasses);
    }

    private Recorder recorder(Extent extent) {
        return new Recorder(extent, cuts);
    }

    /** How a packet ends; null where that takes the full walk. */
    @Nullable
    Ends ends(Packet packet, Arrival arrival) {
        Ends ends = isEarly() ? null : byTemplate(packet, arrival);
        return ends == null ? followed(packet, arrival) : ends;
    }

    private @Nullable Ends followed(Packet packet, Arrival arrival) {
        Survey survey = packets.take();
        Ends ends = survey.ends(packet, arrival);
        packets.give(survey);
        return ends;
    }

    /** Whether these are the first packets, and nobody asked which addresses are alike. */
    private boolean isEarly() {
        boolean early = followed < FOLLOWED && !(keys.hasAlone() ? balanced.isEvaluated() : shapes.isEvaluated());
        followed += early ? 1 : 0;
        return early;
    }

    /** How packets end whose destination rules name with protocol and port, of the classes of others like it. */
    private @Nullable Ends byTemplate(Packet packet, Arrival arrival) {
        if (keys.hasAlone()) {
            return byLikeness(packet, arrival);
        }
        Templates known = templates(arrival).getOrNull();
        int number = known == null
                ? -1
                : keys.number(packet.destination().high(), packet.destination().low());
        Shape shape =
                known == null || number < 0 ? null : known.shape(number, packet.protocol(), packet.destinationPort());
        if (known == null || shape == null) {
            return null;
        }
        Template template = known.of(shape);
        if (template == null) {
            Region region = Region.all(rules.isV6())
                    .with(Box.DESTINATION, Ranges.single(keys.addressHigh(number), keys.addressLow(number)))
                    .with(Box.DESTINATION_PORT, Ranges.single(0, packet.destinationPort()));
            Survey.Divided divided = divide(packet.protocol(), arrival, region, false);
            template = divided == null ? known.leave(shape) : known.learn(shape, divided);
        }
        return template.ends(shape, packet);
    }

    private @Nullable Ends byLikeness(Packet packet, Arrival arrival) {
        int number = !balancer.knowsConnections()
                ? keys.number(packet.destination().high(), packet.destination().low())
                : -1;
        return number < 0
                ? null
                : balanced()
                        .of(number)
                        .flatMap(like -> ways.of(arrival).ends(packet, like))
                        .getOrNull();
    }

    /** Divides a region; null where it has to be divided in another way. */
    Survey.@Nullable Divided divide(Protocol protocol, Arrival arrival, Region region, boolean others) {
        Survey survey = regions.take();
        Survey.Divided divided = survey.divide(protocol, arrival, region, others);
        regions.give(survey);
        return divided;
    }

    /** Follows a path as if its destination were the one it came with, to learn for which others it is the same. */
    private Suffixes.@Nullable End trace(Path from, Protocol protocol, Arrival arrival) {
        Region.Shrinking extent = new Region.Shrinking(Region.all(rules.isV6()));
        Recorder recorder = recorder(extent);
        Path path = from.fork();
        path.destinationOriginal = true;
        path.portOriginal = true;
        path.region = extent.region();
        path.seen = 0;
        path.recentlySet = 0;
        SetTests tests = new SetTests(sets, node, recorder);
        Path end = Survey.ofPaths(rules, network, tests, keys, extent, recorder).follow(path, protocol, arrival);
        return end == null || end.ending == Path.LOST || end.seen != 0 || extent.isOtherwise()
                ? null
                : new Suffixes.End(end.region, end);
    }
}
