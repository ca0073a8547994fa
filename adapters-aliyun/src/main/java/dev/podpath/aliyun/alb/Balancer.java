package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.response.Item;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * A load balancer.
 *
 * @param kind which of the two
 * @param id its id
 * @param name its name; empty text where it has none
 * @param dnsName the name by which clients find it, lower case
 * @param internet whether that name has public addresses
 * @param status such as {@code Active}; empty text where it is not given
 * @param vpc its VPC
 * @param region the region it was captured in
 * @param publicAddresses its public addresses, one a zone
 * @param privateAddresses its private addresses, one a zone
 * @param json where it is
 */
record Balancer(
        Kind kind,
        String id,
        String name,
        String dnsName,
        boolean internet,
        String status,
        Option<String> vpc,
        String region,
        Vector<IpAddress> publicAddresses,
        Vector<IpAddress> privateAddresses,
        Json json) {

    static Balancer of(Kind kind, Item item) {
        Json json = item.json();
        boolean internet = json.textOr("", "AddressType").equalsIgnoreCase("internet");
        Vector<IpAddress> all =
                json.items("ZoneMappings").flatMap(Balancer::addresses).distinct();
        return new Balancer(
                kind,
                json.textOr("", "LoadBalancerId"),
                json.textOr("", "LoadBalancerName"),
                json.textOr("", "DNSName").toLowerCase(Locale.ROOT),
                internet,
                json.textOr("", "LoadBalancerStatus"),
                json.text("VpcId").filter(vpc -> !vpc.isBlank()),
                item.region(),
                all.filter(IpAddress::isPublic),
                all.reject(IpAddress::isPublic),
                json);
    }

    /** The addresses its name has. */
    Vector<IpAddress> addresses() {
        return internet ? publicAddresses : privateAddresses;
    }

    /** The zones in which it has addresses. */
    Vector<String> zones() {
        return json.items("ZoneMappings").flatMap(zone -> zone.text("ZoneId")).distinct();
    }

    /** The zone of one of its addresses. */
    Option<String> zoneOf(IpAddress address) {
        return json.items("ZoneMappings")
                .find(zone -> addresses(zone).contains(address))
                .flatMap(zone -> zone.text("ZoneId"));
    }

    private static Vector<IpAddress> addresses(Json zone) {
        return zone.items("LoadBalancerAddresses")
                .flatMap(entry -> Vector.of(
                                "PublicIPv4Address", "PrivateIPv4Address", "Address", "IntranetAddress", "Ipv6Address")
                        .flatMap(entry::text))
                .flatMap(text -> IpAddress.parse(text.strip()));
    }

    boolean isDown() {
        return !status.isEmpty() && !status.equalsIgnoreCase("active");
    }

    Vector<String> securityGroups() {
        return json.texts("SecurityGroupIds");
    }

    String label() {
        return kind + " " + (name.isEmpty() ? id : name + " (" + id + ")");
    }

    Evidence evidence() {
        return json.evidence(
                "LoadBalancerId", "LoadBalancerName", "DNSName", "AddressType", "LoadBalancerStatus", "VpcId");
    }
}
