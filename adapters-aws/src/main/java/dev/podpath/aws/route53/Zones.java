package dev.podpath.aws.route53;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Response;
import dev.podpath.aws.document.Responses;
import dev.podpath.core.location.Vantage;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** All hosted zones, by name. */
public final class Zones {
    private final Map<String, List<Zone>> byName = new HashMap<>();

    private Zones() {}

    /** Indexes what was captured. */
    public static Zones of(Responses responses) {
        Zones zones = new Zones();
        for (Json json : responses.items(Operation.HOSTED_ZONES)) {
            String full = json.textOr("", "Id");
            String id = full.substring(full.lastIndexOf('/') + 1);
            Option<Response> sets = responses.keyed(Operation.RECORD_SETS, id);
            Zone zone = new Zone(
                    id,
                    json,
                    sets.map(response -> response.items().map(RecordSet::new)),
                    sets.exists(Response::isTruncated),
                    responses.keyed(Operation.HOSTED_ZONE, id).map(Response::body));
            if (!zone.name().isEmpty()) {
                zones.byName
                        .computeIfAbsent(zone.name(), n -> new ArrayList<>(1))
                        .add(zone);
            }
        }
        return zones;
    }

    /**
     * The zones that answer for a name: the one with the longest name, several only where they have one name. Inside a
     * VPC a private zone wins over every public one, because the resolver there asks no further (Route 53 Developer
     * Guide, "Considerations when working with a private hosted zone").
     *
     * @param vpc the VPC whose resolver is asked, where that is known
     */
    Vector<Zone> answering(String host, Vantage vantage, Option<String> vpc) {
        if (!(vantage instanceof Vantage.Internet)) {
            Vector<Zone> inside = longest(host, zone -> zone.servesPrivately(vpc));
            if (!inside.isEmpty()) {
                return inside;
            }
        }
        return longest(host, zone -> !zone.isPrivate());
    }

    /** Private zones that would hold the name, and that the VPC's resolver does not ask. */
    Vector<Zone> elsewhere(String host, Vantage vantage, Option<String> vpc) {
        return vantage instanceof Vantage.Internet
                ? Vector.empty()
                : longest(host, zone -> zone.isPrivate() && !zone.servesPrivately(vpc));
    }

    private Vector<Zone> longest(String host, Predicate<Zone> wanted) {
        for (String name = host; !name.isEmpty(); name = above(name)) {
            Vector<Zone> zones =
                    Vector.ofAll(byName.getOrDefault(name, List.of())).filter(wanted);
            if (!zones.isEmpty()) {
                return zones;
            }
        }
        return Vector.empty();
    }

    private static String above(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }
}
