package dev.podpath.aws.ec2;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Response;
import dev.podpath.aws.document.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Subnets, their route tables, and NAT gateways, indexed once. */
public final class Vpc {
    private final Ec2 ec2;
    private final boolean tablesCaptured;
    private final Map<String, Json> subnets = new LinkedHashMap<>();
    private final Map<String, RouteTable> tableOfSubnet = new HashMap<>();
    private final Map<String, RouteTable> mainTable = new HashMap<>();
    private final Map<String, Json> natGateways = new HashMap<>();

    private Vpc(Ec2 ec2, boolean tablesCaptured) {
        this.ec2 = ec2;
        this.tablesCaptured = tablesCaptured;
    }

    /** Indexes what was captured. */
    public static Vpc of(Responses responses, Ec2 ec2) {
        Vpc vpc = new Vpc(
                ec2, responses.captured(Operation.ROUTE_TABLES) && !responses.isTruncated(Operation.ROUTE_TABLES));
        Map<String, Vector<IpPrefix>> lists = new HashMap<>();
        for (Response list : responses.of(Operation.PREFIX_LIST_ENTRIES)) {
            lists.put(
                    list.key(),
                    list.items().flatMap(entry -> entry.text("Cidr")).flatMap(IpPrefix::parse));
        }
        responses
                .items(Operation.SUBNETS)
                .forEach(subnet -> subnet.text("SubnetId").forEach(id -> vpc.subnets.putIfAbsent(id, subnet)));
        responses
                .items(Operation.NAT_GATEWAYS)
                .forEach(nat -> nat.text("NatGatewayId").forEach(id -> vpc.natGateways.putIfAbsent(id, nat)));
        for (Json json : responses.items(Operation.ROUTE_TABLES)) {
            RouteTable table = RouteTable.of(json, id -> Option.of(lists.get(id)));
            for (Json association : json.items("Associations")) {
                association.text("SubnetId").forEach(id -> vpc.tableOfSubnet.putIfAbsent(id, table));
                if (association.isTrue("Main")) {
                    json.text("VpcId").forEach(id -> vpc.mainTable.putIfAbsent(id, table));
                }
            }
        }
        return vpc;
    }

    /** The NAT gateway of this id. */
    Option<Json> natGateway(String id) {
        return Option.of(natGateways.get(id));
    }

    /** The subnet a private address is in: that of its interface, or the only one whose block holds it. */
    Either<Decision, Place> place(IpAddress source) {
        Option<NetworkInterface> eni = ec2.interfaceAt(source);
        Option<String> subnetOfEni = eni.flatMap(NetworkInterface::subnetId);
        if (subnetOfEni.isDefined()) {
            String subnet = subnetOfEni.get();
            Option<String> vpc = eni.flatMap(NetworkInterface::vpcId)
                    .orElse(() -> Option.of(subnets.get(subnet)).flatMap(json -> json.text("VpcId")));
            return Either.right(new Place(
                    subnet,
                    vpc,
                    eni,
                    Decision.found(
                            source + " belongs to network interface "
                                    + eni.get().id() + " in subnet " + subnet,
                            eni.get().json().evidence("NetworkInterfaceId", "SubnetId", "VpcId"))));
        }
        Vector<Json> holding = Vector.ofAll(subnets.values())
                .filter(subnet -> subnet.text("CidrBlock")
                        .toVector()
                        .appendAll(subnet.items("Ipv6CidrBlockAssociationSet")
                                .flatMap(entry -> entry.text("Ipv6CidrBlock")))
                        .flatMap(IpPrefix::parse)
                        .exists(block -> block.contains(source)));
        if (holding.size() != 1) {
            String why = holding.isEmpty()
                    ? "no network interface and no subnet that was captured has the address " + source
                    : source + " is in the blocks of " + holding.size() + " subnets";
            return Either.left(
                    Decision.unknown(why, Operation.NETWORK_INTERFACES.missing(), Operation.SUBNETS.missing()));
        }
        Json subnet = holding.head();
        String id = subnet.textOr("", "SubnetId");
        return Either.right(new Place(
                id,
                subnet.text("VpcId"),
                eni,
                Decision.found(
                        source + " is in the block of subnet " + id,
                        subnet.evidence("SubnetId", "CidrBlock", "VpcId"))));
    }

    /** The route table of a subnet: the one associated with it, or its VPC's main one. */
    Either<Decision, Table> table(Place place) {
        RouteTable explicit = tableOfSubnet.get(place.subnet());
        if (explicit != null) {
            return Either.right(new Table(
                    explicit,
                    Decision.found(
                            "route table " + explicit.id() + " is associated with subnet " + place.subnet(),
                            explicit.json()
                                    .items("Associations")
                                    .find(a -> a.text("SubnetId").contains(place.subnet()))
                                    .getOrElse(explicit.json())
                                    .evidence())));
        }
        Option<RouteTable> main = place.vpc().flatMap(id -> Option.of(mainTable.get(id)));
        if (main.isEmpty() || !tablesCaptured) {
            return Either.left(Decision.unknown(
                    "the route table of subnet " + place.subnet() + " was not captured",
                    Operation.ROUTE_TABLES.missing()));
        }
        return Either.right(new Table(
                main.get(),
                Decision.found(
                        "subnet " + place.subnet() + " is associated with no route table, so the main one of its VPC, "
                                + main.get().id() + ", applies",
                        main.get().json().evidence("RouteTableId", "Associations", "VpcId"))));
    }

    /**
     * Where a private address is.
     *
     * @param subnet its subnet
     * @param vpc its VPC
     * @param eni its interface, where that was captured
     * @param why how that is known
     */
    record Place(String subnet, Option<String> vpc, Option<NetworkInterface> eni, Decision why) {}

    /**
     * A route table that applies.
     *
     * @param table the table
     * @param why how that is known
     */
    record Table(RouteTable table, Decision why) {}
}
