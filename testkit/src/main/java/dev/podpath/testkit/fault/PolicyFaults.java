package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.RuleFault.Edit;
import dev.podpath.testkit.fault.SavedRules.Rule;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Faults of source ranges, session affinity, node ports as a whole, and of what others put before kube-proxy. */
final class PolicyFaults {
    private static final String SECONDS = "--seconds ";

    private PolicyFaults() {}

    static Vector<Fault> all() {
        return Vector.of(
                new RuleFault(
                        "lost-source-range",
                        "clients of one of the allowed ranges are refused, because its rule is gone",
                        PolicyFaults::lostRange),
                new RuleFault(
                        "open-source-ranges",
                        "the rule behind the source ranges is gone, so that strangers are not stopped",
                        PolicyFaults::openRanges),
                new RuleFault(
                        "lost-affinity",
                        "the rules that lead a client back to its endpoint are gone",
                        PolicyFaults::lostAffinity),
                new RuleFault(
                        "wrong-affinity-time",
                        "a client is kept for another time than the service asks for",
                        PolicyFaults::wrongTime),
                new RuleFault(
                        "lost-node-ports",
                        "the last rule of the services, which leads to all node ports, is gone",
                        PolicyFaults::lostNodePorts),
                new RuleFault(
                        "foreign-drop",
                        "somebody else's rule drops what is forwarded to an endpoint",
                        PolicyFaults::foreignDrop));
    }

    private static Vector<Edit> lostRange(SavedRules rules, Owners owners, Scene scene) {
        Set<String> hopeless = ServiceFaults.droppedAnyway(rules);
        return rules.in("nat", "KUBE-FW-")
                .filter(rule -> rule.text().startsWith("-s ") && !isBalancer(rule, scene))
                .reject(rule -> hopeless.contains(rule.chain()))
                .map(rule -> Edit.of(
                        rule,
                        "the rule that allows " + rule.text().split(" ", 3)[1] + " is gone",
                        owners.of(rule.chain()),
                        HashSet.of(VerifyFindings.SOURCE_RANGES),
                        () -> rules.without(Vector.of(rule))));
    }

    /** Whether the rule is the one for the balancer's own addresses, which come from nowhere. */
    private static boolean isBalancer(Rule rule, Scene scene) {
        String address = rule.text().split(" ", 3)[1];
        return scene.cluster()
                .services()
                .flatMap(service -> service.loadBalancerIps())
                .exists(balancer -> address.startsWith(balancer + "/"));
    }

    private static Vector<Edit> openRanges(SavedRules rules, Owners owners, Scene scene) {
        Set<String> hopeless = ServiceFaults.droppedAnyway(rules);
        return rules.chain("filter", "KUBE-PROXY-FIREWALL")
                .reject(rule -> hopeless.exists(chain -> rule.text().contains(chain)))
                .map(rule -> Edit.of(
                        rule,
                        "the rule that drops what the source ranges do not allow is gone",
                        firewalled(rule, owners),
                        HashSet.of(VerifyFindings.SOURCE_RANGES),
                        () -> rules.without(Vector.of(rule))));
    }

    /** The rule names the chain of its service in its comment. */
    private static Option<ServicePortRef> firewalled(Rule rule, Owners owners) {
        int at = rule.text().indexOf("KUBE-FW-");
        return at < 0 ? Option.none() : owners.of(rule.text().substring(at, at + "KUBE-FW-".length() + 16));
    }

    private static Vector<Vector<Rule>> sticky(SavedRules rules) {
        return rules.in("nat", "KUBE-SV")
                .filter(rule -> rule.text().contains("--rcheck"))
                .groupBy(Rule::chain)
                .values()
                .toVector()
                .filter(chain -> chain.size() > 1)
                .sortBy(chain -> chain.head().line());
    }

    private static Vector<Edit> lostAffinity(SavedRules rules, Owners owners, Scene scene) {
        return sticky(rules)
                .map(chain -> Edit.of(
                        chain.head(),
                        "nothing in " + chain.head().chain() + " looks for a client's endpoint",
                        owners.of(chain.head()),
                        HashSet.of(VerifyFindings.AFFINITY),
                        () -> rules.without(chain)));
    }

    private static Vector<Edit> wrongTime(SavedRules rules, Owners owners, Scene scene) {
        return sticky(rules)
                .map(chain -> Edit.of(
                        chain.head(),
                        "clients are kept for a minute in " + chain.head().chain(),
                        owners.of(chain.head()),
                        HashSet.of(VerifyFindings.AFFINITY),
                        () -> rules.with(chain, text -> text.replaceFirst(SECONDS + "[0-9]+", SECONDS + "60"))));
    }

    private static Vector<Edit> lostNodePorts(SavedRules rules, Owners owners, Scene scene) {
        Vector<Rule> jumps = rules.chain("nat", "KUBE-SERVICES").filter(rule -> rule.jumpsTo("KUBE-NODEPORTS"));
        Option<Rule> served = rules.chain("nat", "KUBE-NODEPORTS")
                .find(rule -> rule.jumpsTo("KUBE-EXT-") || rule.jumpsTo("KUBE-SVC-") || rule.jumpsTo("KUBE-XLB-"));
        return served.toVector()
                .flatMap(rule -> jumps.headOption()
                        .map(jump -> Edit.of(
                                jump,
                                "nothing leads to KUBE-NODEPORTS",
                                owners.of(rule),
                                ChoiceFaults.UNSERVED,
                                () -> rules.without(jumps))));
    }

    /** What a pod sends to a cluster address is not marked, so that nothing accepts it before. */
    private static Vector<Edit> foreignDrop(SavedRules rules, Owners owners, Scene scene) {
        Option<Rule> first = rules.chain("filter", "FORWARD").headOption();
        Set<String> direct = rules.in("nat", "KUBE-SERVICES").map(Rule::target).toSet();
        Set<String> reached = ChoiceFaults.choices(rules)
                .filter(rule -> direct.contains(rule.chain()))
                .map(Rule::target)
                .toSet();
        return rules.in("nat", "KUBE-SEP-")
                .filter(rule -> rule.text().contains("DNAT --to-destination ") && reached.contains(rule.chain()))
                .flatMap(rule -> first.map(place -> {
                    String text = rule.text();
                    String to = text.substring(text.indexOf("--to-destination ") + "--to-destination ".length());
                    String address =
                            to.startsWith("[") ? to.substring(1, to.indexOf(']')) : to.substring(0, to.indexOf(':'));
                    return Edit.of(
                            rule,
                            "a rule before kube-proxy's drops what is forwarded to " + address,
                            owners.of(rule),
                            HashSet.of(VerifyFindings.REFUSED, VerifyFindings.SOURCE_RANGES),
                            () -> rules.before(place, "-A FORWARD -d " + address + " -j DROP\n"));
                }));
    }
}
