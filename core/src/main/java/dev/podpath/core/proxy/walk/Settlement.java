package dev.podpath.core.proxy.walk;

import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.proxy.walk.WalkEnds.Question;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import io.vavr.Tuple;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Goes through the forks of which it is not known which way is taken, from the last to the first, and compares both ways. */
final class Settlement<S> {
    private final Forks<S> forks;
    private final Share[] shares;
    private final List<End<S>> ends;
    private final Question question;
    private final List<Decision> decisions = new ArrayList<>();

    Settlement(Forks<S> forks, Share[] shares, List<End<S>> ends, Question question) {
        this.forks = forks;
        this.shares = shares;
        this.ends = ends;
        this.question = question;
    }

    Vector<Decision> settle() {
        int count = forks.count();
        int[] begin = new int[count];
        int[] second = new int[count];
        int[] end = new int[count];
        for (int leaf = 0; leaf < ends.size(); leaf++) {
            for (int node = ends.get(leaf).node; node > 0; node = forks.parent(node)) {
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
                settle(node, begin[node], second[node], end[node]);
            }
        }
        return Vector.ofAll(decisions);
    }

    private void settle(int node, int begin, int second, int end) {
        Forks.Reason<S> reason = forks.reason(node);
        if (distribution(begin, second, true).equals(distribution(second, end, true))) {
            drop(second, end);
            decisions.add(Decision.skipped(reason.why() + "; it makes no difference here"));
            return;
        }
        if (distribution(begin, second, false).equals(distribution(second, end, false))) {
            loseSource(begin, second, end, reason.why());
            return;
        }
        if (forks.kind(node) == Forks.DEPENDS) {
            for (int i = begin; i < end; i++) {
                End<S> one = ends.get(i);
                one.share = Share.undefined();
                one.conditions = one.conditions.append("where " + question.what() + " "
                        + (i < second ? question.holds() : question.fails()) + ": " + reason.why());
            }
            return;
        }
        Vector<Missing> missing = Vector.empty();
        for (int i = begin; i < end; i++) {
            missing = missing.appendAll(Link.values(ends.get(i).missing));
        }
        String why = reason.why() + "; if it " + question.holds() + ": " + describe(begin, second) + "; if not: "
                + describe(second, end);
        drop(begin, end);
        End<S> lost = ends.get(begin);
        lost.alive = true;
        lost.outcome = new ProxyOutcome.Unknown(why, missing.distinct());
        lost.nat = SourceNat.kept();
        lost.share = shares[node];
        lost.conditions = Vector.empty();
        lost.trail = reason.trail();
    }

    private void drop(int begin, int end) {
        for (int i = begin; i < end; i++) {
            ends.get(i).alive = false;
        }
    }

    private Map<Object, Share> distribution(int begin, int end, boolean withSource) {
        Map<Object, Share> all = new LinkedHashMap<>();
        for (int i = begin; i < end; i++) {
            End<S> one = ends.get(i);
            if (one.alive) {
                all.merge(withSource ? Tuple.of(one.outcome, one.nat) : one.outcome, one.share, Share::or);
            }
        }
        return all;
    }

    private void loseSource(int begin, int second, int end, String why) {
        Map<ProxyOutcome, Set<SourceNat>> sources = new LinkedHashMap<>();
        for (int i = begin; i < end; i++) {
            if (ends.get(i).alive) {
                sources.computeIfAbsent(ends.get(i).outcome, key -> new HashSet<>())
                        .add(ends.get(i).nat);
            }
        }
        for (int i = begin; i < second; i++) {
            End<S> one = ends.get(i);
            Set<SourceNat> seen = sources.get(one.outcome);
            if (one.alive && seen != null && seen.size() > 1) {
                one.nat = new SourceNat.Unknown(why);
            }
        }
        drop(second, end);
    }

    private String describe(int begin, int end) {
        Set<String> seen = new HashSet<>();
        StringBuilder out = new StringBuilder();
        for (int i = begin; i < end; i++) {
            End<S> one = ends.get(i);
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
}
