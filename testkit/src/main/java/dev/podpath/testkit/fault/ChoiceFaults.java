package dev.podpath.testkit.fault;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.RuleFault.Edit;
import dev.podpath.testkit.fault.SavedRules.Rule;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

/** Faults of the chains that choose among endpoints. */
final class ChoiceFaults {
    private static final String PROBABILITY = "--probability ";

    /** What is not translated leaks, or meets a drop that stands behind source ranges or the Local policy. */
    static final Set<FindingCode> UNSERVED =
            HashSet.of(VerifyFindings.NOT_SERVED, VerifyFindings.SOURCE_RANGES, VerifyFindings.REFUSED);

    private ChoiceFaults() {}

    static Vector<Fault> all() {
        return Vector.of(
                new RuleFault(
                        "missing-endpoint",
                        "an endpoint has become ready, but the rules do not know it yet",
                        ChoiceFaults::missing),
                new RuleFault(
                        "emptied-chain",
                        "the chain of a service was flushed, so that the packet returns and goes on untouched",
                        ChoiceFaults::emptied),
                new RuleFault(
                        "lost-last-rule",
                        "the last rule of a choice is gone, so that a part of the packets falls through",
                        ChoiceFaults::lostLast),
                new RuleFault(
                        "skewed-probability",
                        "one endpoint gets far more or far less than its part",
                        ChoiceFaults::skewed));
    }

    /** Rules that lead from the chain of a service to that of an endpoint. */
    static Vector<Rule> choices(SavedRules rules) {
        return rules.in("nat", "KUBE-SV")
                .filter(rule -> rule.jumpsTo("KUBE-SEP-") && !rule.text().contains("--rcheck"));
    }

    /** The chains with at least so many choices, each by its choices. */
    private static Vector<Vector<Rule>> chains(SavedRules rules, int atLeast) {
        return choices(rules)
                .groupBy(Rule::chain)
                .values()
                .toVector()
                .filter(chain -> chain.size() >= atLeast)
                .sortBy(chain -> chain.head().line());
    }

    private static Vector<Edit> missing(SavedRules rules, Owners owners, Scene scene) {
        return chains(rules, 2).map(chain -> {
            // Without the first rule the probabilities of the others still give each an even part.
            String gone = chain.head().target();
            return Edit.of(
                    chain.head(),
                    "no longer leads to " + gone,
                    owners.of(chain.head()),
                    HashSet.of(VerifyFindings.MISSING_ENDPOINT),
                    () -> rules.without(rules.chain("nat", chain.head().chain())
                            .filter(rule -> rule.target().equals(gone))));
        });
    }

    /**
     * The chains behind which nothing follows: what falls through the others comes to the Local policy's chain, which may
     * choose the same.
     */
    private static Vector<Vector<Rule>> last(Vector<Vector<Rule>> chains, SavedRules rules) {
        Vector<Rule> dispatch = rules.in("nat", "KUBE-SERVICES");
        Vector<Rule> ends = rules.in("nat", "KUBE-EXT-")
                .groupBy(Rule::chain)
                .values()
                .toVector()
                .map(Vector::last);
        Set<String> targets = dispatch.appendAll(ends).map(Rule::target).toSet();
        return chains.filter(chain -> targets.contains(chain.head().chain()));
    }

    private static Vector<Edit> emptied(SavedRules rules, Owners owners, Scene scene) {
        return last(chains(rules, 1), rules)
                .map(chain -> Edit.of(
                        chain.head(),
                        "the chain " + chain.head().chain() + " has no rules",
                        owners.of(chain.head()),
                        UNSERVED,
                        () -> rules.without(rules.chain("nat", chain.head().chain()))));
    }

    private static Vector<Edit> lostLast(SavedRules rules, Owners owners, Scene scene) {
        return last(chains(rules, 2), rules)
                .map(chain -> Edit.of(
                        chain.last(),
                        "the rule without a probability is gone",
                        owners.of(chain.last()),
                        UNSERVED,
                        () -> rules.without(Vector.of(chain.last()))));
    }

    private static Vector<Edit> skewed(SavedRules rules, Owners owners, Scene scene) {
        // With affinity the part of an endpoint depends on who came before, so that a skew does not show at once.
        Set<String> sticky = rules.in("nat", "KUBE-SV")
                .filter(rule -> rule.text().contains("--rcheck"))
                .map(Rule::chain)
                .toSet();
        Vector<Rule> byChance =
                choices(rules).filter(rule -> rule.text().contains(PROBABILITY) && !sticky.contains(rule.chain()));
        return byChance.map(rule -> {
            int at = rule.text().indexOf(PROBABILITY) + PROBABILITY.length();
            String now = rule.text().substring(at, rule.text().indexOf(' ', at));
            // 15/16 and 1/16 are kept by the kernel as they are.
            String then = now.startsWith("0.5") ? "0.06250000000" : "0.93750000000";
            return Edit.of(
                    rule,
                    "in " + rule.chain() + " the probability is " + then + " instead of " + now,
                    owners.of(rule),
                    HashSet.of(VerifyFindings.SKEWED_SHARE),
                    () -> rules.with(Vector.of(rule), text -> text.replace(PROBABILITY + now, PROBABILITY + then)));
        });
    }
}
