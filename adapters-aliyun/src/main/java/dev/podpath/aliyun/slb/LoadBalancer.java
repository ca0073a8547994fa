package dev.podpath.aliyun.slb;

import dev.podpath.aliyun.response.Item;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;

/**
 * A CLB instance.
 *
 * @param id its id
 * @param name its name; empty text where it has none
 * @param address its address
 * @param internet whether the address is reached over the Internet (AddressType internet) rather than in a VPC
 * @param status such as {@code active}; empty text where it is not given
 * @param vpc the VPC of an intranet instance
 * @param region the region it was captured in
 * @param json where it is
 */
public record LoadBalancer(
        String id,
        String name,
        IpAddress address,
        boolean internet,
        String status,
        Option<String> vpc,
        String region,
        Json json) {

    static Option<LoadBalancer> of(Item item) {
        Json json = item.json();
        return json.text("Address")
                .flatMap(IpAddress::parse)
                .map(address -> new LoadBalancer(
                        json.textOr("", "LoadBalancerId"),
                        json.textOr("", "LoadBalancerName"),
                        address,
                        json.text("AddressType")
                                .map(type -> type.equalsIgnoreCase("internet"))
                                .getOrElse(address::isPublic),
                        json.textOr("", "LoadBalancerStatus"),
                        json.text("VpcId").filter(vpc -> !vpc.isBlank()),
                        item.region(),
                        json));
    }

    /** Whether it is known not to forward. */
    boolean isDown() {
        return !status.isEmpty() && !status.equalsIgnoreCase("active");
    }

    /** Its name and id, for people. */
    public String label() {
        return name.isEmpty() || name.equals(id) ? id : name + " (" + id + ")";
    }

    /** The place that shows it. */
    public Evidence evidence() {
        return json.evidence(
                "LoadBalancerId", "LoadBalancerName", "Address", "AddressType", "LoadBalancerStatus", "VpcId");
    }
}
