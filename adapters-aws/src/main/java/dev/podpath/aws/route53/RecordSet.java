package dev.podpath.aws.route53;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A record set (Route 53 API {@code ResourceRecordSet}).
 *
 * @param json the record set in its document
 */
record RecordSet(Json json) {
    String name() {
        return Zone.plain(json.textOr("", "Name"));
    }

    String type() {
        return json.textOr("", "Type");
    }

    /** Tells record sets of one name and type apart. */
    Option<String> setIdentifier() {
        return json.text("SetIdentifier");
    }

    Option<Integer> weight() {
        return json.integer("Weight");
    }

    boolean isAlias() {
        return json.at("AliasTarget").isObject();
    }

    Vector<String> values() {
        return json.items("ResourceRecords").flatMap(record -> record.text("Value"));
    }

    /** The routing policy, which no field names: it shows by which fields there are. */
    Policy policy() {
        if (json.at("Weight").isPresent()) {
            return Policy.WEIGHTED;
        }
        if (json.at("Failover").isPresent()) {
            return Policy.FAILOVER;
        }
        if (json.at("Region").isPresent()) {
            return Policy.LATENCY;
        }
        if (json.at("GeoLocation").isPresent()) {
            return Policy.GEOLOCATION;
        }
        if (json.at("GeoProximityLocation").isPresent()) {
            return Policy.GEOPROXIMITY;
        }
        if (json.at("CidrRoutingConfig").isPresent()) {
            return Policy.ADDRESS;
        }
        return json.isTrue("MultiValueAnswer") ? Policy.MULTIVALUE : Policy.SIMPLE;
    }

    /** Who gets this answer under its policy, for people. */
    String condition() {
        return switch (policy()) {
            case LATENCY -> "clients with the least latency to " + json.textOr("?", "Region");
            case GEOLOCATION -> "clients located in " + place();
            case GEOPROXIMITY ->
                "clients nearest to " + json.at("GeoProximityLocation").textOr("its coordinates", "AWSRegion");
            case ADDRESS ->
                "clients with an address of CIDR location "
                        + json.at("CidrRoutingConfig").textOr("?", "LocationName");
            case MULTIVALUE -> "answer " + setIdentifier().getOrElse("?") + " is one of those given";
            case FAILOVER ->
                json.textOr("", "Failover").equals("PRIMARY")
                        ? "while the primary record is healthy"
                        : "while the primary record is not healthy";
            default -> "";
        };
    }

    /** Whether this is the answer for clients of no other place or, by their address, of no other CIDR location. */
    boolean isDefaultPlace() {
        return json.text("GeoLocation", "CountryCode").contains("*")
                || json.text("CidrRoutingConfig", "LocationName").contains("*");
    }

    private String place() {
        if (isDefaultPlace()) {
            return "no other place that has an answer";
        }
        Json geo = json.at("GeoLocation");
        return Vector.of("ContinentCode", "CountryCode", "SubdivisionCode")
                .flatMap(field -> geo.text(field))
                .mkString("/");
    }

    Evidence evidence() {
        return json.evidence();
    }

    /** Routing policies. */
    enum Policy {
        SIMPLE,
        WEIGHTED,
        LATENCY,
        FAILOVER,
        GEOLOCATION,
        GEOPROXIMITY,
        /** By the client's address. */
        ADDRESS,
        MULTIVALUE
    }
}
