package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.RuleFault.Edit;
import dev.podpath.testkit.fault.SavedRules.Rule;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Faults of the rules that lead to a service, and of those that refuse. */
final class ServiceFaults {
    private ServiceFaults() {}

    static Vector<Fault> all() {
        return Vector.of(
                new RuleFault(
                        "lost-dispatch",
                        "the rule that leads from an address to its service is gone",
                        ServiceFaults::lostDispatch),
                new RuleFault(
                        "lost-masquerade",
                        "a packet that must come back through this node keeps its source",
                        ServiceFaults::lostMasquerade),
                new RuleFault(
                        "wrong-policy-chain",
                        "traffic with the Local policy is spread over the whole cluster, or the other way round",
                        ServiceFaults::wrongPolicy),
                new RuleFault(
                        "reject-with-live-endpoints",
                        "the service was empty once, and the rule that refuses its packets outlived that",
                        ServiceFaults::rejectsLive),
                new RuleFault(
                        "missing-reject",
                        "nothing refuses the packets of an empty service, so that they leak to the network",
                        ServiceFaults::missingReject),
                new RuleFault(
                        "leftover-service",
                        "the service was deleted, but the rules still serve its address",
                        ServiceFaults::leftover),
                new RuleFault(
                        "half-applied-restore",
                        "the nat table was written for a state without endpoints and the filter table was not",
                        ServiceFaults::halfApplied));
    }

    private static Vector<Rule> dispatches(SavedRules rules) {
        return rules.in("nat", "KUBE-SERVICES")
                .appendAll(rules.in("nat", "KUBE-NODEPORTS"))
                .filter(rule ->
                        rule.text().contains("--dport ") && !rule.target().equals("KUBE-MARK-MASQ"));
    }

    private static Vector<Edit> lostDispatch(SavedRules rules, Owners owners, Scene scene) {
        return dispatches(rules)
                .filter(rule -> !rule.text().contains("nfacct"))
                .map(rule -> new Edit(
                        rule,
                        "the rule to " + rule.target() + " is gone",
                        owners.of(rule),
                        Option.none(),
                        () -> rules.without(Vector.of(rule))));
    }

    private static Vector<Edit> lostMasquerade(SavedRules rules, Owners owners, Scene scene) {
        return rules.rules()
                .filter(rule -> rule.table().equals("nat")
                        && rule.target().equals("KUBE-MARK-MASQ")
                        && !rule.chain().startsWith("KUBE-SEP-"))
                .map(rule -> new Edit(
                        rule,
                        "the rule that asks for masquerade is gone",
                        owners.of(rule.chain()),
                        Option.none(),
                        () -> rules.without(Vector.of(rule))));
    }

    private static Vector<Edit> wrongPolicy(SavedRules rules, Owners owners, Scene scene) {
        return rules.in("nat", "KUBE-EXT-")
                .filter(rule -> rule.jumpsTo("KUBE-SVL-"))
                .flatMap(rule -> {
                    String whole = "KUBE-SVC-" + rule.target().substring("KUBE-SVL-".length());
                    return endpoints(rules, whole).equals(endpoints(rules, rule.target()))
                            ? Option.<Edit>none()
                            : Option.some(new Edit(
                                    rule,
                                    "leads to " + whole + " instead of " + rule.target(),
                                    owners.of(rule),
                                    Option.none(),
                                    () -> rules.with(Vector.of(rule), text -> text.replace(rule.target(), whole))));
                });
    }

    private static Set<String> endpoints(SavedRules rules, String chain) {
        return rules.chain("nat", chain)
                .map(Rule::target)
                .filter(target -> target.startsWith("KUBE-SEP-"))
                .toSet();
    }

    /** A rule that refuses does nothing while the packet is translated before it meets it. */
    private static Vector<Edit> rejectsLive(SavedRules rules, Owners owners, Scene scene) {
        Option<Rule> hook = rules.in("filter", "KUBE-FORWARD").headOption();
        return rules.in("nat", "KUBE-SERVICES")
                .filter(rule -> rule.jumpsTo("KUBE-SVC-"))
                .flatMap(rule -> hook.map(place -> {
                    boolean v6 = rule.text().contains("-d ") && rule.text().indexOf("::") > 0;
                    String match = rule.text().substring(0, rule.text().indexOf("-j "));
                    String reject = "-A KUBE-SERVICES " + match + "-j REJECT --reject-with "
                            + (v6 ? "icmp6-port-unreachable" : "icmp-port-unreachable") + "\n";
                    SavedRules refused = SavedRules.of(rules.before(place, reject));
                    return new Edit(
                            rule,
                            "refused in the filter table instead of leading to " + rule.target(),
                            owners.of(rule),
                            Option.none(),
                            () -> refused.without(refused.rules()
                                    .filter(other -> other.table().equals("nat")
                                            && other.chain().equals(rule.chain())
                                            && other.text().equals(rule.text()))));
                }));
    }

    /** Where source ranges drop whatever was not sent on, a further drop is not missed. */
    private static Vector<Edit> missingReject(SavedRules rules, Owners owners, Scene scene) {
        Set<String> dropped = rules.in("filter", "KUBE-PROXY-FIREWALL")
                .map(ServiceFaults::addressAndPort)
                .toSet();
        return rules.in("filter", "KUBE-SERVICES")
                .appendAll(rules.in("filter", "KUBE-EXTERNAL-SERVICES"))
                .reject(rule -> dropped.contains(addressAndPort(rule)))
                .map(rule -> new Edit(
                        rule,
                        "the rule that answers " + rule.target() + " is gone",
                        refused(rule, scene),
                        Option.none(),
                        () -> rules.without(Vector.of(rule))));
    }

    private static String addressAndPort(Rule rule) {
        String text = rule.text();
        int comment = text.indexOf("-m comment");
        return text.substring(0, Math.max(0, comment))
                + text.substring(Math.max(0, text.indexOf("--dport")), text.indexOf("-j "));
    }

    /** The service port a refusing rule is about: these rules name it only by address. */
    private static Option<ServicePortRef> refused(Rule rule, Scene scene) {
        return scene.cluster()
                .services()
                .flatMap(service -> service.ports().map(service::ref))
                .find(ref -> rule.text().contains("\"" + ref.service() + " has no ")
                        || rule.text().contains("\"" + ref.service() + ":"));
    }

    private static Vector<Edit> leftover(SavedRules rules, Owners owners, Scene scene) {
        return rules.in("nat", "KUBE-SERVICES")
                .filter(rule -> rule.jumpsTo("KUBE-SVC-"))
                .map(rule -> {
                    int at = rule.text().indexOf("-d ") + 3;
                    String now = rule.text().substring(at, rule.text().indexOf('/', at));
                    IpAddress vip = IpAddress.of(now);
                    IpAddress gone = vip.isV6()
                            ? IpAddress.v6(vip.high(), vip.low() + 0x1000)
                            : IpAddress.v4(vip.v4Bits() + 0x1000);
                    int port = owners.of(rule).map(ServicePortRef::port).getOrElse(0);
                    String line =
                            "-A KUBE-SERVICES " + rule.text().replace("-d " + now + "/", "-d " + gone + "/") + "\n";
                    return new Edit(
                            rule,
                            "also serves " + gone + ", which is no service's",
                            Option.none(),
                            Option.some(new AddressPort(gone, port)),
                            () -> rules.before(rule, line));
                });
    }

    private static Vector<Edit> halfApplied(SavedRules rules, Owners owners, Scene scene) {
        return rules.in("nat", "KUBE-SERVICES")
                .filter(rule -> rule.jumpsTo("KUBE-SV"))
                .map(rule -> {
                    Option<ServicePortRef> owner = owners.of(rule);
                    return new Edit(
                            rule,
                            "nothing in the nat table serves "
                                    + owner.map(ServicePortRef::toString).getOrElse("it") + " any more",
                            owner,
                            Option.none(),
                            () -> rules.without(rules.rules()
                                    .filter(other -> other.table().equals("nat")
                                            && owner.isDefined()
                                            && owners.of(other).equals(owner))));
                });
    }
}
