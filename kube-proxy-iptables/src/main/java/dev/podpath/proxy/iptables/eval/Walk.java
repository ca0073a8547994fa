package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.walk.Forks;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One packet on its way through the stack, on all the ways it can take, with the rules it meets: where a rule matches by
 * chance, or where it is not known whether it matches, the path forks. Bounded: a rule set that would take too many steps
 * or ways ends in a path whose fate is not known.
 */
final class Walk extends Course {
    private static final int MOST_LEAVES = 20_000;

    private final Balancer balancer;
    private final @Nullable Recorder recorder;
    private final Forks<Path.Step> forks = new Forks<>();
    private final List<Path> leaves = new ArrayList<>(4);
    private final ArrayDeque<Path> waiting = new ArrayDeque<>(4);
    private final List<Path.Step> recent = new ArrayList<>(0);
    private boolean exhausted;

    Walk(
            Ruleset rules,
            NodeNetwork network,
            SetTests sets,
            Balancer balancer,
            Packet packet,
            Arrival arrival,
            @Nullable Recorder recorder) {
        super(rules, network, sets, recorder, false);
        this.recorder = recorder;
        this.balancer = balancer;
        begin(packet.protocol(), arrival);
        Path path = new Path();
        path.come(
                packet.source().high(),
                packet.source().low(),
                packet.sourcePort(),
                packet.destination().high(),
                packet.destination().low(),
                packet.destinationPort());
        enterStack(path);
        waiting.push(path);
    }

    /** Goes all ways to their ends. */
    Walk run() {
        while (!waiting.isEmpty()) {
            Path path = waiting.pop();
            advance(path);
            leaves.add(path);
            if (steps > MOST_STEPS || leaves.size() > MOST_LEAVES) {
                exhausted = true;
                return this;
            }
        }
        return this;
    }

    List<Path> leaves() {
        return leaves;
    }

    Forks<Path.Step> forks() {
        return forks;
    }

    /** Whether the walk was given up because there are too many ways. */
    boolean exhausted() {
        return exhausted;
    }

    /** Rules that look for a record of the client which a new one does not have. */
    List<Path.Step> recent() {
        return recent;
    }

    @Override
    void matched(Path path, Table table, int rule) {
        path.trail = new Link<>(new Path.Step(table, rule, null), path.trail);
        path.trailLength++;
    }

    /** A jump that led to nothing leaves no trace. */
    @Override
    void cameBack(Path path, int trailLength) {
        Link<Path.Step> last = path.trail;
        if (last != null && trailLength == path.trailLength) {
            path.trail = last.before();
            path.trailLength--;
        }
    }

    @Override
    void assumed(Path path, Table table, int rule) {
        if ((tests.assumed() & Path.SEEN_RECENT) != 0 && recent.size() < 64) {
            recent.add(new Path.Step(table, rule, null));
        }
    }

    @Override
    boolean isEnded(Path path) {
        return false;
    }

    @Override
    void changed(Path path) {}

    @Override
    void askedAtStage(Path path, int stage) {}

    @Override
    void askedAtRule(Path path, int from, long recentlySet) {}

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
        if (choices.isEmpty()) {
            return;
        }
        path.balanced = true;
        Vector<Balancer.Choice> all = choices.get();
        int parent = path.node;
        for (int i = all.size() - 1; i >= 0; i--) {
            Path one = i == 0 ? path : path.fork();
            if (all.size() > 1) {
                one.node = forks.add(parent, all.get(i).share());
            }
            Balanced.apply(one, all.get(i), network, v6);
            if (i > 0) {
                waiting.push(one);
            }
        }
    }

    private IpAddress address(long high, long low) {
        return v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }

    @Override
    void undecided(Path path, Table table, int rule) {
        int parent = path.node;
        String where =
                "rule at line " + table.line(rule) + " of " + rules.document().path() + ": " + tests.reason();
        Path other = path.fork();
        Missing missing = tests.missing();
        if (missing != null) {
            path.missing = new Link<>(missing, path.missing);
            other.missing = path.missing;
        }
        path.node = forks.add(parent, 1, 1);
        other.node = forks.add(parent, 1, 1);
        byte kind = tests.rateOnly() ? Forks.DEPENDS : Forks.UNKNOWN;
        forks.mark(parent, kind, new Forks.Reason<>(where, path.trail, other.node));
        waiting.push(other);
    }

    @Override
    void byChance(Path path, long numerator, long denominator) {
        int parent = path.node;
        Path other = path.fork();
        path.node = forks.add(parent, numerator, denominator);
        other.node = forks.add(parent, denominator - numerator, denominator);
        waiting.push(other);
    }

    @Override
    void several(Path path, Vector<IpAddress> addresses, int[] code, int target) {
        int parent = path.node;
        for (int i = addresses.size() - 1; i >= 0; i--) {
            Path one = i == 0 ? path : path.fork();
            one.node = forks.add(parent, Share.undefined());
            translations.to(one, addresses.get(i).high(), addresses.get(i).low(), code, target);
            if (i > 0) {
                waiting.push(one);
            }
        }
    }
}
