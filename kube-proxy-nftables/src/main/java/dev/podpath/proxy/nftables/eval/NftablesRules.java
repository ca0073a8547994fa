package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.JoinedCells;
import dev.podpath.core.proxy.LikeCells;
import dev.podpath.core.proxy.LikePartition;
import dev.podpath.core.proxy.LikeWays;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.nftables.rule.Family;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The nftables rules of a node as they were captured, with its addresses and routes. Answers what becomes of a packet. Immutable
 * and safe to use from several threads.
 */
public final class NftablesRules {
    /** So many packets are followed before it is found out which addresses are alike: that takes as long as thousands of packets. */
    private static final int FOLLOWED = 256;

    private static final String KUBE_PROXY = "kube-proxy";

    private final NodeState node;
    private final Ruleset rules;
    private final NodeNetwork network;
    private final Side v4;
    private final Side v6;

    /** Rules of a node. */
    public NftablesRules(NodeState node, Ruleset rules) {
        this.node = node;
        this.rules = rules;
        this.network = NodeNetwork.of(node);
        this.v4 = new Side(false);
        this.v6 = new Side(true);
    }

    /** What is made once for a family. */
    private final class Side {
        final boolean family6;
        final Hooks hooks;
        final Cuts network;
        final Vector<String> assumptions;
        private volatile @Nullable Keys keys;
        /** Threads may count some packets as one. */
        private int followed;

        private final Lazy<Option<LikeAddresses>> alike = Lazy.of(this::alike);
        final LikeWays ways = new LikeWays(this::like);
        private final Lazy<Boolean> asksWayIn = Lazy.of(this::asksWayIn);

        Side(boolean family6) {
            this.family6 = family6;
            this.hooks = new Hooks(rules, family6);
            this.network = cuts();
            this.assumptions = assumptions();
        }

        private Cuts cuts() {
            Cuts.Builder cuts = new Cuts.Builder();
            for (IpPrefix prefix : NftablesRules.this.network.boundaries(family6)) {
                cuts.range(
                        prefix.address().high(),
                        prefix.address().low(),
                        prefix.last().high(),
                        prefix.last().low());
            }
            return cuts.build();
        }

        private Vector<String> assumptions() {
            Vector<String> all =
                    NftablesRules.this.network.assumption().toVector().appendAll(rules.notes());
            boolean own =
                    rules.table(family6 ? Family.IP6 : Family.IP, KUBE_PROXY).isDefined();
            return own
                    ? all
                    : all.append("node " + node.name() + " serves no service over " + (family6 ? "IPv6" : "IPv4")
                            + ", because " + rules.document().path() + " lists no table "
                            + (family6 ? "ip6 " : "ip ") + KUBE_PROXY);
        }

        private LikeCells like(Arrival arrival) {
            return new LikeCells(new Alone(arrival, direct(arrival, family6)));
        }

        /** Whether these are the first packets, and nobody asked which addresses are alike. */
        boolean isEarly() {
            boolean early = followed < FOLLOWED && !alike.isEvaluated();
            followed += early ? 1 : 0;
            return early;
        }

        private boolean asksWayIn() {
            return WayIn.isAskedBy(rules, family6);
        }

        private Option<LikeAddresses> alike() {
            if (!hooks.broken().isEmpty()) {
                return Option.none();
            }
            Lazy<Option<LikeAddresses>> whole = Lazy.of(() -> alike(false, number -> Option.none()));
            Option<LikeAddresses> apart = alike(true, number -> whole.get().flatMap(all -> all.of(number)));
            return apart.isDefined() ? apart : whole.get();
        }

        private Option<LikeAddresses> alike(boolean apart, IntFunction<Option<Likeness>> behind) {
            SharedRules shared = new SharedRules(rules, NftablesRules.this.network, family6, apart);
            return shared.isUsable() && (!apart || shared.isApart())
                    ? Option.some(new LikeAddresses(shared, keys(), behind))
                    : Option.none();
        }

        Keys keys() {
            Keys known = keys;
            if (known == null) {
                known = Keys.of(rules, family6);
                keys = known;
            }
            return known;
        }
    }

    /** Each address and packet by itself. */
    private final class Alone implements LikeCells.Source {
        private final Arrival arrival;
        private final Partition direct;

        Alone(Arrival arrival, Partition direct) {
            this.arrival = arrival;
            this.direct = direct;
        }

        @Override
        public Vector<Partition.Cell> cells(IpAddress address) {
            return direct.cells(address);
        }

        /** A walk cuts sources wherever an endpoint's address comes. */
        @Override
        public Vector<Partition.Cell> pattern(Vector<Partition.Cell> cells) {
            return JoinedCells.of(cells);
        }

        @Override
        public Option<Ends> ends(Packet packet) {
            return Option.some(NftablesRules.this.ends(packet, arrival, null));
        }

        @Override
        public ProxyVerdict verdict(PacketClass packets) {
            return NftablesRules.this.verdict(
                    packets.sample(), arrival, !packets.destinationPorts().isSingle());
        }
    }

    private Side side(boolean family6) {
        return family6 ? v6 : v4;
    }

    /** The rules. */
    public Ruleset rules() {
        return rules;
    }

    /** What the node does with the first packet of a connection. */
    public ProxyVerdict route(Packet packet, Arrival arrival) {
        return verdict(packet, arrival, false);
    }

    /** How the first packet of a connection ends. */
    public Ends ends(Packet packet, Arrival arrival) {
        Side side = side(packet.destination().isV6());
        int number =
                side.isEarly() || side.alike.get().isEmpty() ? -1 : side.keys().number(packet.destination());
        Option<Likeness> likeness =
                number < 0 ? Option.none() : side.alike.get().flatMap(alike -> alike.of(number));
        Option<Ends> ends = likeness.flatMap(like -> side.ways.of(arrival).ends(packet, like));
        return ends.isDefined() ? ends.get() : ends(packet, arrival, null);
    }

    /** All packets of a family that can come this way, in classes with one verdict each. */
    public Partition partition(Arrival arrival, boolean family6) {
        return new LikePartition(direct(arrival, family6), side(family6).ways.of(arrival));
    }

    /** The same, each class found by itself. */
    Partition direct(Arrival arrival, boolean family6) {
        return new RulePartition(this, arrival, side(family6).keys());
    }

    /** Whether every packet of a family ends the same by either way, because no rule looks at what differs. */
    public boolean isAlike(Arrival one, Arrival other, boolean family6) {
        return one.equals(other)
                || one.isLocalOutput() == other.isLocalOutput()
                        && !side(family6).asksWayIn.get();
    }

    /** What packets to addresses have in common; empty where that cannot be told from the rules. */
    Option<LikeAddresses> alike(boolean family6) {
        return side(family6).alike.get();
    }

    ProxyVerdict verdict(Packet packet, Arrival arrival, boolean openPort) {
        boolean family6 = packet.destination().isV6();
        Option<String> broken = broken(family6);
        if (broken.isDefined()) {
            return ProxyVerdict.unknown(broken.get(), side(family6).assumptions);
        }
        Walk walk = walk(packet, arrival, true, null);
        return Verdicts.of(walk, rules, family6, openPort, assumptions(walk, family6));
    }

    private Walk walk(Packet packet, Arrival arrival, boolean trails, @Nullable Recorder recorder) {
        Hooks hooks = side(packet.destination().isV6()).hooks;
        return new Walk(rules, hooks, node, network, packet, arrival, trails, recorder).run();
    }

    private Option<String> broken(boolean family6) {
        Vector<Table> broken = side(family6).hooks.broken();
        return broken.headOption()
                .map(table ->
                        "table " + table.title() + " of " + rules.document().path() + " is not whole: "
                                + table.damage().getOrElse(""));
    }

    private Vector<String> assumptions(Walk walk, boolean family6) {
        Vector<String> all = side(family6).assumptions;
        return walk.usedRoutes() ? all.append(network.routes().assumption()) : all;
    }

    /** How a packet ends; narrows the box of a recorder to the packets that end so. */
    Ends ends(Packet packet, Arrival arrival, @Nullable Recorder recorder) {
        boolean family6 = packet.destination().isV6();
        boolean any = side(family6).hooks.broken().isEmpty();
        Walk walk = any ? walk(packet, arrival, false, recorder) : null;
        boolean openPort = recorder != null && !recorder.box().isSingle(Box.DESTINATION_PORT);
        if (walk != null && Results.suffices(walk)) {
            return Results.of(walk, family6, openPort);
        }
        return Ends.of(verdict(packet, arrival, openPort));
    }

    Recorder recorder(Box box, Keys keys) {
        return new Recorder(box, keys, side(keys.isV6()).network);
    }
}
