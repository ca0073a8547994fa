package dev.podpath.aliyun.ecs;

import dev.podpath.aliyun.response.Item;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A network interface (DescribeNetworkInterfaces).
 *
 * @param id its id
 * @param instance the instance it is attached to
 * @param vpc its VPC
 * @param vSwitch its vSwitch
 * @param primary whether it is the instance's primary interface
 * @param addresses its private addresses, IPv4 and IPv6
 * @param prefixes prefixes assigned to it, out of which pods get addresses
 * @param json where it is
 */
public record NetworkInterface(
        String id,
        Option<String> instance,
        Option<String> vpc,
        Option<String> vSwitch,
        boolean primary,
        Vector<PrivateIp> addresses,
        Vector<IpPrefix> prefixes,
        Json json) {

    static NetworkInterface of(Item item) {
        Json json = item.json();
        Vector<PrivateIp> listed = json.items("PrivateIpSets", "PrivateIpSet")
                .flatMap(set -> address(set, "PrivateIpAddress")
                        .map(ip -> new PrivateIp(
                                ip, set.isTrue("Primary"), address(set.at("AssociatedPublicIp"), "PublicIpAddress"))));
        Option<PrivateIp> main = address(json, "PrivateIpAddress")
                .map(ip -> new PrivateIp(ip, true, address(json.at("AssociatedPublicIp"), "PublicIpAddress")));
        Vector<PrivateIp> v6 = json.items("Ipv6Sets", "Ipv6Set")
                .flatMap(set -> address(set, "Ipv6Address").map(ip -> new PrivateIp(ip, false, Option.none())));
        return new NetworkInterface(
                json.textOr("", "NetworkInterfaceId"),
                filled(json, "InstanceId").orElse(() -> filled(json.at("Attachment"), "InstanceId")),
                filled(json, "VpcId"),
                filled(json, "VSwitchId"),
                json.textOr("", "Type").equalsIgnoreCase("Primary"),
                merge(main, listed).appendAll(v6),
                json.items("Ipv4PrefixSets", "Ipv4PrefixSet")
                        .flatMap(set -> set.text("Ipv4Prefix").flatMap(IpPrefix::parse)),
                json);
    }

    private static Vector<PrivateIp> merge(Option<PrivateIp> main, Vector<PrivateIp> listed) {
        if (main.isEmpty()) {
            return listed;
        }
        Option<PrivateIp> same =
                listed.find(ip -> ip.address().equals(main.get().address()));
        if (same.isEmpty()) {
            return listed.prepend(main.get());
        }
        PrivateIp both = new PrivateIp(
                main.get().address(),
                true,
                same.get().publicAddress().orElse(main.get().publicAddress()));
        return listed.replace(same.get(), both);
    }

    /** The address of this interface, where it has it. */
    public Option<PrivateIp> find(IpAddress address) {
        return addresses.find(ip -> ip.address().equals(address));
    }

    /** Its primary private address. */
    public Option<PrivateIp> primaryAddress() {
        return addresses.find(PrivateIp::primary).orElse(addresses.headOption());
    }

    /** The place that shows it. */
    public Evidence evidence() {
        return json.evidence("NetworkInterfaceId", "Type", "InstanceId", "PrivateIpAddress", "VSwitchId", "Status");
    }

    /** The place that shows this address of it. */
    public Evidence evidence(IpAddress address) {
        return json.items("PrivateIpSets", "PrivateIpSet")
                .find(set -> address(set, "PrivateIpAddress").contains(address))
                .map(Json::evidence)
                .getOrElse(this::evidence);
    }

    static Option<String> filled(Json json, String field) {
        return json.text(field).filter(text -> !text.isBlank());
    }

    static Option<IpAddress> address(Json json, String field) {
        return json.text(field).flatMap(IpAddress::parse);
    }
}
