package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.core.proxy.walk.WalkEnds;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Makes a verdict of the ends of a walk. */
final class Verdicts {
    private static final int EVIDENCE = 8;
    private static final WalkEnds.Question MATCH = new WalkEnds.Question("this rate", "matches", "does not match");

    private final Walk walk;
    private final Ruleset rules;
    private final Vector<String> assumptions;
    private final boolean openPort;
    private final List<Decision> decisions = new ArrayList<>();

    private Verdicts(Walk walk, Ruleset rules, Vector<String> assumptions, boolean openPort) {
        this.openPort = openPort;
        this.walk = walk;
        this.rules = rules;
        this.assumptions = assumptions;
    }

    static ProxyVerdict of(Walk walk, Ruleset rules, Vector<String> assumptions) {
        return new Verdicts(walk, rules, assumptions, false).verdict();
    }

    /**
     * The verdict for a class of packets.
     *
     * @param openPort whether they go to several ports: an endpoint port of 0 then stands for the one a packet came with
     */
    static ProxyVerdict of(Walk walk, Ruleset rules, Vector<String> assumptions, boolean openPort) {
        return new Verdicts(walk, rules, assumptions, openPort).verdict();
    }

    private ProxyVerdict verdict() {
        if (walk.exhausted()) {
            return ProxyVerdict.unknown("the rules give a packet too many ways to follow them all", assumptions);
        }
        WalkEnds<Path.Step> ends = new WalkEnds<>(walk.forks(), walk.leaves().size());
        for (Path leaf : walk.leaves()) {
            ends.add(leaf.node, outcome(leaf), leaf.sourceNat, conditions(leaf), leaf.trail, leaf.missing);
        }
        decisions.addAll(ends.settle(MATCH).asJava());
        affinity();
        return ProxyVerdict.builder()
                .branches(ends.branches(this::step))
                .decisions(Vector.ofAll(decisions))
                .assumptions(assumptions)
                .affinitySeconds(affinitySeconds())
                .build();
    }

    private Option<Integer> affinitySeconds() {
        int most = 0;
        for (Path leaf : walk.leaves()) {
            most = Math.max(most, leaf.affinitySeconds);
        }
        return most == 0 ? Option.none() : Option.some(most);
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
        if (!path.translated) {
            return new ProxyOutcome.Untouched();
        }
        AddressPort direct = path.forwardedTo;
        IpAddress address = rules.isV6() ? IpAddress.v6(path.dstHigh, path.dstLow) : IpAddress.v4((int) path.dstLow);
        boolean open = openPort && path.portOriginal;
        AddressPort to = new AddressPort(address, open ? 0 : path.destinationPort);
        return new ProxyOutcome.ToEndpoint(direct == null ? to : direct);
    }

    private Vector<String> conditions(Path path) {
        Vector<String> all = Link.values(path.conditions);
        if ((path.seen & Path.SEEN_RECENT) != 0) {
            all = all.append("a client that is new: one with a session affinity record goes to the endpoint it had");
        }
        if ((path.seen & Path.SEEN_RPFILTER) != 0) {
            all = all.append("an answer would leave by the interface the packet came in by");
        }
        return (path.seen & Path.SEEN_PHYSDEV) != 0
                ? all.append("the packet did not come in over a port of a bridge")
                : all;
    }

    private RuleStep step(Path.Step step) {
        RuleStep foreign = step.foreign();
        Table table = step.table();
        if (foreign != null || table == null) {
            return Objects.requireNonNull(foreign);
        }
        int chain = step.rule() < 0 ? -1 - step.rule() : table.chainOf(step.rule());
        int line = step.rule() < 0 ? table.chainLine(chain) : table.line(step.rule());
        return new RuleStep(table.name().text(), table.chainName(chain), evidence(line));
    }

    private Evidence evidence(int line) {
        return line == 0 ? rules.document().whole() : rules.document().line(line);
    }

    /** Session affinity shows in rules that a new client does not match. */
    private void affinity() {
        List<Path.Step> recent = walk.recent();
        if (!recent.isEmpty()) {
            Vector<Evidence> evidence = Vector.ofAll(recent)
                    .take(EVIDENCE)
                    .map(this::step)
                    .map(RuleStep::evidence)
                    .distinct();
            decisions.add(Decision.skipped(
                            "session affinity: the client is taken for one without a record; with one, the rule of its endpoint comes"
                                    + " first")
                    .with(evidence));
        }
    }
}
