package dev.podpath.aliyun.dns;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Item;
import dev.podpath.aliyun.response.Response;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The captured zones of the public DNS (Alidns) and which of their names have weights. */
final class PublicZones {
    private final Responses responses;
    private final Map<String, Zone> zones = new HashMap<>();
    private final Map<String, Json> weights = new HashMap<>();
    private final Set<String> weighed = new HashSet<>();

    PublicZones(Responses responses) {
        this.responses = responses;
        Map<String, Vector<DnsRecord>> records = new HashMap<>();
        Map<String, Vector<Evidence>> documents = new HashMap<>();
        Set<String> whole = new HashSet<>();
        for (Response response : responses.of(Api.DOMAIN_RECORDS)) {
            String keyed = Names.plain(response.group());
            if (!keyed.isEmpty()) {
                records.putIfAbsent(keyed, Vector.empty());
                documents.merge(
                        keyed, Vector.of(response.body().evidence("TotalCount", "PageNumber")), Vector::appendAll);
                if (responses.isWhole(Api.DOMAIN_RECORDS, response.group())) {
                    whole.add(keyed);
                }
            }
        }
        for (Item item : responses.items(Api.DOMAIN_RECORDS).appendAll(responses.items(Api.SUB_DOMAIN_RECORDS))) {
            String zone = zoneOf(item);
            if (!zone.isEmpty()) {
                records.merge(zone, Vector.of(DnsRecord.of(zone, item.json())), Vector::appendAll);
                boolean all = item.response().api() == Api.DOMAIN_RECORDS
                        && responses.isWhole(Api.DOMAIN_RECORDS, item.response().group());
                if (all) {
                    whole.add(zone);
                }
            }
        }
        records.forEach((zone, of) -> zones.put(
                zone, new Zone(zone, whole.contains(zone), of, documents.getOrDefault(zone, Vector.empty()))));
        for (Response response : responses.of(Api.DNS_WEIGHTS)) {
            weighed.add(Names.plain(response.group()));
            response.items().forEach(item -> weights.putIfAbsent(key(item.json()), item.json()));
        }
    }

    private static String zoneOf(Item item) {
        String named = Names.plain(item.json().textOr("", "DomainName"));
        return named.isEmpty() && item.response().api() == Api.DOMAIN_RECORDS
                ? Names.plain(item.response().group())
                : named;
    }

    private static String key(Json json) {
        String name = Names.plain(json.textOr("", "SubDomain"));
        return (name.startsWith("@.") ? name.substring(2) : name)
                + " "
                + json.textOr("", "Type").toUpperCase(Locale.ROOT);
    }

    /** The zone a name is in. */
    Option<Zone> zone(String host) {
        return Zone.closest(zones, host);
    }

    boolean isEmpty() {
        return zones.isEmpty();
    }

    /** Whether it is known for this zone which names have weights. */
    boolean knowsWeights(String zone) {
        return weighed.contains(zone) || weighed.contains("");
    }

    /** The entry that says whether the records of a name and type have weights. */
    Option<Json> weights(String name, String type) {
        return Option.of(weights.get(name + " " + type));
    }

    /** Whether weights are in force for a name, type and line; the line's own switch comes first. */
    boolean isWeighted(String name, String type, String line) {
        return weights(name, type)
                .exists(entry -> entry.items("LineAlgorithms", "LineAlgorithm")
                        .find(own -> own.textOr("", "Line").equalsIgnoreCase(line))
                        .map(own -> own.isTrue("Open"))
                        .getOrElse(() -> entry.isTrue("Open")));
    }

    Missing missingRecords(String zone) {
        return responses.missing(Api.DOMAIN_RECORDS, Option.none(), zone, "--DomainName " + zone + " --PageSize 500");
    }

    Missing missingWeights(String zone) {
        return responses.missing(Api.DNS_WEIGHTS, Option.none(), zone, "--DomainName " + zone);
    }
}
