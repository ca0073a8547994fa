package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.RuleFault.Edit;
import dev.podpath.testkit.fault.SavedRules.Rule;
import dev.podpath.testkit.reference.ChainNames;
import io.vavr.collection.HashSet;
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

    static Vector<Rule> dispatches(SavedRules rules) {
        return rules.in("nat", "KUBE-SERVICES")
                .appendAll(rules.in("nat", "KUBE-NODEPORTS"))
                .filter(rule ->
                        rule.text().contains("--dport ") && !rule.target().equals("KUBE-MARK-MASQ"));
    }

    private static Vector<Edit> lostDispatch(SavedRules rules, Owners owners, Scene scene) {
        Set<String> hopeless = droppedAnyway(rules);
        return dispatches(rules)
                .filter(rule -> !rule.text().contains("nfacct"))
                .reject(rule -> rule.jumpsTo("KUBE-FW-") && hopeless.contains(rule.target()))
                .map(rule -> Edit.of(
                        rule,
                        "the rule to " + rule.target() + " is gone",
                        owners.of(rule),
                        ChoiceFaults.UNSERVED,
                        () -> rules.without(Vector.of(rule))));
    }

    private static Vector<Edit> lostMasquerade(SavedRules rules, Owners owners, Scene scene) {
        // Behind source ranges the node itself, or a stranger, may not come that far.
        Set<String> open = dispatches(rules).map(Rule::target).toSet();
        return rules.rules()
                .filter(rule -> rule.table().equals("nat")
                        && rule.target().equals("KUBE-MARK-MASQ")
                        && !rule.chain().startsWith("KUBE-SEP-"))
                .filter(rule -> !rule.chain().startsWith("KUBE-EXT-") || open.contains(rule.chain()))
                .map(rule -> Edit.of(
                        rule,
                        "the rule that asks for masquerade is gone",
                        owners.of(rule.chain()),
                        HashSet.of(VerifyFindings.MASQUERADE),
                        () -> rules.without(Vector.of(rule))));
    }

    /** Topology may leave the whole cluster's list shorter than the one of this node. */
    private static Vector<Edit> wrongPolicy(SavedRules rules, Owners owners, Scene scene) {
        return rules.in("nat", "KUBE-EXT-")
                .filter(rule -> rule.jumpsTo("KUBE-SVL-"))
                .flatMap(rule -> {
                    String whole = "KUBE-SVC-" + rule.target().substring("KUBE-SVL-".length());
                    return endpoints(rules, whole).equals(endpoints(rules, rule.target()))
                            ? Option.<Edit>none()
                            : Option.some(Edit.of(
                                    rule,
                                    "leads to " + whole + " instead of " + rule.target(),
                                    owners.of(rule),
                                    HashSet.of(VerifyFindings.POLICY, VerifyFindings.MISSING_ENDPOINT),
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
                    return Edit.of(
                            rule,
                            "refused in the filter table instead of leading to " + rule.target(),
                            owners.of(rule),
                            HashSet.of(VerifyFindings.REFUSED),
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
                .map(rule -> Edit.of(
                        rule,
                        "the rule that answers " + rule.target() + " is gone",
                        refused(rule, scene),
                        HashSet.of(VerifyFindings.NOT_REFUSED),
                        () -> rules.without(Vector.of(rule))));
    }

    /**
     * The chains of source ranges behind which the Local policy finds nobody here: whom they allow is dropped all the
     * same, unless it is a pod.
     */
    static Set<String> droppedAnyway(SavedRules rules) {
        Set<String> dropped = rules.in("filter", "KUBE-EXTERNAL-SERVICES")
                .map(ServiceFaults::addressAndPort)
                .toSet();
        return dispatches(rules)
                .filter(rule -> rule.jumpsTo("KUBE-FW-") && dropped.contains(addressAndPort(rule)))
                .map(Rule::target)
                .toSet();
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
                .flatMap(service -> service.ports()
                        .filter(port ->
                                rule.text().contains("\"" + ChainNames.servicePort(service.key(), port) + " has no "))
                        .map(service::ref))
                .headOption();
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
                            HashSet.of(VerifyFindings.NO_SUCH_SERVICE),
                            () -> rules.before(rule, line));
                });
    }

    private static Vector<Edit> halfApplied(SavedRules rules, Owners owners, Scene scene) {
        return rules.in("nat", "KUBE-SERVICES")
                .filter(rule -> rule.jumpsTo("KUBE-SV"))
                .map(rule -> {
                    Option<ServicePortRef> owner = owners.of(rule);
                    return Edit.of(
                            rule,
                            "nothing in the nat table serves "
                                    + owner.map(ServicePortRef::toString).getOrElse("it") + " any more",
                            owner,
                            ChoiceFaults.UNSERVED,
                            () -> rules.without(rules.rules()
                                    .filter(other -> other.table().equals("nat")
                                            && owner.isDefined()
                                            && owners.of(other).equals(owner))));
                });
    }
}
