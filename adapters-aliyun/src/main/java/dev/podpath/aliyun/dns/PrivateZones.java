package dev.podpath.aliyun.dns;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Item;
import dev.podpath.aliyun.response.Response;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.LinkedHashMap;
import java.util.Map;

/** The captured zones of PrivateZone. */
final class PrivateZones {
    private final Responses responses;
    private final Vector<PrivateZone> zones;

    PrivateZones(Responses responses) {
        this.responses = responses;
        Map<String, Json> byId = new LinkedHashMap<>();
        Map<String, Vector<String>> bound = new LinkedHashMap<>();
        for (Item item : responses.items(Api.PRIVATE_ZONE)) {
            String id = item.json().textOr("", "ZoneId");
            byId.putIfAbsent(id, item.json());
            if (item.json().at("BindVpcs").isPresent()) {
                bound.put(
                        id,
                        item.json()
                                .items("BindVpcs", "Vpcs", "Vpc")
                                .flatMap(vpc -> vpc.text("VpcId"))
                                .appendAll(item.json().items("BindVpcs", "Vpc").flatMap(vpc -> vpc.text("VpcId"))));
            }
        }
        for (Item item : responses.items(Api.PRIVATE_ZONES)) {
            byId.putIfAbsent(item.json().textOr("", "ZoneId"), item.json());
        }
        this.zones = Vector.ofAll(byId.entrySet())
                .map(entry -> zone(entry.getKey(), entry.getValue(), Option.of(bound.get(entry.getKey()))))
                .filter(zone -> !zone.zone().name().isEmpty());
    }

    private PrivateZone zone(String id, Json json, Option<Vector<String>> vpcs) {
        String name = Names.plain(json.textOr("", "ZoneName"));
        Vector<Response> of = responses
                .of(Api.PRIVATE_RECORDS)
                .filter(response -> response.keyHead().equals(id)
                        || response.items()
                                .exists(item -> item.json().text("ZoneId").contains(id)));
        boolean whole =
                !of.isEmpty() && of.forAll(response -> responses.isWhole(Api.PRIVATE_RECORDS, response.group()));
        Vector<DnsRecord> records = of.flatMap(Response::items)
                .map(Item::json)
                .filter(record -> record.text("ZoneId").forAll(id::equals))
                .map(record -> DnsRecord.of(name, record));
        return new PrivateZone(
                id,
                new Zone(
                        name, whole, records, of.map(response -> response.body().evidence("TotalItems", "PageNumber"))),
                vpcs,
                json.textOr("", "ProxyPattern").equalsIgnoreCase("RECORD"),
                json.evidence("ZoneId", "ZoneName", "ProxyPattern", "BindVpcs"));
    }

    /** Whether it is known which private zones there are. */
    boolean isKnown() {
        return responses.captured(Api.PRIVATE_ZONES) || responses.captured(Api.PRIVATE_ZONE);
    }

    /** Zones a name is in, the longest name first. */
    Vector<PrivateZone> zonesOf(String host) {
        return zones.filter(zone -> Names.isIn(host, zone.zone().name()))
                .sortBy(zone -> -zone.zone().name().length());
    }

    Missing missingList() {
        return responses.missing(Api.PRIVATE_ZONES);
    }

    Missing missingZone(String id) {
        return responses.missing(Api.PRIVATE_ZONE, Option.none(), id, "--ZoneId " + id);
    }

    Missing missingRecords(String id) {
        return responses.missing(Api.PRIVATE_RECORDS, Option.none(), id, "--ZoneId " + id);
    }
}
