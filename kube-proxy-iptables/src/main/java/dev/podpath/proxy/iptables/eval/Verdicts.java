package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import io.vavr.Tuple;
import io.vavr.Tuple3;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a verdict of the ends of a walk. Where it is not known which of two ways is taken, both are compared: if they end
 * alike, it does not matter; if not, the verdict is UNKNOWN for the packets that come there.
 */
final class Verdicts {
    private static final int EVIDENCE = 8;

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

    /** An end of the walk on its way to a branch. */
    private static final class End {
        private ProxyOutcome outcome;
        private SourceNat nat;
        private Share share;
        private Vector<String> conditions;
        private @Nullable Link<Path.Step> trail;
        private boolean alive = true;

        End(
                ProxyOutcome outcome,
                SourceNat nat,
                Share share,
                Vector<String> conditions,
                @Nullable Link<Path.Step> trail) {
            this.outcome = outcome;
            this.nat = nat;
            this.share = share;
            this.conditions = conditions;
            this.trail = trail;
        }
    }

    private ProxyVerdict verdict() {
        if (walk.exhausted()) {
            return unknown("the rules give a packet too many ways to follow them all");
        }
        Forks forks = walk.forks();
        Share[] shares = forks.shares();
        List<End> ends = new ArrayList<>(walk.leaves().size());
        for (Path leaf : walk.leaves()) {
            ends.add(new End(outcome(leaf), leaf.sourceNat, shares[leaf.node], conditions(leaf), leaf.trail));
        }
        if (forks.isUncertain()) {
            settle(forks, shares, ends);
        }
        affinity();
        return ProxyVerdict.builder()
                .branches(branches(ends))
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

    private ProxyVerdict unknown(String why) {
        return ProxyVerdict.builder()
                .branches(Vector.of(ProxyBranch.builder()
                        .outcome(new ProxyOutcome.Unknown(why, Vector.empty()))
                        .share(Share.all())
                        .build()))
                .assumptions(assumptions)
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
            return new ProxyOutcome.Unknown(path.detail, missing(path));
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

    private static Vector<Missing> missing(Path path) {
        Vector<Missing> all = Vector.empty();
        for (Link<Missing> link = path.missing; link != null; link = link.before()) {
            all = all.prepend(link.value());
        }
        return all.distinct();
    }

    private Vector<String> conditions(Path path) {
        Vector<String> all = Vector.empty();
        for (Link<String> link = path.conditions; link != null; link = link.before()) {
            all = all.prepend(link.value());
        }
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

    /** Goes through the forks that are not by chance, from the last to the first. */
    private void settle(Forks forks, Share[] shares, List<End> ends) {
        int count = forks.count();
        int[] begin = new int[count];
        int[] second = new int[count];
        int[] end = new int[count];
        for (int leaf = 0; leaf < ends.size(); leaf++) {
            for (int node = walk.leaves().get(leaf).node; node > 0; node = forks.parent(node)) {
                int parent = forks.parent(node);
                if (forks.kind(parent) == Forks.CHANCE) {
                    continue;
                }
                begin[parent] = end[parent] == 0 ? leaf : begin[parent];
                end[parent] = leaf + 1;
                second[parent] = node == forks.reason(parent).second() && second[parent] == 0 ? leaf : second[parent];
            }
        }
        for (int node = count - 1; node >= 0; node--) {
            if (forks.kind(node) != Forks.CHANCE) {
                settle(forks, node, shares[node], ends, begin[node], second[node], end[node]);
            }
        }
    }

    private void settle(Forks forks, int node, Share share, List<End> ends, int begin, int second, int end) {
        Forks.Reason reason = forks.reason(node);
        if (distribution(ends, begin, second, true).equals(distribution(ends, second, end, true))) {
            drop(ends, second, end);
            decisions.add(Decision.skipped(reason.why() + "; it makes no difference here"));
            return;
        }
        if (distribution(ends, begin, second, false).equals(distribution(ends, second, end, false))) {
            loseSource(ends, begin, second, end, reason.why());
            return;
        }
        if (forks.kind(node) == Forks.RATE) {
            for (int i = begin; i < end; i++) {
                End one = ends.get(i);
                one.share = Share.undefined();
                one.conditions = one.conditions.append(
                        (i < second ? "where this rate matches: " : "where this rate does not match: ") + reason.why());
            }
            return;
        }
        Vector<Missing> missing = Vector.empty();
        for (int i = begin; i < end; i++) {
            missing = missing.appendAll(missing(walk.leaves().get(i)));
        }
        String why = reason.why() + "; if it matches: " + describe(ends, begin, second) + "; if not: "
                + describe(ends, second, end);
        drop(ends, begin, end);
        End lost = ends.get(begin);
        lost.alive = true;
        lost.outcome = new ProxyOutcome.Unknown(why, missing.distinct());
        lost.nat = SourceNat.kept();
        lost.share = share;
        lost.conditions = Vector.empty();
        lost.trail = reason.trail();
    }

    private static void drop(List<End> ends, int begin, int end) {
        for (int i = begin; i < end; i++) {
            ends.get(i).alive = false;
        }
    }

    private static Map<Object, Share> distribution(List<End> ends, int begin, int end, boolean withSource) {
        Map<Object, Share> shares = new LinkedHashMap<>();
        for (int i = begin; i < end; i++) {
            End one = ends.get(i);
            if (one.alive) {
                shares.merge(withSource ? Tuple.of(one.outcome, one.nat) : one.outcome, one.share, Share::or);
            }
        }
        return shares;
    }

    private static void loseSource(List<End> ends, int begin, int second, int end, String why) {
        Map<ProxyOutcome, Set<SourceNat>> sources = new LinkedHashMap<>();
        for (int i = begin; i < end; i++) {
            if (ends.get(i).alive) {
                sources.computeIfAbsent(ends.get(i).outcome, key -> new HashSet<>())
                        .add(ends.get(i).nat);
            }
        }
        for (int i = begin; i < second; i++) {
            End one = ends.get(i);
            Set<SourceNat> seen = sources.get(one.outcome);
            if (one.alive && seen != null && seen.size() > 1) {
                one.nat = new SourceNat.Unknown(why);
            }
        }
        drop(ends, second, end);
    }

    private static String describe(List<End> ends, int begin, int end) {
        Set<String> seen = new HashSet<>();
        StringBuilder out = new StringBuilder();
        for (int i = begin; i < end; i++) {
            End one = ends.get(i);
            if (one.alive && seen.size() < 4 && seen.add(describe(one.outcome))) {
                out.append(out.length() == 0 ? "" : " or ").append(describe(one.outcome));
            }
        }
        return out.toString();
    }

    private static String describe(ProxyOutcome outcome) {
        if (outcome instanceof ProxyOutcome.ToEndpoint to) {
            return "to " + to.address();
        }
        if (outcome instanceof ProxyOutcome.Rejected) {
            return "rejected";
        }
        if (outcome instanceof ProxyOutcome.Dropped) {
            return "dropped";
        }
        return outcome instanceof ProxyOutcome.Untouched ? "the destination stays" : "not known";
    }

    private Vector<ProxyBranch> branches(List<End> ends) {
        Map<Tuple3<ProxyOutcome, SourceNat, Vector<String>>, Integer> seen = new LinkedHashMap<>();
        List<ProxyBranch.Builder> builders = new ArrayList<>();
        List<Share> shares = new ArrayList<>();
        for (End one : ends) {
            if (!one.alive) {
                continue;
            }
            Integer known = seen.putIfAbsent(Tuple.of(one.outcome, one.nat, one.conditions), builders.size());
            if (known != null) {
                shares.set(known, shares.get(known).or(one.share));
                continue;
            }
            builders.add(ProxyBranch.builder()
                    .outcome(one.outcome)
                    .sourceNat(one.nat)
                    .conditions(one.conditions)
                    .trail(steps(one.trail)));
            shares.add(one.share);
        }
        return Vector.range(0, builders.size())
                .map(i -> builders.get(i).share(shares.get(i)).build());
    }

    private Vector<RuleStep> steps(@Nullable Link<Path.Step> last) {
        Deque<RuleStep> steps = new ArrayDeque<>();
        for (Link<Path.Step> link = last; link != null; link = link.before()) {
            steps.addFirst(step(link.value()));
        }
        return Vector.ofAll(steps);
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
