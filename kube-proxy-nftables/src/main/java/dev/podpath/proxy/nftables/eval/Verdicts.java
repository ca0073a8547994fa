package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.core.proxy.walk.WalkEnds;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Ruleset;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** Makes a verdict with all its reasoning of the ends of a walk. */
final class Verdicts {
    private static final int EVIDENCE = 8;
    private static final WalkEnds.Question HOLD = new WalkEnds.Question("it", "holds", "does not hold");

    private final Walk walk;
    private final Ruleset rules;
    private final boolean v6;
    private final boolean openPort;
    private final List<Decision> decisions = new ArrayList<>();

    private Verdicts(Walk walk, Ruleset rules, boolean v6, boolean openPort) {
        this.walk = walk;
        this.rules = rules;
        this.v6 = v6;
        this.openPort = openPort;
    }

    /**
     * The verdict of a walk.
     *
     * @param openPort whether it holds for several destination ports, so that an endpoint's port of 0 stands for the packet's own
     */
    static ProxyVerdict of(Walk walk, Ruleset rules, boolean v6, boolean openPort, Vector<String> assumptions) {
        return new Verdicts(walk, rules, v6, openPort).verdict(assumptions);
    }

    private ProxyVerdict verdict(Vector<String> assumptions) {
        if (walk.exhausted()) {
            return ProxyVerdict.unknown("the rules give a packet too many ways to follow them all", assumptions);
        }
        WalkEnds<Path.Step> ends = new WalkEnds<>(walk.forks(), walk.leaves().size());
        for (Path leaf : walk.leaves()) {
            walk.settleSource(leaf);
            ends.add(leaf.node, outcome(leaf), leaf.sourceNat, conditions(leaf), leaf.trail, leaf.missing);
        }
        decisions.addAll(ends.settle(HOLD).asJava());
        affinity();
        return ProxyVerdict.builder()
                .branches(ends.branches(this::step))
                .decisions(Vector.ofAll(decisions))
                .assumptions(assumptions)
                .affinitySeconds(walk.affinitySeconds() > 0 ? Option.some(walk.affinitySeconds()) : Option.none())
                .build();
    }

    private ProxyOutcome outcome(Path path) {
        if (path.ending == Path.DROPPED) {
            return new ProxyOutcome.Dropped();
        }
        if (path.ending == Path.REJECTED) {
            return new ProxyOutcome.Rejected(path.detail);
        }
        if (path.ending == Path.LOST) {
            return new ProxyOutcome.Unknown(
                    path.detail, Link.values(path.missing).distinct());
        }
        if (!path.is(Path.TRANSLATED)) {
            return new ProxyOutcome.Untouched();
        }
        IpAddress address = v6 ? IpAddress.v6(path.dstHigh, path.dstLow) : IpAddress.v4((int) path.dstLow);
        boolean open = openPort && path.is(Path.PORT_ORIGINAL);
        return new ProxyOutcome.ToEndpoint(new AddressPort(address, open ? 0 : path.destinationPort));
    }

    private static Vector<String> conditions(Path path) {
        Vector<String> all = Link.values(path.conditions);
        if ((path.seen & Path.SEEN_AFFINITY) != 0) {
            all = all.append("a client that is new: one with a session affinity record goes to the endpoint it had");
        }
        if ((path.seen & Path.SEEN_SET) != 0) {
            all = all.append("no earlier packet made an entry in a set that rules fill");
        }
        return (path.seen & Path.SEEN_REVERSE) != 0
                ? all.append("an answer would leave by the interface the packet came in by")
                : all;
    }

    private RuleStep step(Path.Step step) {
        NamedSet set = step.set();
        String where = set == null ? step.chain().name() : "map " + set.name();
        return new RuleStep(step.chain().table().title(), where, rules.evidence(step.place()));
    }

    /** Session affinity shows in sets that a new client is not in. */
    private void affinity() {
        List<Path.Step> assumed = walk.assumed();
        if (!assumed.isEmpty()) {
            Vector<Evidence> evidence = Vector.ofAll(assumed)
                    .take(EVIDENCE)
                    .map(this::step)
                    .map(RuleStep::evidence)
                    .distinct();
            decisions.add(Decision.skipped(
                            "session affinity: the client is taken for one without a record; with one, the rule"
                                    + " of its endpoint comes first")
                    .with(evidence));
        }
    }
}
