package dev.podpath.aliyun.vpc;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;

/**
 * An elastic address (DescribeEipAddresses).
 *
 * @param address the public address
 * @param boundType what it is bound to: {@code EcsInstance}, {@code SlbInstance}, {@code Nat}, {@code NetworkInterface},
 *     {@code HaVip}; empty where it is bound to nothing
 * @param boundId id of what it is bound to
 * @param privateAddress the private address it is bound to, where the document names it
 * @param json where it is
 */
record Eip(
        IpAddress address,
        Option<String> boundType,
        Option<String> boundId,
        Option<IpAddress> privateAddress,
        Json json) {

    static Option<Eip> of(Json json) {
        return json.text("IpAddress")
                .flatMap(IpAddress::parse)
                .map(address -> new Eip(
                        address,
                        Vpc.filled(json, "InstanceType"),
                        Vpc.filled(json, "InstanceId"),
                        json.text("PrivateIpAddress").flatMap(IpAddress::parse),
                        json));
    }

    Evidence evidence() {
        return json.evidence("IpAddress", "AllocationId", "Status", "InstanceType", "InstanceId", "PrivateIpAddress");
    }
}
