package dev.podpath.aws.elb;

import dev.podpath.aws.document.Arn;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * An application, network or gateway load balancer (ELBv2 API {@code LoadBalancer}).
 *
 * @param json the load balancer in its document
 */
record LoadBalancer(Json json) {
    Arn arn() {
        return new Arn(json.textOr("", "LoadBalancerArn"));
    }

    String name() {
        return json.text("LoadBalancerName").getOrElse(() -> arn().path());
    }

    /** The name its addresses are published under, in the form names are compared in. */
    Option<String> dnsName() {
        return json.text("DNSName").map(Elb::plainName);
    }

    boolean isApplication() {
        return type().equals("application");
    }

    boolean isNetwork() {
        return type().equals("network");
    }

    /** {@code application}, {@code network} or {@code gateway}. */
    String type() {
        return json.text("Type")
                .map(text -> text.toLowerCase(Locale.ROOT))
                .getOrElse(() -> arn().path().startsWith("app/")
                        ? "application"
                        : arn().path().startsWith("net/") ? "network" : "gateway");
    }

    boolean isInternal() {
        return json.textOr("", "Scheme").equals("internal");
    }

    Option<String> state() {
        return json.text("State", "Code");
    }

    Option<String> vpc() {
        return json.text("VpcId");
    }

    /** Zones that are enabled. */
    Vector<String> zones() {
        return json.items("AvailabilityZones").flatMap(zone -> zone.text("ZoneName"));
    }

    /** Its subnets, one in each zone that is enabled. */
    Vector<Place> subnets() {
        return json.items("AvailabilityZones")
                .flatMap(zone -> zone.text("SubnetId").map(id -> new Place(zone.text("ZoneName"), id)));
    }

    /** A network load balancer without the field has no security groups; an application one always has some. */
    Option<Vector<String>> securityGroups() {
        Json groups = json.at("SecurityGroups");
        if (groups.isArray()) {
            return Option.some(groups.items().flatMap(Json::text));
        }
        return isNetwork() ? Option.some(Vector.empty()) : Option.none();
    }

    /** Addresses the document itself names, with their zones. */
    Vector<Front> addresses() {
        return json.items("AvailabilityZones")
                .flatMap(zone -> zone.items("LoadBalancerAddresses")
                        .flatMap(entry -> Vector.of("IpAddress", "PrivateIPv4Address", "IPv6Address")
                                .flatMap(field -> entry.text(field))
                                .flatMap(IpAddress::parse)
                                .map(ip -> new Front(ip, zone.text("ZoneName")))));
    }

    /** For people. */
    String title() {
        return type() + " load balancer " + name();
    }

    Evidence evidence() {
        return json.evidence("LoadBalancerName", "DNSName", "Type", "Scheme", "State", "SecurityGroups");
    }

    /**
     * Where a part of a load balancer is.
     *
     * @param zone the zone, where it is named
     * @param subnet the id of the subnet
     */
    record Place(Option<String> zone, String subnet) {}

    /**
     * An address of a load balancer.
     *
     * @param address the address
     * @param zone the zone it is in
     */
    record Front(IpAddress address, Option<String> zone) {}
}
