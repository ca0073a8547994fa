package dev.podpath.aliyun.vpc;

import dev.podpath.aliyun.response.Item;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A NAT gateway (DescribeNatGateways).
 *
 * @param id its id
 * @param vpc its VPC
 * @param status such as {@code Available}; empty text where it is not given
 * @param internet whether it leads to the Internet rather than to another private network
 * @param snatTables ids of its SNAT tables
 * @param forwardTables ids of its DNAT tables
 * @param region the region it was captured in
 * @param json where it is
 */
record NatGateway(
        String id,
        Option<String> vpc,
        String status,
        boolean internet,
        Vector<String> snatTables,
        Vector<String> forwardTables,
        String region,
        Json json) {

    static NatGateway of(Item item) {
        Json json = item.json();
        return new NatGateway(
                json.textOr("", "NatGatewayId"),
                Vpc.filled(json, "VpcId"),
                json.textOr("", "Status"),
                !json.textOr("internet", "NetworkType").equalsIgnoreCase("intranet"),
                json.texts("SnatTableIds", "SnatTableId"),
                json.texts("ForwardTableIds", "ForwardTableId"),
                item.region(),
                json);
    }

    boolean isDown() {
        return !status.isEmpty() && !status.equalsIgnoreCase("Available");
    }

    Evidence evidence() {
        return json.evidence("NatGatewayId", "Name", "Status", "VpcId", "SnatTableIds");
    }
}
