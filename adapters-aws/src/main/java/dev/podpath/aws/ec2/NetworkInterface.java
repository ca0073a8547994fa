package dev.podpath.aws.ec2;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * An elastic network interface (EC2 API {@code NetworkInterface}, or the {@code InstanceNetworkInterface} inside an
 * instance).
 *
 * @param json the interface in its document
 * @param owner the instance whose document it is in, where that is so
 */
public record NetworkInterface(Json json, Option<Instance> owner) {
    private static final String LOAD_BALANCER = "ELB ";

    /** {@code NetworkInterfaceId}. */
    public String id() {
        return json.textOr("(without id)", "NetworkInterfaceId");
    }

    /** {@code Description}. */
    public String description() {
        return json.textOr("", "Description");
    }

    /** {@code InterfaceType}, such as {@code interface} or {@code nat_gateway}. */
    public String type() {
        return json.textOr("interface", "InterfaceType");
    }

    /** The instance it is attached to. */
    public Option<String> instanceId() {
        return json.text("Attachment", "InstanceId").orElse(owner.map(Instance::id));
    }

    /** {@code SubnetId}. */
    public Option<String> subnetId() {
        return json.text("SubnetId");
    }

    /** {@code VpcId}. */
    public Option<String> vpcId() {
        return json.text("VpcId");
    }

    /** {@code AvailabilityZone}, or that of the instance. */
    public Option<String> zone() {
        return json.text("AvailabilityZone").orElse(owner.flatMap(Instance::zone));
    }

    /** Ids of its security groups; empty where the document does not say, as against an empty list. */
    public Option<Vector<String>> securityGroups() {
        Json groups = json.at("Groups");
        return groups.isArray() ? Option.some(groups.items().flatMap(group -> group.text("GroupId"))) : Option.none();
    }

    /** {@code app/NAME/ID}, {@code net/NAME/ID} or the name of a classic load balancer, where one owns it. */
    public Option<String> loadBalancer() {
        String text = description();
        return text.startsWith(LOAD_BALANCER) ? Option.some(text.substring(LOAD_BALANCER.length())) : Option.none();
    }

    /** Its addresses, one by one; those of delegated prefixes are not among them. */
    public Vector<Assigned> addresses() {
        Vector<Assigned> listed = json.items("PrivateIpAddresses")
                .flatMap(entry -> address(entry, "PrivateIpAddress")
                        .map(ip -> new Assigned(
                                ip,
                                entry.isTrue("Primary"),
                                entry.text("Association", "PublicIp").flatMap(IpAddress::parse),
                                entry)));
        Vector<Assigned> sixes = json.items("Ipv6Addresses")
                .flatMap(entry -> address(entry, "Ipv6Address")
                        .map(ip -> new Assigned(ip, entry.isTrue("IsPrimaryIpv6"), Option.none(), entry)));
        Option<Assigned> own = address(json, "PrivateIpAddress")
                .filter(ip -> !listed.exists(entry -> entry.address().equals(ip)))
                .map(ip -> new Assigned(
                        ip, true, json.text("Association", "PublicIp").flatMap(IpAddress::parse), json));
        return listed.appendAll(own).appendAll(sixes);
    }

    /** Prefixes delegated to it: pods get addresses out of them. */
    public Vector<IpPrefix> prefixes() {
        return json.items("Ipv4Prefixes")
                .flatMap(entry -> entry.text("Ipv4Prefix"))
                .appendAll(json.items("Ipv6Prefixes").flatMap(entry -> entry.text("Ipv6Prefix")))
                .flatMap(IpPrefix::parse);
    }

    /** Whether this is the interface's own address rather than one that it lends to a pod. */
    public boolean isPrimary(IpAddress address) {
        return addresses().exists(entry -> entry.primary() && entry.address().equals(address));
    }

    /** The interface as evidence. */
    public Evidence evidence() {
        return json.evidence("NetworkInterfaceId", "Description", "PrivateIpAddress", "Groups", "Attachment");
    }

    /** The entry of one of its addresses, or the prefix it is in, as evidence. */
    public Evidence evidence(IpAddress address) {
        return addresses()
                .find(entry -> entry.address().equals(address))
                .map(entry -> entry.json().evidence())
                .orElse(json.items("Ipv4Prefixes")
                        .appendAll(json.items("Ipv6Prefixes"))
                        .find(entry -> entry.text("Ipv4Prefix")
                                .orElse(entry.text("Ipv6Prefix"))
                                .flatMap(IpPrefix::parse)
                                .exists(prefix -> prefix.contains(address)))
                        .map(Json::evidence))
                .getOrElse(this::evidence);
    }

    private static Option<IpAddress> address(Json json, String field) {
        return json.text(field).flatMap(IpAddress::parse);
    }

    /**
     * An address of an interface.
     *
     * @param address the address inside the VPC
     * @param primary whether it is the interface's own
     * @param publicAddress the public address that the Internet gateway translates to it
     * @param json its entry in the document
     */
    public record Assigned(IpAddress address, boolean primary, Option<IpAddress> publicAddress, Json json) {}
}
