package dev.podpath.aws.elb;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Which of the registered targets get requests (Elastic Load Balancing guides, "Target group health" and "Cross-zone load
 * balancing").
 *
 * @param used the targets that get requests
 * @param failOpen whether too few are healthy, so that health is ignored
 */
record TargetChoice(Vector<Target> used, boolean failOpen) {
    /**
     * Chooses among targets that are looked at together: all of a group, or those of one zone.
     *
     * @param minimum the number of healthy targets below which health is ignored
     * @param percentage the same as a percentage; 0 for none
     */
    static TargetChoice among(Vector<Target> targets, int minimum, int percentage) {
        Vector<Target> used = targets.filter(target -> target.health() == Target.Health.USED);
        Vector<Target> registered = targets.filter(target -> target.health() != Target.Health.OUT);
        boolean tooFew = used.size() < minimum || (long) used.size() * 100 < (long) percentage * registered.size();
        return tooFew && used.size() < registered.size()
                ? new TargetChoice(registered, true)
                : new TargetChoice(used, false);
    }

    /**
     * Chooses zone by zone, because requests that enter a zone stay in it. A zone without healthy targets is taken out of
     * DNS where another one has some.
     *
     * @param entered the zone the request enters; where it is not known, each zone is possible
     * @param zones zones that are enabled
     */
    static TargetChoice zonal(
            Vector<Placed> targets, Option<String> entered, Vector<String> zones, int minimum, int percentage) {
        if (entered.isDefined()) {
            return among(in(targets, entered.get()), minimum, percentage);
        }
        Vector<String> possible =
                zones.isEmpty() ? targets.flatMap(Placed::zone).distinct() : zones;
        Vector<TargetChoice> all = possible.map(zone -> among(in(targets, zone), minimum, percentage));
        Vector<TargetChoice> healthy =
                all.filter(choice -> !choice.failOpen() && !choice.used().isEmpty());
        Vector<TargetChoice> open = healthy.isEmpty() ? all : healthy;
        return new TargetChoice(
                open.flatMap(TargetChoice::used).distinct(), healthy.isEmpty() && all.exists(TargetChoice::failOpen));
    }

    /** A target whose zone is not known may be in any. */
    private static Vector<Target> in(Vector<Placed> targets, String zone) {
        return targets.filter(placed -> placed.zone().forAll(zone::equals)).map(Placed::target);
    }

    /**
     * A target and where it is.
     *
     * @param target the target
     * @param zone its zone, where that is known
     */
    record Placed(Target target, Option<String> zone) {}
}
