package dev.podpath.testkit.fault;

import static dev.podpath.testkit.fault.NftFault.edit;

import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.NftFault.Owners;
import dev.podpath.testkit.fault.NftListing.Line;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

/** Faults of the chains that choose among endpoints in nftables mode. */
final class NftChoiceFaults {
    private NftChoiceFaults() {}

    static Vector<Fault> all() {
        return Vector.of(
                new NftFault(
                        "missing-endpoint",
                        "an endpoint has become ready, but the rules do not know it yet",
                        NftChoiceFaults::missing),
                new NftFault(
                        "emptied-chain",
                        "the chain of a service was flushed, so that the packet returns and goes on untouched",
                        NftChoiceFaults::emptied),
                new NftFault(
                        "lost-last-way",
                        "the last way of a choice is gone, so that a part of the packets falls through",
                        NftChoiceFaults::lostLast),
                new NftFault(
                        "skewed-choice",
                        "one endpoint gets far more or far less than its part",
                        NftChoiceFaults::skewed),
                new NftFault(
                        "lost-affinity",
                        "the rules that lead a client back to its endpoint are gone",
                        NftChoiceFaults::lostAffinity),
                new NftFault(
                        "wrong-affinity-time",
                        "a client is kept for another time than the service asks for",
                        NftChoiceFaults::wrongTime));
    }

    /** Whether a line chooses by chance among endpoints. */
    static boolean isChoice(Line line) {
        return line.kind() == NftListing.Kind.RULE && line.text().startsWith("numgen ");
    }

    /** The chains a choice leads to, in their order. */
    static Vector<String> targets(Line choice) {
        String text = choice.text();
        String ways = text.substring(text.indexOf('{') + 1, text.lastIndexOf('}'));
        return Vector.of(ways.split(","))
                .map(way -> way.substring(way.indexOf("goto ") + 5).strip());
    }

    private static String choice(Vector<String> targets, int modulus, int first) {
        Vector<String> ways = targets.zipWithIndex(
                (target, i) -> (i == 0 ? first == 1 ? "0" : "0-" + (first - 1) : Integer.toString(first + i - 1))
                        + " : goto " + target);
        return "numgen random mod " + modulus + " vmap { " + ways.mkString(", ") + " }";
    }

    /** Family and name of the chains that cluster addresses lead to. */
    static Set<String> direct(NftListing rules) {
        return rules.elements("service-ips")
                .filter(line ->
                        line.target().startsWith("service-") || line.target().startsWith("local-"))
                .map(line -> line.family() + line.target())
                .toSet();
    }

    private static Vector<Line> choices(NftListing rules, int atLeast) {
        return rules.lines()
                .filter(NftChoiceFaults::isChoice)
                .filter(line -> targets(line).size() >= atLeast);
    }

    private static Vector<Line> directly(NftListing rules, int atLeast) {
        Set<String> direct = direct(rules);
        return choices(rules, atLeast).filter(line -> direct.contains(line.family() + line.block()));
    }

    private static Vector<DocumentEdit> missing(NftListing rules, Owners owners, Scene scene) {
        return choices(rules, 2).map(line -> {
            String gone = targets(line).head();
            Vector<String> left = targets(line).tail();
            return edit(
                    line,
                    "no longer leads to " + gone,
                    owners.of(line),
                    HashSet.of(VerifyFindings.MISSING_ENDPOINT),
                    () -> rules.with(rules.chain(line.family(), line.block()), text -> {
                        boolean way = text.endsWith("goto " + gone);
                        return text.startsWith("numgen ") ? choice(left, left.size(), 1) : way ? "" : text;
                    }));
        });
    }

    private static Vector<DocumentEdit> emptied(NftListing rules, Owners owners, Scene scene) {
        return directly(rules, 1)
                .map(line -> edit(
                        line,
                        "the chain " + line.block() + " has no rules",
                        owners.of(line),
                        ChoiceFaults.UNSERVED,
                        () -> rules.without(rules.chain(line.family(), line.block()))));
    }

    private static Vector<DocumentEdit> lostLast(NftListing rules, Owners owners, Scene scene) {
        return directly(rules, 2).map(line -> {
            Vector<String> targets = targets(line);
            return edit(
                    line,
                    "nothing leads to " + targets.last() + ", and its part remains",
                    owners.of(line),
                    ChoiceFaults.UNSERVED,
                    () -> rules.with(Vector.of(line), text -> choice(targets.init(), targets.size(), 1)));
        });
    }

    private static boolean isSticky(NftListing rules, Line choice) {
        return rules.chain(choice.family(), choice.block())
                .exists(line -> line.text().contains("saddr @affinity-"));
    }

    /** With affinity the part of an endpoint depends on who came before, so that a skew does not show at once. */
    private static Vector<DocumentEdit> skewed(NftListing rules, Owners owners, Scene scene) {
        return choices(rules, 2).reject(line -> isSticky(rules, line)).map(line -> {
            Vector<String> targets = targets(line);
            int modulus = 16 * targets.size();
            return edit(
                    line,
                    targets.head() + " gets nearly everything",
                    owners.of(line),
                    HashSet.of(VerifyFindings.SKEWED_SHARE),
                    () -> rules.with(Vector.of(line), text -> choice(targets, modulus, modulus - targets.size() + 1)));
        });
    }

    private static Vector<Line> sticky(NftListing rules) {
        return choices(rules, 2).filter(line -> isSticky(rules, line));
    }

    private static Vector<DocumentEdit> lostAffinity(NftListing rules, Owners owners, Scene scene) {
        return sticky(rules)
                .map(line -> edit(
                        line,
                        "nothing in " + line.block() + " looks for a client's endpoint",
                        owners.of(line),
                        HashSet.of(VerifyFindings.AFFINITY),
                        () -> rules.without(rules.chain(line.family(), line.block())
                                .filter(rule -> rule.text().contains("saddr @affinity-")))));
    }

    private static Vector<DocumentEdit> wrongTime(NftListing rules, Owners owners, Scene scene) {
        return sticky(rules).map(line -> {
            Set<String> sets = targets(line)
                    .map(target -> "affinity-" + target.substring("endpoint-".length()))
                    .toSet();
            Vector<Line> times = rules.lines()
                    .filter(other -> other.family().equals(line.family())
                            && sets.contains(other.block())
                            && other.text().strip().startsWith("timeout "));
            return edit(
                    times.head(),
                    "clients are kept for a minute in " + line.block(),
                    owners.of(line),
                    HashSet.of(VerifyFindings.AFFINITY),
                    () -> rules.with(times, text -> "\t\ttimeout 60s"));
        });
    }
}
