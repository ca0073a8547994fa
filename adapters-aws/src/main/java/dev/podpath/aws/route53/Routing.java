package dev.podpath.aws.route53;

import dev.podpath.core.location.Ending;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import io.vavr.Function1;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.function.Function;

/**
 * Chooses among the record sets of one name and type by their routing policy (Route 53 Developer Guide, "Choosing a
 * routing policy").
 */
final class Routing {
    private final Vector<RecordSet> sets;
    private final Function<RecordSet, Health> health;
    private final Function<RecordSet, Vector<Branch>> ways;
    private final HopDraft draft;

    /**
     * Chooses among these.
     *
     * @param sets record sets of one name and type, at least one
     * @param health whether a record set is taken for healthy
     * @param ways where one record set leads; shares sum to 1
     */
    Routing(
            Vector<RecordSet> sets,
            Function<RecordSet, Health> health,
            Function<RecordSet, Vector<Branch>> ways,
            HopDraft draft) {
        this.sets = sets;
        this.health = Function1.of(health::apply).memoized();
        this.ways = ways;
        this.draft = draft;
    }

    Vector<Branch> branches() {
        if (sets.size() > 1) {
            sets.forEach(this::tellHealth);
        }
        return switch (sets.head().policy()) {
            case SIMPLE -> simple();
            case WEIGHTED -> weighted();
            case FAILOVER -> failover();
            case GEOLOCATION -> geolocation();
            case ADDRESS -> byClient(placed());
            default -> byClient(healthy(sets, "clients get another answer"));
        };
    }

    /** A record set that is alone is given whatever its health, so health is told of several only. */
    private void tellHealth(RecordSet set) {
        Health found = health.apply(set);
        if (found.state() == Health.State.HEALTHY) {
            draft.add(Decision.found(name(set) + " is healthy: " + found.why()).with(found.evidence()));
        } else if (found.state() == Health.State.UNKNOWN) {
            draft.assume("Route 53 finds " + found.why() + " healthy ("
                    + found.missing().map(Missing::what).mkString(", ") + " was not captured)");
        }
    }

    /**
     * Those that are not known to be unhealthy; all, where none is left: then Route 53 takes every one for healthy.
     *
     * @param instead what becomes of those who would have got an unhealthy one
     */
    private Vector<RecordSet> healthy(Vector<RecordSet> among, String instead) {
        Vector<RecordSet> left = among.reject(set -> health.apply(set).isUnhealthy());
        if (left.isEmpty() && !among.isEmpty()) {
            draft.add(Decision.found("none of " + among.size() + " records is healthy, so all are taken for healthy")
                    .with(among.flatMap(set -> health.apply(set).evidence())));
            return among;
        }
        among.filter(set -> health.apply(set).isUnhealthy()).forEach(set -> unhealthy(set, instead));
        return left;
    }

    private void unhealthy(RecordSet set, String instead) {
        Health found = health.apply(set);
        draft.add(Decision.skipped(name(set) + " is not healthy (" + found.why() + "): " + instead)
                .with(found.evidence().prepend(set.evidence())));
    }

    private static String name(RecordSet set) {
        return "record " + set.setIdentifier().getOrElse(set.name());
    }

    /** Where a client's place has no healthy answer it gets that of the default place, if that is healthy. */
    private Vector<RecordSet> placed() {
        boolean fallback =
                sets.exists(set -> set.isDefaultPlace() && !health.apply(set).isUnhealthy());
        return fallback ? healthy(sets, "its clients get the answer of a wider place") : sets;
    }

    private Vector<Branch> simple() {
        if (sets.size() > 1) {
            return byClient(sets);
        }
        Health found = health.apply(sets.head());
        if (found.isUnhealthy()) {
            draft.add(Decision.found(name(sets.head()) + " is not healthy (" + found.why()
                            + "), and given all the same: there is no other")
                    .with(found.evidence()));
        }
        return through(sets.head(), Share.all(), Option.none());
    }

    /**
     * The parts of weighted record sets: weight over the sum of weights, 0 gets nothing unless all are 0, then all are
     * alike. Empty where a weight is missing or out of range (0 to 255).
     */
    static Option<Vector<Share>> shares(Vector<Option<Integer>> weights) {
        if (weights.exists(weight -> !weight.exists(w -> w >= 0 && w <= 255))) {
            return Option.none();
        }
        long total = 0;
        for (Option<Integer> weight : weights) {
            total += weight.get();
        }
        long sum = total;
        return Option.some(weights.map(weight -> sum == 0 ? Share.of(1, weights.size()) : Share.of(weight.get(), sum)));
    }

    private Vector<Branch> weighted() {
        if (shares(sets.map(RecordSet::weight)).isEmpty()) {
            draft.limit("a weight is missing or not in 0..255, so how often each answer is given is not known");
            return byClient(healthy(sets, "others are given instead"));
        }
        Vector<RecordSet> some = sets.reject(set -> set.weight().contains(0));
        Vector<RecordSet> none = sets.filter(set -> set.weight().contains(0));
        boolean noneLeft = some.forAll(set -> health.apply(set).isUnhealthy());
        boolean zeroes = noneLeft && none.exists(set -> !health.apply(set).isUnhealthy());
        Vector<RecordSet> candidates = zeroes ? none : some.isEmpty() ? sets : some;
        if (zeroes) {
            some.forEach(set -> unhealthy(set, "records of weight 0 are given instead"));
        } else if (!some.isEmpty()) {
            none.forEach(
                    set -> draft.add(Decision.skipped(name(set) + " has weight 0 and is never given", set.evidence())));
        }
        Vector<RecordSet> given = healthy(candidates, "others are given instead");
        Vector<Share> shares = shares(given.map(RecordSet::weight)).get();
        Vector<Branch> all = Vector.empty();
        for (int i = 0; i < given.size(); i++) {
            RecordSet set = given.get(i);
            draft.add(Decision.chose(
                    name(set) + " has weight " + set.weight().get() + ": " + shares.get(i) + " of answers",
                    set.evidence()));
            all = all.appendAll(through(set, shares.get(i), Option.none()));
        }
        return all;
    }

    /** The primary record is given while it is healthy, and where no other is. */
    private Vector<Branch> failover() {
        Option<RecordSet> primary =
                sets.find(set -> set.json().textOr("", "Failover").equals("PRIMARY"));
        if (primary.isEmpty()) {
            return byClient(sets);
        }
        Vector<RecordSet> others = sets.filter(set -> !set.equals(primary.get()));
        Health found = health.apply(primary.get());
        if (found.isUnhealthy()) {
            Vector<RecordSet> left = others.reject(set -> health.apply(set).isUnhealthy());
            if (!left.isEmpty()) {
                unhealthy(primary.get(), "the secondary record is given");
                return left.flatMap(set ->
                        through(set, left.size() == 1 ? Share.all() : Share.undefined(), Option.some(set.condition())));
            }
            draft.add(Decision.found("neither the primary nor the secondary record is healthy: the primary is given")
                    .with(found.evidence()));
        }
        boolean checked = found.state() != Health.State.UNCHECKED;
        draft.add(Decision.chose(
                "failover: the primary record is given"
                        + (checked ? " while it is healthy" : "; nothing checks its health"),
                primary.get().evidence()));
        for (RecordSet other : others) {
            draft.add(Decision.skipped(
                    "the secondary record is given only while the primary is not healthy", other.evidence()));
            ways.apply(other)
                    .forEach(way -> draft.aside("clients that ask while the primary is not healthy", way.to()));
        }
        return through(
                primary.get(), Share.all(), checked ? Option.some(primary.get().condition()) : Option.none());
    }

    /** Without an answer for all other places, clients there get none. */
    private Vector<Branch> geolocation() {
        Vector<Branch> all = byClient(placed());
        if (sets.exists(RecordSet::isDefaultPlace)) {
            return all;
        }
        Decision none = Decision.notFound("no geolocation record is for clients of other places: they get no answer");
        Ending ending = new Ending(
                HopKind.DNS,
                "no answer for clients of other places",
                Disposition.BLACKHOLED,
                Target.builder().build(),
                Vector.of(none));
        return (all.size() == 1 ? all.map(way -> new Branch(way.to(), Share.undefined(), way.condition())) : all)
                .append(Branch.when("clients located anywhere else", ending, Share.undefined()));
    }

    /** Who gets which answer depends on the client, in ways that the configuration does not settle. */
    private Vector<Branch> byClient(Vector<RecordSet> among) {
        Share share = among.size() == 1 ? Share.all() : Share.undefined();
        return among.flatMap(set -> {
            String condition = set.condition();
            draft.add(
                    Decision.chose((condition.isEmpty() ? "an answer" : condition) + ": " + name(set), set.evidence()));
            return through(set, share, condition.isEmpty() ? Option.none() : Option.some(condition));
        });
    }

    private Vector<Branch> through(RecordSet set, Share share, Option<String> condition) {
        return ways.apply(set)
                .map(way -> new Branch(
                        way.to(),
                        share.then(way.share()),
                        condition
                                .map(text -> way.condition()
                                        .map(more -> text + "; " + more)
                                        .getOrElse(text))
                                .orElse(way.condition())));
    }
}
