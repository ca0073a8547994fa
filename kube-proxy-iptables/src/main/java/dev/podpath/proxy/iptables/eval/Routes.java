package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.proxy.iptables.rule.Addresses;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** The node's main routing table, from {@code ip -j route}: the longest prefix that holds the destination wins. */
final class Routes {
    /** An interface that is not known. */
    static final String UNKNOWN = "?";

    private static final String FILE = "ip-route.json";

    private final Option<Document> document;
    private final List<String> devices = new ArrayList<>();
    private final List<IpPrefix> prefixes = new ArrayList<>();
    private final List<Option<IpAddress>> gateways = new ArrayList<>();
    private final AddressTable[] v4 = new AddressTable[33];
    private final AddressTable[] v6 = new AddressTable[129];

    private Routes(Option<Document> document) {
        this.document = document;
    }

    static Routes read(NodeState node) {
        Option<Document> document = node.document(FILE);
        Routes routes = new Routes(document.filter(found -> found.json().exists(Json::isArray)));
        routes.document
                .flatMap(found -> found.json().toOption())
                .forEach(json -> json.items().forEach(routes::add));
        return routes;
    }

    /** Whether the table was captured. */
    boolean isKnown() {
        return document.isDefined();
    }

    /** Every destination the table names. */
    Vector<IpPrefix> prefixes() {
        return Vector.ofAll(prefixes);
    }

    /** What a result that relies on the table must say. */
    String assumption() {
        return "interfaces are those of the main routing table ("
                + document.map(Document::path).getOrElse(FILE)
                + "); policy routing rules were not captured";
    }

    private void add(Json entry) {
        String table = entry.textOr("main", "table");
        String destination = entry.textOr("", "dst");
        Option<IpAddress> gateway = entry.text("gateway").flatMap(IpAddress::parse);
        boolean family6 = destination.indexOf(':') >= 0
                || destination.equals("default") && gateway.exists(IpAddress::isV6)
                || entry.textOr("", "family").equals("inet6");
        Option<IpPrefix> prefix = destination.equals("default")
                ? Option.some(IpPrefix.of(family6 ? "::/0" : "0.0.0.0/0"))
                : IpPrefix.parse(destination);
        if (!table.equals("main") || prefix.isEmpty()) {
            return;
        }
        Vector<Json> hops = entry.items("nexthops");
        String device =
                entry.text("dev").getOrElse(() -> hops.size() == 1 ? hops.head().textOr(UNKNOWN, "dev") : UNKNOWN);
        AddressTable[] byLength = prefix.get().address().isV6() ? v6 : v4;
        int length = prefix.get().length();
        AddressTable table0 = byLength[length];
        if (table0 == null) {
            table0 = new AddressTable();
            byLength[length] = table0;
        }
        table0.put(prefix.get().address().high(), prefix.get().address().low(), devices.size());
        devices.add(device);
        prefixes.add(prefix.get());
        gateways.add(gateway);
    }

    private int find(long high, long low, boolean isV6) {
        AddressTable[] byLength = isV6 ? v6 : v4;
        for (int length = byLength.length - 1; length >= 0; length--) {
            AddressTable table = byLength[length];
            if (table != null) {
                int found = table.get(high & Addresses.maskHigh(length, isV6), low & Addresses.maskLow(length, isV6));
                if (found >= 0) {
                    return found;
                }
            }
        }
        return -1;
    }

    /** The interface towards an address; {@link #UNKNOWN} where the table does not tell. */
    String device(long high, long low, boolean isV6) {
        int found = document.isEmpty() ? -1 : find(high, low, isV6);
        return found < 0 ? UNKNOWN : devices.get(found);
    }

    /** The next hop towards an address, where it has one. */
    Option<IpAddress> gateway(long high, long low, boolean isV6) {
        int found = document.isEmpty() ? -1 : find(high, low, isV6);
        return found < 0 ? Option.none() : gateways.get(found);
    }
}
