package dev.podpath.testkit.fault;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.RuleFault.Edit;
import dev.podpath.testkit.fault.SavedRules.Rule;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

/** Faults of the chains of endpoints. */
final class EndpointFaults {
    private static final String TRANSLATES = "DNAT --to-destination ";

    private EndpointFaults() {}

    static Vector<Fault> all() {
        return Vector.of(
                new RuleFault(
                        "stale-endpoint",
                        "a pod has gone, but the rules still send to its address because the sync was missed",
                        EndpointFaults::stale),
                new RuleFault(
                        "wrong-port",
                        "the endpoint's port changed, and the rules still translate to another one",
                        EndpointFaults::wrongPort),
                new RuleFault(
                        "reused-address",
                        "a pod has gone, another one got its address, and the rules still send there",
                        EndpointFaults::reused),
                new RuleFault(
                        "foreign-endpoint",
                        "a choice leads to the endpoint of another service",
                        EndpointFaults::foreign),
                new RuleFault(
                        "lost-hairpin-masquerade",
                        "a pod that reaches itself through its service gets the answer from an address it did not ask",
                        EndpointFaults::hairpin));
    }

    private static Vector<Rule> translations(SavedRules rules) {
        return rules.in("nat", "KUBE-SEP-").filter(rule -> rule.text().contains(TRANSLATES));
    }

    private static AddressPort destination(Rule rule) {
        String text = rule.text();
        return AddressPort.parse(text.substring(text.indexOf(TRANSLATES) + TRANSLATES.length()))
                .getOrElseThrow(() -> new IllegalArgumentException("no address in " + rule));
    }

    private static Vector<Edit> stale(SavedRules rules, Owners owners, Scene scene) {
        return translations(rules).map(rule -> {
            AddressPort now = destination(rule);
            IpAddress gone = unused(now.address(), scene);
            AddressPort then = new AddressPort(gone, now.port());
            return Edit.of(
                    rule,
                    "sends to " + then + ", which nobody has, instead of " + now,
                    owners.of(rule),
                    Misplaced.codes(owners.of(rule), then, scene),
                    () -> rules.with(
                            rules.chain("nat", rule.chain()),
                            text -> text.replace(now.toString(), then.toString())
                                    .replace("-s " + now.address() + "/", "-s " + gone + "/")));
        });
    }

    /** An address near this one that no pod has. */
    static IpAddress unused(IpAddress near, Scene scene) {
        IpAddress candidate = near;
        do {
            candidate = candidate.isV6()
                    ? IpAddress.v6(candidate.high(), candidate.low() + 1)
                    : IpAddress.v4(candidate.v4Bits() + 1);
        } while (!scene.cluster().podsAt(candidate).isEmpty());
        return candidate;
    }

    /** Addresses of pods that serve nobody. */
    static Vector<IpAddress> idle(Scene scene) {
        return scene.cluster()
                .pods()
                .filter(pod -> !pod.hostNetwork())
                .flatMap(pod -> pod.addresses())
                .reject(address -> scene.cluster()
                        .endpoints()
                        .exists(endpoint -> endpoint.address().address().equals(address)));
    }

    /** A pod that serves nobody has the address by now. */
    private static Vector<Edit> reused(SavedRules rules, Owners owners, Scene scene) {
        Vector<IpAddress> idle = idle(scene);
        return translations(rules).flatMap(rule -> {
            AddressPort now = destination(rule);
            return idle.find(address -> address.isV6() == now.address().isV6()).map(address -> {
                AddressPort then = new AddressPort(address, now.port());
                return Edit.of(
                        rule,
                        "sends to " + then + ", which another pod has by now, instead of " + now,
                        owners.of(rule),
                        HashSet.of(VerifyFindings.MISDELIVERY),
                        () -> rules.with(
                                rules.chain("nat", rule.chain()),
                                text -> text.replace(now.toString(), then.toString())
                                        .replace("-s " + now.address() + "/", "-s " + address + "/")));
            });
        });
    }

    private static Vector<Edit> wrongPort(SavedRules rules, Owners owners, Scene scene) {
        return translations(rules).map(rule -> {
            AddressPort now = destination(rule);
            AddressPort then = new AddressPort(now.address(), now.port() % 65535 + 1);
            return Edit.of(
                    rule,
                    "translates to " + then + " instead of " + now,
                    owners.of(rule),
                    Misplaced.codes(owners.of(rule), then, scene),
                    () -> rules.with(Vector.of(rule), text -> text.replace(TRANSLATES + now, TRANSLATES + then)));
        });
    }

    private static Vector<Edit> foreign(SavedRules rules, Owners owners, Scene scene) {
        Vector<Rule> translations = translations(rules);
        return ChoiceFaults.choices(rules).flatMap(choice -> {
            Vector<AddressPort> own = translations
                    .filter(rule -> owners.of(rule).equals(owners.of(choice)))
                    .map(EndpointFaults::destination);
            return translations
                    .find(rule -> !owners.of(rule).equals(owners.of(choice))
                            && protocol(rule).equals(protocolOf(choice, rules))
                            && !own.contains(destination(rule)))
                    .map(other -> Edit.of(
                            choice,
                            "leads to " + other.chain() + " with " + destination(other) + " instead of "
                                    + choice.target(),
                            owners.of(choice),
                            Misplaced.codes(owners.of(choice), destination(other), scene),
                            () -> rules.with(
                                    rules.chain("nat", choice.chain())
                                            .filter(rule -> rule.target().equals(choice.target())),
                                    text -> text.replace("-j " + choice.target(), "-j " + other.chain()))));
        });
    }

    private static String protocol(Rule rule) {
        return rule.text().substring(0, Math.max(0, rule.text().indexOf(" -m ")));
    }

    /** A chain of another protocol would not match, so that the fault would be one of another kind. */
    private static String protocolOf(Rule choice, SavedRules rules) {
        return rules.chain("nat", choice.target())
                .filter(rule -> rule.text().contains(TRANSLATES))
                .headOption()
                .map(EndpointFaults::protocol)
                .getOrElse("");
    }

    /** Behind a cluster address; at the others the Cluster policy masquerades anyway. */
    private static Vector<Edit> hairpin(SavedRules rules, Owners owners, Scene scene) {
        Set<String> direct = rules.in("nat", "KUBE-SERVICES").map(Rule::target).toSet();
        Set<String> reached = ChoiceFaults.choices(rules)
                .filter(rule -> direct.contains(rule.chain()))
                .map(Rule::target)
                .toSet();
        return rules.in("nat", "KUBE-SEP-")
                .filter(rule -> rule.target().equals("KUBE-MARK-MASQ") && reached.contains(rule.chain()))
                .map(rule -> Edit.of(
                        rule,
                        "no longer masquerades what the endpoint sends to itself",
                        owners.of(rule),
                        HashSet.of(VerifyFindings.MASQUERADE),
                        () -> rules.without(Vector.of(rule))));
    }
}
