package dev.podpath.ports.node;

import dev.podpath.core.net.AddressNumbers;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** A node's main routing table, from {@code ip -j route}: the longest prefix that holds the destination wins. */
public final class NodeRoutes {
    /** An interface that is not known. */
    public static final String UNKNOWN = "?";

    private static final String FILE = "ip-route.json";

    private final Option<Document> document;
    /** What became of rules that ask other tables. */
    private final String others;

    private final List<String> devices = new ArrayList<>();
    private final List<IpPrefix> prefixes = new ArrayList<>();
    private final List<Option<IpAddress>> gateways = new ArrayList<>();
    private final AddressNumbers[] v4 = new AddressNumbers[33];
    private final AddressNumbers[] v6 = new AddressNumbers[129];

    private NodeRoutes(Option<Document> document, String others) {
        this.document = document;
        this.others = others;
    }

    static NodeRoutes read(NodeState node) {
        Option<Document> document = node.document(FILE);
        NodeRoutes routes = new NodeRoutes(
                document.filter(found -> found.json().exists(Json::isArray)),
                node.document(ReversePath.RULES).isDefined()
                        ? "policy routing rules (" + ReversePath.RULES + ") are not followed"
                        : "policy routing rules were not captured");
        routes.document
                .flatMap(found -> found.json().toOption())
                .forEach(json -> json.items().forEach(routes::add));
        return routes;
    }

    /** Every destination the table names. */
    public Vector<IpPrefix> prefixes() {
        return Vector.ofAll(prefixes);
    }

    /** What a result that relies on the table must say. */
    public String assumption() {
        return "interfaces are those of the main routing table ("
                + document.map(Document::path).getOrElse(FILE)
                + "); " + others;
    }

    private void add(Json entry) {
        String destination = entry.textOr("", "dst");
        Option<IpAddress> gateway = entry.text("gateway").flatMap(IpAddress::parse);
        boolean family6 = destination.indexOf(':') >= 0
                || destination.equals("default") && gateway.exists(IpAddress::isV6)
                || entry.textOr("", "family").equals("inet6");
        Option<IpPrefix> prefix = destination.equals("default")
                ? Option.some(IpPrefix.of(family6 ? "::/0" : "0.0.0.0/0"))
                : IpPrefix.parse(destination);
        if (!entry.textOr("main", "table").equals("main") || prefix.isEmpty()) {
            return;
        }
        Vector<Json> hops = entry.items("nexthops");
        String device =
                entry.text("dev").getOrElse(() -> hops.size() == 1 ? hops.head().textOr(UNKNOWN, "dev") : UNKNOWN);
        AddressNumbers[] byLength = prefix.get().address().isV6() ? v6 : v4;
        int length = prefix.get().length();
        AddressNumbers numbers = byLength[length];
        if (numbers == null) {
            numbers = new AddressNumbers();
            byLength[length] = numbers;
        }
        numbers.put(prefix.get().address().high(), prefix.get().address().low(), devices.size());
        devices.add(device);
        prefixes.add(prefix.get());
        gateways.add(gateway);
    }

    private int find(long high, long low, boolean isV6) {
        AddressNumbers[] byLength = isV6 ? v6 : v4;
        for (int length = byLength.length - 1; length >= 0; length--) {
            AddressNumbers numbers = byLength[length];
            if (numbers != null) {
                long maskHigh = !isV6 || length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
                long maskLow = isV6
                        ? length <= 64 ? 0 : -1L << (128 - length)
                        : length == 0 ? 0 : 0xFFFF_FFFFL << (32 - length) & 0xFFFF_FFFFL;
                int found = numbers.get(high & maskHigh, low & maskLow);
                if (found >= 0) {
                    return found;
                }
            }
        }
        return -1;
    }

    /** The interface towards an address; {@link #UNKNOWN} where the table does not tell. */
    public String device(long high, long low, boolean isV6) {
        int found = document.isEmpty() ? -1 : find(high, low, isV6);
        return found < 0 ? UNKNOWN : devices.get(found);
    }

    /** The next hop towards an address, where it has one. */
    public Option<IpAddress> gateway(long high, long low, boolean isV6) {
        int found = document.isEmpty() ? -1 : find(high, low, isV6);
        return found < 0 ? Option.none() : gateways.get(found);
    }
}
