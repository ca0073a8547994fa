package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ends of packets without the reasoning: of one packet, or of a region of packets, which it divides as it goes. Where
 * a test comes out in two ways for the packets of a region, those for which it comes out as for the sample go on, and the
 * others set out again from there with a sample of their own, so that nothing before is done twice.
 *
 * <p>Gives up where an end takes more than ends (what is not known, rates, ranges of addresses): the full walk answers
 * then. For use by one thread at a time, again and again.
 */
final class Survey extends Course {
    private static final int MOST_LEAVES = 100_000;

    private final @Nullable Suffixes suffixes;
    private final Region.@Nullable Shrinking extent;
    private final IndexKeys keys;
    private final boolean single;
    private final Balancer balancer;
    private final @Nullable Recorder recorder;
    private final Tree tree = new Tree();
    private final List<Path> leaves = new ArrayList<>(8);
    private final List<Path> waiting = new ArrayList<>(8);
    private final List<Ranges> leftOut = new ArrayList<>(0);
    private boolean amongOthers;
    private boolean gaveUp;

    private Survey(
            Ruleset rules,
            NodeNetwork network,
            SetTests sets,
            IndexKeys keys,
            @Nullable Suffixes suffixes,
            Region.@Nullable Shrinking extent,
            @Nullable Recorder recorder,
            boolean single,
            Balancer balancer) {
        super(rules, network, sets, recorder, true);
        this.recorder = recorder;
        this.balancer = balancer;
        this.keys = keys;
        this.suffixes = suffixes;
        this.extent = extent;
        this.single = single;
    }

    /** One that follows single packets. */
    static Survey ofPackets(
            Ruleset rules, NodeNetwork network, SetTests sets, IndexKeys keys, Suffixes suffixes, Balancer balancer) {
        return new Survey(rules, network, sets, keys, suffixes, null, null, true, balancer);
    }

    /** One that divides regions; the recorder narrows the extent. */
    static Survey ofRegions(
            Ruleset rules,
            NodeNetwork network,
            SetTests sets,
            IndexKeys keys,
            Suffixes suffixes,
            Region.Shrinking extent,
            Recorder recorder,
            Balancer balancer) {
        return new Survey(rules, network, sets, keys, suffixes, extent, recorder, false, balancer);
    }

    /** One that follows single paths and finds out for which others they would be the same. */
    static Survey ofPaths(
            Ruleset rules,
            NodeNetwork network,
            SetTests sets,
            IndexKeys keys,
            Region.Shrinking extent,
            Recorder recorder) {
        return new Survey(rules, network, sets, keys, null, extent, recorder, true, Balancer.none());
    }

    /**
     * A region that was divided.
     *
     * @param parts its parts
     * @param leftOut destinations that were left out because rules tell them from all others, and not by an index alone
     */
    record Divided(List<Tree.Part> parts, List<Ranges> leftOut) {}

    private void reset(Protocol of, Arrival way) {
        begin(of, way);
        if (!single) {
            tree.clear();
        }
        leaves.clear();
        waiting.clear();
        leftOut.clear();
        gaveUp = false;
    }

    /** How a packet ends; null where that takes the full walk. */
    @Nullable
    Ends ends(Packet packet, Arrival way) {
        reset(packet.protocol(), way);
        Path path = new Path();
        path.come(
                packet.source().high(),
                packet.source().low(),
                packet.sourcePort(),
                packet.destination().high(),
                packet.destination().low(),
                packet.destinationPort());
        enterStack(path);
        waiting.add(path);
        return run() ? LeafEnds.of(leaves, v6, packet.destinationPort()) : null;
    }

    /**
     * Divides a region.
     *
     * @param others whether addresses with groups of their own are left out
     * @return the parts; null where the region has to be divided in another way
     */
    @Nullable
    Divided divide(Protocol of, Arrival way, Region whole, boolean others) {
        Region.Shrinking shrinking = extent;
        if (shrinking == null) {
            throw new IllegalStateException("made for single packets");
        }
        reset(of, way);
        amongOthers = others;
        tree.fork(0, Tree.SPLIT);
        List<Region> open = new ArrayList<>();
        open.add(whole);
        while (!open.isEmpty()) {
            Region region = open.remove(open.size() - 1);
            Path path = new Path();
            if (!sample(path, region)) {
                continue;
            }
            shrinking.restart(region);
            enterStack(path);
            path.region = shrinking.region();
            path.region.outside(region, open);
            path.node = tree.add(0);
            waiting.add(path);
        }
        List<Tree.Part> parts = run() ? tree.parts() : List.of();
        return parts.isEmpty() ? null : new Divided(parts, List.copyOf(leftOut));
    }

    /** Follows a path to its end; null where it forks or its end is not known. */
    @Nullable
    Path follow(Path path, Protocol of, Arrival way) {
        reset(of, way);
        waiting.add(path);
        return run() && leaves.size() == 1 ? leaves.get(0) : null;
    }

    /** Gives a path a packet of a region; false where there is none in it. */
    private boolean sample(Path path, Region region) {
        Ranges to = region.field(Box.DESTINATION);
        long high = to.firstHigh();
        long low = to.firstLow();
        if (amongOthers) {
            long[] free = keys.firstOther(to);
            if (free.length == 0) {
                leftOut.add(to);
                return false;
            }
            high = free[0];
            low = free[1];
        }
        path.resample(
                region.field(Box.SOURCE).firstHigh(),
                region.field(Box.SOURCE).firstLow(),
                (int) region.field(Box.SOURCE_PORT).firstLow(),
                high,
                low,
                (int) region.field(Box.DESTINATION_PORT).firstLow());
        return true;
    }

    private boolean run() {
        Region.Shrinking shrinking = extent;
        while (!waiting.isEmpty()) {
            Path path = waiting.remove(waiting.size() - 1);
            if (shrinking != null) {
                shrinking.restart(path.region);
            }
            advance(path);
            leaves.add(path);
            if (!single) {
                tree.leaf(path.node, path);
            }
            if (gaveUp || steps > MOST_STEPS || leaves.size() > MOST_LEAVES) {
                return false;
            }
        }
        return true;
    }

    private void giveUp(Path path) {
        gaveUp = true;
        path.end(Path.LOST, "");
    }

    /** Only to tell which other packets meet the very same rules. */
    @Override
    void matched(Path path, Table table, int rule) {
        if (amongOthers) {
            path.trail = new Link<>(new Path.Step(table, rule, null), path.trail);
        }
    }

    @Override
    void cameBack(Path path, int trailLength) {}

    @Override
    void assumed(Path path, Table table, int rule) {}

    @Override
    void balance(Path path, boolean output) {
        if (path.balanced) {
            return;
        }
        Balancer.Seen seen = new Balancer.Seen(
                protocol,
                address(path.srcHigh, path.srcLow),
                path.sourcePort,
                address(path.dstHigh, path.dstLow),
                path.destinationPort,
                path.mark,
                output);
        Recorder noting = recorder;
        Option<Vector<Balancer.Choice>> choices =
                noting == null ? balancer.balance(seen) : balancer.balance(seen, noting.alike(path));
        askedAtStage(path, path.stage - 1);
        if (choices.isDefined()) {
            path.balanced = true;
            take(path, choices.get());
        }
    }

    private IpAddress address(long high, long low) {
        return v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }

    /** Goes the first way; the others wait. */
    private void take(Path path, Vector<Balancer.Choice> choices) {
        int count = choices.size();
        Path[] ways = new Path[count];
        int parent = path.node;
        if (count > 1 && !single) {
            tree.fork(parent, Tree.BOTH);
        }
        for (int i = 0; i < count; i++) {
            Path way = i == 0 ? path : ways[0].fork();
            ways[i] = way;
            if (count > 1 && !single) {
                way.node = tree.add(parent);
            }
        }
        double before = path.share;
        for (int i = count - 1; i >= 0; i--) {
            Path way = ways[i];
            Balancer.Choice choice = choices.get(i);
            way.share = before * choice.chance();
            way.affinitySeconds = Math.max(way.affinitySeconds, choice.affinitySeconds());
            way.uncertain |= choice.result() instanceof Balancer.Result.Forward;
            if (single && !(way.ending == 0 && isPlain(choice.result()))) {
                giveUp(way);
            } else {
                Balanced.apply(way, choice, network, v6);
            }
            if (i > 0) {
                waiting.add(way);
            }
        }
    }

    private static boolean isPlain(Balancer.Result result) {
        return !(result instanceof Balancer.Result.Forward || result instanceof Balancer.Result.Unknown);
    }

    @Override
    void undecided(Path path, Table table, int rule) {
        if (single) {
            giveUp(path);
            return;
        }
        Path other = path.fork();
        path.uncertain = true;
        other.uncertain = true;
        both(path, other);
    }

    @Override
    void byChance(Path path, long numerator, long denominator) {
        if (single && extent != null) {
            giveUp(path);
            return;
        }
        Path other = path.fork();
        path.share *= (double) numerator / denominator;
        other.share *= (double) (denominator - numerator) / denominator;
        both(path, other);
    }

    private void both(Path path, Path other) {
        if (!single) {
            int parent = path.node;
            tree.fork(parent, Tree.BOTH);
            path.node = tree.add(parent);
            other.node = tree.add(parent);
        }
        waiting.add(other);
    }

    @Override
    void several(Path path, Vector<IpAddress> addresses, int[] code, int target) {
        giveUp(path);
    }

    /** A translation that depends on more than the rule is not followed for a region. */
    @Override
    void changed(Path path) {
        Region.Shrinking shrinking = extent;
        if (shrinking != null && shrinking.region() != path.region) {
            giveUp(path);
        }
    }

    @Override
    boolean isEnded(Path path) {
        Suffixes known = suffixes;
        if (known == null || !path.translated || path.asked) {
            return false;
        }
        path.asked = true;
        if (path.destinationOriginal || !path.sourceOriginal || keys.isNamed(path.dstHigh, path.dstLow)) {
            return false;
        }
        Suffixes.End end = known.end(path, protocol, arrival);
        if (end == null) {
            return false;
        }
        Region.Shrinking shrinking = extent;
        if (shrinking != null) {
            shrinking.restart(end.within(path));
            if (shrinking.region() != path.region) {
                split(path, path.stage, -1, path.recentlySet);
            }
        }
        end.give(path);
        path.shortened = true;
        return true;
    }

    @Override
    void askedAtStage(Path path, int stage) {
        Region.Shrinking shrinking = extent;
        if (shrinking != null && shrinking.region() != path.region) {
            split(path, stage, -1, path.recentlySet);
        }
    }

    @Override
    void askedAtRule(Path path, int from, long recentlySet) {
        path.usedDevices |= tests.takeUsedDevices();
        Region.Shrinking shrinking = extent;
        if (shrinking != null && shrinking.region() != path.region) {
            split(path, path.stage, from, recentlySet);
        }
    }

    /** The path goes on with what is left of its region; the others set out again from the stage or rule. */
    private void split(Path path, int stage, int rule, long recentlySet) {
        Region.Shrinking shrinking = extent;
        if (shrinking == null) {
            return;
        }
        Region before = path.region;
        path.region = shrinking.region();
        if (single) {
            return;
        }
        int parent = path.node;
        tree.fork(parent, Tree.SPLIT);
        path.node = tree.add(parent);
        List<Region> rest = new ArrayList<>(1);
        path.region.outside(before, rest);
        for (Region region : rest) {
            Path other = path.fork();
            if (!sample(other, region)) {
                continue;
            }
            other.region = region;
            other.stage = stage;
            other.recentlySet = recentlySet;
            if (rule >= 0) {
                other.rule = rule;
            } else {
                other.asked = false;
            }
            other.node = tree.add(parent);
            waiting.add(other);
        }
    }
}
