package dev.podpath.aws.ec2;

import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A route for one prefix (EC2 API {@code Route}).
 *
 * @param prefix the destinations it is for
 * @param json the route in its document
 */
record Route(IpPrefix prefix, Json json) {
    private static final Vector<String> NEXT_HOPS = Vector.of(
            "NatGatewayId",
            "TransitGatewayId",
            "VpcPeeringConnectionId",
            "NetworkInterfaceId",
            "InstanceId",
            "EgressOnlyInternetGatewayId",
            "LocalGatewayId",
            "CarrierGatewayId",
            "CoreNetworkArn",
            "OdbNetworkArn",
            "GatewayId");

    /** Kinds of next hops. */
    enum Kind {
        LOCAL,
        INTERNET_GATEWAY,
        NAT_GATEWAY,
        EGRESS_ONLY_GATEWAY,
        OTHER
    }

    /** {@code blackhole} says that the next hop is gone. */
    boolean isUsable() {
        String state = json.textOr("active", "State");
        return state.equals("active");
    }

    /** The identifier of the next hop; empty where the document has none. */
    Option<String> nextHop() {
        return NEXT_HOPS.flatMap(field -> json.text(field)).headOption();
    }

    Kind kind() {
        String hop = nextHop().getOrElse("");
        if (hop.equals("local")) {
            return Kind.LOCAL;
        }
        if (json.at("NatGatewayId").isPresent()) {
            return Kind.NAT_GATEWAY;
        }
        if (hop.startsWith("eigw-")) {
            return Kind.EGRESS_ONLY_GATEWAY;
        }
        return hop.startsWith("igw-") ? Kind.INTERNET_GATEWAY : Kind.OTHER;
    }

    /** Of routes for one prefix: local before static before propagated ("Route priority", Amazon VPC User Guide). */
    int rank() {
        String origin = json.textOr("", "Origin");
        return origin.equals("CreateRouteTable") ? 0 : origin.equals("EnableVgwRoutePropagation") ? 2 : 1;
    }

    Evidence evidence() {
        return json.evidence();
    }
}
