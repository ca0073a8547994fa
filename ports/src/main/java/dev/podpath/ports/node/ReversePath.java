package dev.podpath.ports.node;

import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a node drops packets to its pods because answers would leave by another interface than the packets come in by: strict
 * reverse path filtering (net/ipv4/fib_frontend.c, {@code __fib_validate_source}, which asks the rules for routing with the
 * packet's destination, by then the pod's address, as the source). Told only where settings, rules and all tables were captured
 * and nothing else than addresses decides. IPv4: IPv6 has no such filter.
 */
final class ReversePath {
    /** What {@code ip -j rule} prints. */
    static final String RULES = "ip-rule.json";

    private static final String TABLES = "ip-route-all.json";
    private static final int STRICT = 1;
    /** More rules that are not for one address are not looked at. */
    private static final int MOST = 256;

    private static final Vector<String> KNOWN = Vector.of(
            "priority", "src", "srclen", "dst", "dstlen", "iif", "oif", "fwmark", "fwmask", "table", "protocol");

    private final String uplink;
    private final boolean asksMarks;
    private final Map<String, Json> defaults = new HashMap<>();
    /** Rules for one address, by that; and those for any or several. */
    private final Map<IpAddress, Rule> single = new HashMap<>();

    private final List<Rule> general = new ArrayList<>();
    private boolean told = true;

    private ReversePath(NodeState node, String uplink) {
        this.uplink = uplink;
        this.asksMarks = Vector.of("all", uplink)
                .exists(name -> Setting.find(node, "net.ipv4.conf." + name + ".src_valid_mark")
                        .forAll(setting -> setting.value() != 0));
    }

    /** A rule: its place among them, whose packets it is for, and its JSON. */
    private record Rule(int place, Option<IpPrefix> source, Json json) {}

    /** What is dropped; nothing where it cannot be told. */
    static Vector<Finding> dropped(NodeState node) {
        Vector<Json> rules = items(node, RULES);
        Vector<Json> routes = items(node, TABLES);
        Option<String> uplink = uplink(node);
        Option<Setting> strict = uplink.flatMap(name -> strict(node, name));
        if (rules.isEmpty() || routes.isEmpty() || strict.isEmpty()) {
            return Vector.empty();
        }
        ReversePath path = new ReversePath(node, uplink.get());
        rules.forEach(path::add);
        routes.forEach(path::route);
        return path.told ? path.findings(node, strict.get()) : Vector.empty();
    }

    private static Vector<Json> items(NodeState node, String file) {
        return node.document(file)
                .flatMap(document -> document.json().toOption())
                .filter(Json::isArray)
                .map(Json::items)
                .getOrElse(Vector.empty());
    }

    private static Option<String> uplink(NodeState node) {
        Vector<IpAddress> own = node.node().map(Node::internalAddresses).getOrElse(Vector.empty());
        return node.interfaces()
                .addresses()
                .find(entry -> !entry.address().isV6() && own.contains(entry.address()))
                .map(NodeInterfaces.InterfaceAddress::name)
                .filter(name -> !name.isEmpty());
    }

    /** The setting that makes an interface strict: the higher one of its own and that for all. */
    private static Option<Setting> strict(NodeState node, String uplink) {
        Option<Setting> own = Setting.find(node, "net.ipv4.conf." + uplink + ".rp_filter");
        Option<Setting> all = Setting.find(node, "net.ipv4.conf.all.rp_filter");
        return own.flatMap(mine -> all.map(theirs -> theirs.value() > mine.value() ? theirs : mine))
                .filter(higher -> higher.value() == STRICT);
    }

    private void add(Json rule) {
        String source = rule.textOr("all", "src");
        String length = rule.integer("srclen").map(bits -> "/" + bits).getOrElse("");
        Option<IpPrefix> prefix = source.equals("all")
                ? Option.none()
                : IpPrefix.parse(source + length).orElse(() -> IpPrefix.parse(source + "/32"));
        boolean known = rule.names().forAll(KNOWN::contains) && (source.equals("all") || prefix.isDefined());
        // What is for packets to certain destinations, or of certain interfaces, is not for answers to anybody.
        boolean narrow =
                Vector.of("dst", "iif", "oif").exists(name -> rule.text(name).exists(value -> !value.equals("all")));
        boolean marked = rule.text("fwmark").isDefined();
        told &= known && (!marked || !asksMarks) && general.size() < MOST;
        if (!told || narrow || marked) {
            return;
        }
        Rule made = new Rule(single.size() + general.size(), prefix, rule);
        if (prefix.exists(range -> range.length() == 32)) {
            single.putIfAbsent(prefix.get().address(), made);
        } else {
            general.add(made);
        }
    }

    private void route(Json route) {
        if (route.textOr("", "dst").equals("default") && route.text("dev").isDefined()) {
            defaults.putIfAbsent(route.textOr("main", "table"), route);
        }
    }

    /** The rule whose table has the route back from an address; empty where none has. */
    private Option<Rule> deciding(IpAddress pod) {
        Option<Rule> own = Option.of(single.get(pod)).filter(this::leads);
        Option<Rule> any =
                Vector.ofAll(general).find(rule -> rule.source().forAll(range -> range.contains(pod)) && leads(rule));
        return own.isDefined() && any.forAll(other -> own.get().place() < other.place()) ? own : any;
    }

    private boolean leads(Rule rule) {
        return defaults.containsKey(rule.json().textOr("", "table"));
    }

    private Vector<Finding> findings(NodeState node, Setting strict) {
        Map<String, Vector<Lost>> byDevice = new TreeMap<>();
        for (Pod pod : node.cluster().pods()) {
            if (pod.node().contains(node.name())
                    && !pod.hostNetwork()
                    && pod.phase().equals("Running")) {
                for (IpAddress address : pod.addresses().filter(each -> !each.isV6())) {
                    deciding(address).forEach(rule -> {
                        Json route = defaults.get(rule.json().textOr("", "table"));
                        if (route != null && !route.textOr("", "dev").equals(uplink)) {
                            byDevice.merge(
                                    route.textOr("", "dev"),
                                    Vector.of(new Lost(pod, address, rule.json(), route)),
                                    Vector::appendAll);
                        }
                    });
                }
            }
        }
        return Vector.ofAll(byDevice.values()).map(lost -> finding(node, strict, lost));
    }

    /** A pod that packets are dropped for. */
    private record Lost(Pod pod, IpAddress address, Json rule, Json route) {}

    private Finding finding(NodeState node, Setting strict, Vector<Lost> lost) {
        Lost first = lost.head();
        String more = lost.size() == 1 ? "" : " and " + (lost.size() - 1) + " more";
        return Finding.of(
                NodeFindings.OTHER_WAY_BACK,
                "node " + node.name() + " drops what comes in by " + uplink + " for pod "
                        + first.pod().id() + " (" + first.address() + ")" + more + ": answers leave by "
                        + first.route().textOr("", "dev"),
                strict.evidence(),
                first.rule().evidence(),
                first.route().evidence(),
                first.pod().evidence());
    }
}
