package dev.podpath.aws.elb;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Which rule of a listener a request meets: the one with the lowest priority number that matches, the default rule last.
 *
 * @param chosen the rule; empty where it depends on something that is not known, or there is none
 * @param candidates the rules it may be, in order, where it is not known
 * @param passed rules with lower numbers that do not match
 */
record RuleChoice(Option<ListenerRule> chosen, Vector<ListenerRule> candidates, Vector<ListenerRule> passed) {
    /** Chooses; rules that would do the same are not told apart. */
    static RuleChoice of(Vector<ListenerRule> rules, Conditions conditions) {
        Vector<ListenerRule> ordered = rules.sortBy(
                rule -> rule.isDefault() ? Integer.MAX_VALUE : rule.priority().getOrElse(Integer.MIN_VALUE));
        Vector<ListenerRule> passed = Vector.empty();
        Vector<ListenerRule> open = Vector.empty();
        for (ListenerRule rule : ordered) {
            Conditions.Match match = conditions.match(rule);
            if (match == Conditions.Match.NO) {
                passed = passed.append(rule);
                continue;
            }
            if (match == Conditions.Match.YES) {
                boolean same = open.forAll(other -> other.effect().equals(rule.effect()));
                return same
                        ? new RuleChoice(Option.some(rule), Vector.empty(), passed)
                        : new RuleChoice(Option.none(), open.append(rule), passed);
            }
            open = open.append(rule);
        }
        return new RuleChoice(Option.none(), open, passed);
    }
}
