package dev.podpath.aliyun.ecs;

import dev.podpath.aliyun.response.Item;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * An instance (DescribeInstances).
 *
 * @param id its id
 * @param name its name
 * @param vpc its VPC
 * @param vSwitch its vSwitch
 * @param address its primary private address
 * @param publicAddress its elastic or static public address
 * @param status such as {@code Running}; empty text where it is not given
 * @param json where it is
 */
public record Instance(
        String id,
        String name,
        Option<String> vpc,
        Option<String> vSwitch,
        Option<IpAddress> address,
        Option<IpAddress> publicAddress,
        String status,
        Json json) {

    static Instance of(Item item) {
        Json json = item.json();
        Json attributes = json.at("VpcAttributes");
        Vector<Json> interfaces = json.items("NetworkInterfaces", "NetworkInterface");
        Option<IpAddress> fromInterface = interfaces
                .find(i -> i.textOr("", "Type").equalsIgnoreCase("Primary"))
                .flatMap(i -> NetworkInterface.address(i, "PrimaryIpAddress"));
        return new Instance(
                json.textOr("", "InstanceId"),
                json.textOr("", "InstanceName"),
                NetworkInterface.filled(attributes, "VpcId").orElse(() -> NetworkInterface.filled(json, "VpcId")),
                NetworkInterface.filled(attributes, "VSwitchId"),
                attributes
                        .texts("PrivateIpAddress", "IpAddress")
                        .flatMap(IpAddress::parse)
                        .headOption()
                        .orElse(fromInterface),
                NetworkInterface.address(json.at("EipAddress"), "IpAddress")
                        .orElse(() -> json.texts("PublicIpAddress", "IpAddress")
                                .flatMap(IpAddress::parse)
                                .headOption()),
                json.textOr("", "Status"),
                json);
    }

    /** Whether it is known not to run. */
    public boolean isDown() {
        return !status.isEmpty() && !status.equalsIgnoreCase("Running");
    }

    /** The place that shows it. */
    public Evidence evidence() {
        return json.evidence("InstanceId", "InstanceName", "Status", "VpcAttributes");
    }

    /** Its name and id, for people. */
    public String label() {
        return name.isEmpty() ? id : id + " (" + name + ")";
    }
}
