package dev.podpath.core.proxy.walk;

import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import io.vavr.Tuple;
import io.vavr.Tuple3;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ends of a walk, of which the branches of a verdict are made. For one thread.
 *
 * @param <S> the steps of a trail
 */
public final class WalkEnds<S> {
    private final Forks<S> forks;
    private final Share[] shares;
    private final List<End<S>> ends;

    /**
     * None yet.
     *
     * @param forks where the walk forked, to its end
     * @param count how many ends there will be
     */
    public WalkEnds(Forks<S> forks, int count) {
        this.forks = forks;
        this.shares = forks.shares();
        this.ends = new ArrayList<>(count);
    }

    /**
     * Adds an end. Those below one node of the tree come one after the other, those of its second child behind those of its
     * first.
     *
     * @param node the node of the tree it is at
     * @param outcome what becomes of the packet
     * @param nat what becomes of its source
     * @param conditions what must hold for a packet to end here
     * @param trail the steps that led here
     * @param missing what would have told more
     */
    public void add(
            int node,
            ProxyOutcome outcome,
            SourceNat nat,
            Vector<String> conditions,
            @Nullable Link<S> trail,
            @Nullable Link<Missing> missing) {
        ends.add(new End<>(node, outcome, nat, shares[node], conditions, trail, missing));
    }

    /**
     * Compares both ways wherever it is not known which is taken: if they end alike, it does not matter; if only their sources
     * differ, the source is not known; else the end is not known.
     *
     * @param question what is asked at a fork, in words
     * @return what did not matter
     */
    public Vector<Decision> settle(Question question) {
        return forks.isUncertain() ? new Settlement<>(forks, shares, ends, question).settle() : Vector.empty();
    }

    /**
     * The branches: ends with the same result are one.
     *
     * @param step how a step is quoted
     */
    public Vector<ProxyBranch> branches(Function<S, RuleStep> step) {
        Map<Tuple3<ProxyOutcome, SourceNat, Vector<String>>, Integer> seen = new LinkedHashMap<>();
        List<ProxyBranch.Builder> builders = new ArrayList<>();
        List<Share> together = new ArrayList<>();
        for (End<S> one : ends) {
            if (!one.alive) {
                continue;
            }
            Integer known = seen.putIfAbsent(Tuple.of(one.outcome, one.nat, one.conditions), builders.size());
            if (known != null) {
                together.set(known, together.get(known).or(one.share));
                continue;
            }
            builders.add(ProxyBranch.builder()
                    .outcome(one.outcome)
                    .sourceNat(one.nat)
                    .conditions(one.conditions)
                    .trail(Link.values(one.trail, step)));
            together.add(one.share);
        }
        return Vector.range(0, builders.size())
                .map(i -> builders.get(i).share(together.get(i)).build());
    }

    /**
     * What is asked at a fork, in words.
     *
     * @param what what depends on other packets, such as {@code this rate}
     * @param holds such as {@code matches}
     * @param fails such as {@code does not match}
     */
    public record Question(String what, String holds, String fails) {}
}
