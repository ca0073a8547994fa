package dev.podpath.testkit.fault;

import static dev.podpath.testkit.fault.NftFault.edit;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.NftFault.Owners;
import dev.podpath.testkit.fault.NftListing.Line;
import dev.podpath.testkit.reference.ChainNames;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Faults of the maps that lead to a service, of those that refuse, and of its policies, in nftables mode. */
final class NftServiceFaults {
    private static final String SERVICES = "service-ips";
    private static final String NODE_PORTS = "service-nodeports";
    private static final String REFUSED = "no-endpoint-services";
    private static final String FIREWALL = "firewall-ips";
    private static final String MARK = "jump mark-for-masquerade";

    private NftServiceFaults() {}

    static Vector<Fault> all() {
        return Vector.of(
                new NftFault(
                        "lost-dispatch",
                        "the element that leads from an address to its service is gone",
                        NftServiceFaults::lostDispatch),
                new NftFault(
                        "lost-masquerade",
                        "a packet that must come back through this node keeps its source",
                        NftServiceFaults::lostMasquerade),
                new NftFault(
                        "wrong-policy-chain",
                        "traffic with the Local policy is spread over the whole cluster",
                        NftServiceFaults::wrongPolicy),
                new NftFault(
                        "reject-with-live-endpoints",
                        "the service was empty once, and the element that refuses its packets outlived that",
                        NftServiceFaults::rejectsLive),
                new NftFault(
                        "missing-reject",
                        "nothing refuses the packets of an empty service, so that they leak to the network",
                        NftServiceFaults::missingReject),
                new NftFault(
                        "leftover-service",
                        "the service was deleted, but the rules still serve its address",
                        NftServiceFaults::leftover),
                new NftFault(
                        "lost-source-range",
                        "clients of one of the allowed ranges are refused, because it is gone",
                        NftServiceFaults::lostRange),
                new NftFault(
                        "open-source-ranges",
                        "the element that leads to the source ranges is gone, so that strangers are not stopped",
                        NftServiceFaults::openRanges),
                new NftFault(
                        "lost-node-ports",
                        "the rule of the services that leads to all node ports is gone",
                        NftServiceFaults::lostNodePorts),
                new NftFault(
                        "half-applied",
                        "the maps were emptied of a service and its chains flushed, and what refuses was not written",
                        NftServiceFaults::halfApplied));
    }

    /** The key of an element of a map: address, protocol and port. */
    private static String key(Line element) {
        return element.text().split(" comment | : ", 2)[0];
    }

    private static Set<String> keys(NftListing rules, String map) {
        return rules.elements(map).map(NftServiceFaults::key).toSet();
    }

    /** What is refused before or after all the same: source ranges, or nobody here for the Local policy. */
    private static boolean isHopeless(NftListing rules, Line element) {
        return keys(rules, REFUSED).contains(key(element))
                && keys(rules, FIREWALL).contains(key(element));
    }

    private static Vector<Line> dispatches(NftListing rules) {
        return rules.elements(SERVICES).appendAll(rules.elements(NODE_PORTS));
    }

    private static Vector<DocumentEdit> lostDispatch(NftListing rules, Owners owners, Scene scene) {
        return dispatches(rules)
                .reject(line -> isHopeless(rules, line))
                .map(line -> edit(
                        line,
                        "the element that leads to " + line.target() + " is gone",
                        owners.of(line),
                        ChoiceFaults.UNSERVED,
                        () -> rules.without(Vector.of(line))));
    }

    /** Behind source ranges the node itself, or a stranger, may not come that far. */
    private static Vector<DocumentEdit> lostMasquerade(NftListing rules, Owners owners, Scene scene) {
        Set<String> guarded = keys(rules, FIREWALL);
        Set<String> open = dispatches(rules)
                .reject(line -> guarded.contains(key(line)))
                .map(line -> line.family() + line.target())
                .toSet();
        return rules.rules("service-")
                .appendAll(rules.rules("local-"))
                .appendAll(rules.rules("external-"))
                .filter(line -> line.text().contains(MARK) && open.contains(line.family() + line.block()))
                .map(line -> edit(
                        line,
                        "the rule that asks for masquerade is gone",
                        owners.of(line),
                        HashSet.of(VerifyFindings.MASQUERADE),
                        () -> rules.without(Vector.of(line))));
    }

    private static Set<String> ways(NftListing rules, String family, String chain) {
        return rules.chain(family, chain)
                .filter(NftChoiceFaults::isChoice)
                .flatMap(NftChoiceFaults::targets)
                .toSet();
    }

    /** Topology may leave the whole cluster's list shorter than the one of this node. */
    private static Vector<DocumentEdit> wrongPolicy(NftListing rules, Owners owners, Scene scene) {
        return rules.rules("external-")
                .filter(line -> line.target().startsWith("local-"))
                .flatMap(line -> {
                    String whole = "service-" + line.target().substring("local-".length());
                    boolean same = ways(rules, line.family(), whole).equals(ways(rules, line.family(), line.target()));
                    return Option.when(
                            !same,
                            () -> edit(
                                    line,
                                    "leads to " + whole + " instead of " + line.target(),
                                    owners.of(line),
                                    HashSet.of(VerifyFindings.POLICY, VerifyFindings.MISSING_ENDPOINT),
                                    () -> rules.with(Vector.of(line), text -> text.replace(line.target(), whole))));
                });
    }

    private static Vector<Line> direct(NftListing rules) {
        Set<String> direct = NftChoiceFaults.direct(rules);
        return rules.elements(SERVICES).filter(line -> direct.contains(line.family() + line.target()));
    }

    private static Vector<DocumentEdit> rejectsLive(NftListing rules, Owners owners, Scene scene) {
        return direct(rules)
                .map(line -> edit(
                        line,
                        "refused instead of leading to " + line.target(),
                        owners.of(line),
                        HashSet.of(VerifyFindings.REFUSED),
                        () -> rules.moved(
                                Vector.of(line), key(line) + " : goto reject-chain", REFUSED, line.family())));
    }

    /** What is left of a cluster address is refused as an unused port of it. */
    private static Vector<DocumentEdit> missingReject(NftListing rules, Owners owners, Scene scene) {
        Set<String> guarded = keys(rules, FIREWALL);
        Set<String> cluster = scene.cluster()
                .services()
                .flatMap(service -> service.clusterIps())
                .map(IpAddress::toString)
                .toSet();
        return rules.elements(REFUSED)
                .appendAll(rules.elements("no-endpoint-nodeports"))
                .reject(line -> guarded.contains(key(line))
                        || cluster.contains(key(line).split(" ", 2)[0]))
                .map(line -> edit(
                        line,
                        "the element that answers " + key(line) + " is gone",
                        named(line, scene),
                        HashSet.of(VerifyFindings.NOT_REFUSED),
                        () -> rules.without(Vector.of(line))));
    }

    /** The service port an element names in its comment. */
    private static Option<ServicePortRef> named(Line element, Scene scene) {
        return scene.cluster()
                .services()
                .flatMap(service -> service.ports()
                        .filter(port ->
                                element.text().contains("\"" + ChainNames.servicePort(service.key(), port) + "\""))
                        .map(service::ref))
                .headOption();
    }

    private static Vector<DocumentEdit> leftover(NftListing rules, Owners owners, Scene scene) {
        return direct(rules).map(line -> {
            String[] words = key(line).split(" \\. ");
            IpAddress vip = IpAddress.of(words[0]);
            IpAddress gone =
                    vip.isV6() ? IpAddress.v6(vip.high(), vip.low() + 0x1000) : IpAddress.v4(vip.v4Bits() + 0x1000);
            String element = line.text().replace(words[0] + " . ", gone + " . ");
            return edit(
                    line,
                    "also serves " + gone + ", which is no service's",
                    new AddressPort(gone, Integer.parseInt(words[2])),
                    HashSet.of(VerifyFindings.NO_SUCH_SERVICE),
                    () -> rules.with(Vector.of(line), text -> text + ",\n\t\t\t     " + element));
        });
    }

    private static Vector<DocumentEdit> lostRange(NftListing rules, Owners owners, Scene scene) {
        Set<String> hopeless = rules.elements(FIREWALL)
                .filter(line -> isHopeless(rules, line))
                .map(line -> line.family() + line.target())
                .toSet();
        Set<String> balancers = scene.cluster()
                .services()
                .flatMap(service -> service.loadBalancerIps())
                .map(IpAddress::toString)
                .toSet();
        return rules.rules("firewall-")
                .filter(line -> line.text().contains("{ ") && !hopeless.contains(line.family() + line.block()))
                .flatMap(line -> {
                    String list = line.text()
                            .substring(line.text().indexOf('{') + 2, line.text().indexOf(" }"));
                    Vector<String> ranges = Vector.of(list.split(", "));
                    return ranges.find(range -> !balancers.contains(range))
                            .map(range -> edit(
                                    line,
                                    "the range " + range + " is no longer allowed",
                                    owners.of(line),
                                    HashSet.of(VerifyFindings.SOURCE_RANGES),
                                    () -> rules.with(
                                            Vector.of(line),
                                            text -> text.replace(
                                                    list, ranges.remove(range).mkString(", ")))));
                });
    }

    private static Vector<DocumentEdit> openRanges(NftListing rules, Owners owners, Scene scene) {
        return rules.elements(FIREWALL)
                .reject(line -> isHopeless(rules, line))
                .map(line -> edit(
                        line,
                        "nothing leads from " + key(line) + " to its source ranges",
                        owners.of(line),
                        HashSet.of(VerifyFindings.SOURCE_RANGES),
                        () -> rules.without(Vector.of(line))));
    }

    private static Vector<DocumentEdit> lostNodePorts(NftListing rules, Owners owners, Scene scene) {
        return rules.rules("services")
                .filter(line -> line.text().endsWith("@" + NODE_PORTS))
                .flatMap(line -> rules.elements(NODE_PORTS)
                        .find(element -> element.family().equals(line.family()))
                        .map(element -> edit(
                                line,
                                "nothing looks at " + NODE_PORTS,
                                owners.of(element),
                                ChoiceFaults.UNSERVED,
                                () -> rules.without(Vector.of(line)))));
    }

    private static Vector<DocumentEdit> halfApplied(NftListing rules, Owners owners, Scene scene) {
        return direct(rules).map(line -> {
            Option<ServicePortRef> owner = owners.of(line);
            return edit(
                    line,
                    "nothing serves " + owner.map(ServicePortRef::toString).getOrElse("it") + " any more",
                    owner,
                    ChoiceFaults.UNSERVED,
                    () -> rules.without(rules.lines()
                            .filter(other -> other.kind() != NftListing.Kind.OTHER
                                    && other.family().equals(line.family())
                                    && owner.isDefined()
                                    && owners.of(other).equals(owner)
                                    && !other.block().startsWith("firewall"))));
        });
    }
}
