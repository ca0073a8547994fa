package dev.podpath.testkit.fault;

import static dev.podpath.testkit.fault.NftFault.edit;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.NftFault.Owners;
import dev.podpath.testkit.fault.NftListing.Line;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

/** Faults of the chains of endpoints in nftables mode. */
final class NftEndpointFaults {
    private static final String MARK = "jump mark-for-masquerade";

    private NftEndpointFaults() {}

    static Vector<Fault> all() {
        return Vector.of(
                new NftFault(
                        "stale-endpoint",
                        "a pod has gone, but the rules still send to its address because the sync was missed",
                        NftEndpointFaults::stale),
                new NftFault(
                        "wrong-port",
                        "the endpoint's port changed, and the rules still translate to another one",
                        NftEndpointFaults::wrongPort),
                new NftFault(
                        "reused-address",
                        "a pod has gone, another one got its address, and the rules still send there",
                        NftEndpointFaults::reused),
                new NftFault(
                        "foreign-endpoint",
                        "a choice leads to the endpoint of another service",
                        NftEndpointFaults::foreign),
                new NftFault(
                        "lost-hairpin-masquerade",
                        "a pod that reaches itself through its service gets the answer from an address it did not ask",
                        NftEndpointFaults::hairpin),
                new NftFault(
                        "foreign-drop",
                        "somebody else's table drops what is forwarded to an endpoint",
                        NftEndpointFaults::foreignDrop));
    }

    private static Vector<Line> translations(NftListing rules) {
        return rules.rules("endpoint-").filter(line -> line.text().contains(" dnat to "));
    }

    /** The names of the chains of endpoints behind cluster addresses, by family and name. */
    static Set<String> reached(NftListing rules) {
        Set<String> direct = NftChoiceFaults.direct(rules);
        return rules.lines()
                .filter(line -> NftChoiceFaults.isChoice(line) && direct.contains(line.family() + line.block()))
                .flatMap(line -> NftChoiceFaults.targets(line).map(target -> line.family() + target))
                .toSet();
    }

    private static DocumentEdit moved(
            NftListing rules, Owners owners, Scene scene, Line line, IpAddress address, String who) {
        AddressPort now = line.destination();
        AddressPort then = new AddressPort(address, now.port());
        return edit(
                line,
                "sends to " + then + ", which " + who + ", instead of " + now,
                owners.of(line),
                Misplaced.codes(owners.of(line), then, scene),
                () -> rules.with(
                        rules.chain(line.family(), line.block()),
                        text -> text.replace("dnat to " + now, "dnat to " + then)
                                .replace("saddr " + now.address() + " ", "saddr " + address + " ")));
    }

    private static Vector<DocumentEdit> stale(NftListing rules, Owners owners, Scene scene) {
        return translations(rules)
                .map(line -> moved(
                        rules,
                        owners,
                        scene,
                        line,
                        EndpointFaults.unused(line.destination().address(), scene),
                        "nobody has"));
    }

    private static Vector<DocumentEdit> reused(NftListing rules, Owners owners, Scene scene) {
        Vector<IpAddress> idle = EndpointFaults.idle(scene);
        return translations(rules)
                .flatMap(line -> idle.find(
                                address -> address.isV6() == line.family().equals("ip6"))
                        .map(address -> moved(rules, owners, scene, line, address, "another pod has by now")));
    }

    private static Vector<DocumentEdit> wrongPort(NftListing rules, Owners owners, Scene scene) {
        return translations(rules).map(line -> {
            AddressPort now = line.destination();
            AddressPort then = new AddressPort(now.address(), now.port() % 65535 + 1);
            return edit(
                    line,
                    "translates to " + then + " instead of " + now,
                    owners.of(line),
                    Misplaced.codes(owners.of(line), then, scene),
                    () -> rules.with(Vector.of(line), text -> text.replace("dnat to " + now, "dnat to " + then)));
        });
    }

    private static String protocol(Line translation) {
        return translation.text().substring(0, translation.text().indexOf(" dnat to "));
    }

    private static Vector<DocumentEdit> foreign(NftListing rules, Owners owners, Scene scene) {
        Vector<Line> translations = translations(rules);
        Vector<Line> choices = rules.lines().filter(NftChoiceFaults::isChoice);
        return choices.flatMap(choice -> {
            String now = NftChoiceFaults.targets(choice).head();
            Vector<Line> own = translations.filter(line ->
                    line.family().equals(choice.family()) && owners.of(line).equals(owners.of(choice)));
            Vector<AddressPort> destinations = own.map(Line::destination);
            return translations
                    .find(line -> line.family().equals(choice.family())
                            && !owners.of(line).equals(owners.of(choice))
                            && own.exists(mine -> protocol(mine).equals(protocol(line)))
                            && !destinations.contains(line.destination()))
                    .map(other -> edit(
                            choice,
                            "leads to " + other.block() + " instead of " + now,
                            owners.of(choice),
                            Misplaced.codes(owners.of(choice), other.destination(), scene),
                            () -> rules.with(
                                    rules.chain(choice.family(), choice.block()),
                                    text -> (text + " ")
                                            .replace("goto " + now + " ", "goto " + other.block() + " ")
                                            .replace("goto " + now + ",", "goto " + other.block() + ",")
                                            .strip())));
        });
    }

    /** Behind a cluster address; at the others the Cluster policy masquerades anyway. */
    private static Vector<DocumentEdit> hairpin(NftListing rules, Owners owners, Scene scene) {
        Set<String> reached = reached(rules);
        return rules.rules("endpoint-")
                .filter(line -> line.text().endsWith(MARK) && reached.contains(line.family() + line.block()))
                .map(line -> edit(
                        line,
                        "no longer masquerades what the endpoint sends to itself",
                        owners.of(line),
                        HashSet.of(VerifyFindings.MASQUERADE),
                        () -> rules.without(Vector.of(line))));
    }

    /** What is on the node itself is not forwarded. */
    private static Vector<DocumentEdit> foreignDrop(NftListing rules, Owners owners, Scene scene) {
        Set<String> reached = reached(rules);
        return translations(rules)
                .filter(line -> reached.contains(line.family() + line.block())
                        && !scene.isLocal(line.destination().address()))
                .map(line -> {
                    IpAddress address = line.destination().address();
                    String table = "table " + line.family() + " guard {\n\tchain forward {\n"
                            + "\t\ttype filter hook forward priority filter - 1; policy accept;\n\t\t" + line.family()
                            + " daddr " + address + " drop\n\t}\n}\n";
                    return edit(
                            line,
                            "a table of somebody else drops what is forwarded to " + address,
                            owners.of(line),
                            HashSet.of(VerifyFindings.REFUSED, VerifyFindings.SOURCE_RANGES),
                            () -> rules.without(Vector.empty()) + table);
                });
    }
}
