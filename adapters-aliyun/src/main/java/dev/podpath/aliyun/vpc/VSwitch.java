package dev.podpath.aliyun.vpc;

import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;

/**
 * A vSwitch: a subnet of a VPC.
 *
 * @param id its id
 * @param name its name; empty text where it has none
 * @param vpc its VPC
 * @param prefix its addresses
 * @param routeTable the route table it uses, where the document names it
 * @param json where it is
 */
record VSwitch(String id, String name, Option<String> vpc, IpPrefix prefix, Option<String> routeTable, Json json) {
    static Option<VSwitch> of(Json json) {
        return json.text("CidrBlock")
                .flatMap(IpPrefix::parse)
                .map(prefix -> new VSwitch(
                        json.textOr("", "VSwitchId"),
                        json.textOr("", "VSwitchName"),
                        Vpc.filled(json, "VpcId"),
                        prefix,
                        Vpc.filled(json.at("RouteTable"), "RouteTableId"),
                        json));
    }

    Evidence evidence() {
        return json.evidence("VSwitchId", "VSwitchName", "VpcId", "CidrBlock", "RouteTable");
    }

    String label() {
        return "vSwitch " + id + (name.isEmpty() ? "" : " (" + name + ")");
    }
}
