package dev.podpath.aws.route53;

import dev.podpath.core.location.Ending;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.function.Function;

/**
 * Chooses among the record sets of one name and type by their routing policy (Route 53 Developer Guide, "Choosing a
 * routing policy").
 */
final class Routing {
    private final Vector<RecordSet> sets;
    private final Function<RecordSet, Vector<Branch>> ways;
    private final HopDraft draft;

    /**
     * Chooses among these.
     *
     * @param sets record sets of one name and type, at least one
     * @param ways where one record set leads; shares sum to 1
     */
    Routing(Vector<RecordSet> sets, Function<RecordSet, Vector<Branch>> ways, HopDraft draft) {
        this.sets = sets;
        this.ways = ways;
        this.draft = draft;
    }

    Vector<Branch> branches() {
        for (RecordSet set : sets) {
            set.json().text("HealthCheckId").forEach(id -> draft.assume("Route 53 health check " + id + " passes"));
            if (set.json().isTrue("AliasTarget", "EvaluateTargetHealth")) {
                draft.assume("Route 53 finds the alias target "
                        + Zone.plain(set.json().text("AliasTarget", "DNSName").getOrElse("")) + " healthy");
            }
        }
        return switch (sets.head().policy()) {
            case SIMPLE -> simple();
            case WEIGHTED -> weighted();
            case FAILOVER -> failover();
            case GEOLOCATION -> geolocation();
            default -> byClient(sets);
        };
    }

    private Vector<Branch> simple() {
        if (sets.size() > 1) {
            return byClient(sets);
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
        Option<Vector<Share>> shares = shares(sets.map(RecordSet::weight));
        if (shares.isEmpty()) {
            draft.limit("a weight is missing or not in 0..255, so how often each answer is given is not known");
            return byClient(sets);
        }
        Vector<Branch> all = Vector.empty();
        for (int i = 0; i < sets.size(); i++) {
            RecordSet set = sets.get(i);
            Share share = shares.get().get(i);
            String name = set.setIdentifier().getOrElse("(without identifier)");
            String weight = set.weight().map(String::valueOf).getOrElse("?");
            if (share.isNone()) {
                draft.add(Decision.skipped("record " + name + " has weight 0 and is never given", set.evidence()));
                continue;
            }
            draft.add(Decision.chose(
                    "record " + name + " has weight " + weight + ": " + share + " of answers", set.evidence()));
            all = all.appendAll(through(set, share, Option.none()));
        }
        return all;
    }

    /** The primary record is given while it is healthy. */
    private Vector<Branch> failover() {
        Option<RecordSet> primary =
                sets.find(set -> set.json().textOr("", "Failover").equals("PRIMARY"));
        if (primary.isEmpty()) {
            return byClient(sets);
        }
        boolean checked = primary.get().json().at("HealthCheckId").isPresent()
                || primary.get().json().isTrue("AliasTarget", "EvaluateTargetHealth");
        draft.add(Decision.chose(
                "failover: the primary record is given"
                        + (checked ? " while it is healthy" : "; nothing checks its health"),
                primary.get().evidence()));
        for (RecordSet other : sets.filter(set -> !set.equals(primary.get()))) {
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
        Vector<Branch> all = byClient(sets);
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
            draft.add(Decision.chose(
                    (condition.isEmpty() ? "an answer" : condition) + ": record "
                            + set.setIdentifier().getOrElse(set.name()),
                    set.evidence()));
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
