package dev.podpath.aliyun.vpc;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Item;
import dev.podpath.aliyun.response.Response;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The captured elastic addresses, vSwitches, route tables and NAT gateways. */
final class Vpc {
    private final Responses responses;
    private final Map<IpAddress, Eip> eips = new HashMap<>();
    private final Map<String, VSwitch> vSwitches = new LinkedHashMap<>();
    private final Map<String, NatGateway> gateways = new LinkedHashMap<>();
    private final Map<String, Vector<IpPrefix>> prefixes = new HashMap<>();

    Vpc(Responses responses) {
        this.responses = responses;
        responses
                .items(Api.EIPS)
                .flatMap(item -> Eip.of(item.json()))
                .forEach(eip -> eips.putIfAbsent(eip.address(), eip));
        responses
                .items(Api.VSWITCHES)
                .flatMap(item -> VSwitch.of(item.json()))
                .forEach(vSwitch -> vSwitches.putIfAbsent(vSwitch.id(), vSwitch));
        responses
                .items(Api.NAT_GATEWAYS)
                .map(NatGateway::of)
                .forEach(gateway -> gateways.putIfAbsent(gateway.id(), gateway));
        responses
                .items(Api.VPCS)
                .map(Item::json)
                .forEach(vpc -> prefixes.merge(
                        vpc.textOr("", "VpcId"),
                        vpc.text("CidrBlock")
                                .toVector()
                                .appendAll(vpc.texts("SecondaryCidrBlocks", "SecondaryCidrBlock"))
                                .appendAll(vpc.text("Ipv6CidrBlock"))
                                .flatMap(IpPrefix::parse),
                        Vector::appendAll));
        vSwitches
                .values()
                .forEach(vSwitch -> vSwitch.vpc()
                        .forEach(vpc -> prefixes.merge(vpc, Vector.of(vSwitch.prefix()), Vector::appendAll)));
    }

    static Option<String> filled(Json json, String field) {
        return json.text(field).filter(text -> !text.isBlank());
    }

    Responses responses() {
        return responses;
    }

    Option<Eip> eip(IpAddress address) {
        return Option.of(eips.get(address));
    }

    /** Elastic addresses bound to this. */
    Vector<Eip> eipsOf(String boundId) {
        return Vector.ofAll(eips.values())
                .filter(eip -> eip.boundId().contains(boundId))
                .sortBy(Eip::address);
    }

    Option<VSwitch> vSwitch(String id) {
        return Option.of(vSwitches.get(id));
    }

    /** The vSwitch whose addresses these are, in a VPC; in the only one that has them where the VPC is not known. */
    Option<VSwitch> vSwitchOf(IpAddress address, Option<String> vpc) {
        Vector<VSwitch> holding = Vector.ofAll(vSwitches.values())
                .filter(vSwitch -> vSwitch.prefix().contains(address)
                        && (vpc.isEmpty()
                                || vSwitch.vpc().isEmpty()
                                || vSwitch.vpc().equals(vpc)));
        boolean clear = holding.flatMap(VSwitch::vpc).distinct().size() <= 1;
        return clear ? holding.maxBy(vSwitch -> vSwitch.prefix().length()) : Option.none();
    }

    /** Whether an address is one of the VPC's own. */
    boolean isInside(String vpc, IpAddress address) {
        return prefixes.getOrDefault(vpc, Vector.empty()).exists(prefix -> prefix.contains(address));
    }

    /** The route table of a vSwitch: its own, else the system table of its VPC. */
    Option<String> tableOf(VSwitch vSwitch) {
        Vector<Json> tables = responses.items(Api.ROUTE_TABLES).map(Item::json);
        return vSwitch.routeTable()
                .orElse(() -> tables.find(
                                table -> table.texts("VSwitchIds", "VSwitchId").contains(vSwitch.id()))
                        .flatMap(table -> table.text("RouteTableId")))
                .orElse(() -> tables.find(
                                table -> table.textOr("", "RouteTableType").equalsIgnoreCase("System")
                                        && vSwitch.vpc().isDefined()
                                        && filled(table, "VpcId").equals(vSwitch.vpc()))
                        .flatMap(table -> table.text("RouteTableId")));
    }

    /** The routes in force of a table; empty where they were not captured as a whole. */
    Option<Vector<Route>> routes(String table) {
        return entries(Api.ROUTES, "RouteTableId", table).map(items -> items.flatMap(Route::of));
    }

    Option<NatGateway> gateway(String id) {
        return Option.of(gateways.get(id));
    }

    /** The SNAT entries of a gateway; empty where they were not captured as a whole. */
    Option<Vector<SnatEntry>> snat(NatGateway gateway) {
        return ofGateway(Api.SNAT_ENTRIES, "SnatTableId", gateway.snatTables(), gateway.id())
                .map(items -> items.map(SnatEntry::of));
    }

    /** The DNAT entries of a gateway; empty where they were not captured as a whole. */
    Option<Vector<ForwardEntry>> forwarding(NatGateway gateway) {
        return ofGateway(Api.FORWARD_ENTRIES, "ForwardTableId", gateway.forwardTables(), gateway.id())
                .map(items -> items.flatMap(ForwardEntry::of));
    }

    private Option<Vector<Json>> ofGateway(Api api, String field, Vector<String> tables, String gateway) {
        if (!tables.isEmpty()) {
            Vector<Option<Vector<Json>>> each = tables.map(table -> entries(api, field, table));
            return each.forAll(Option::isDefined) ? Option.some(each.flatMap(Option::get)) : Option.none();
        }
        return responses.isWhole(api)
                ? Option.some(responses
                        .items(api)
                        .map(Item::json)
                        .filter(json -> json.text("NatGatewayId").contains(gateway)))
                : Option.none();
    }

    /** The entries of one table, over all pages; empty where a page is missing or none was captured. */
    private Option<Vector<Json>> entries(Api api, String field, String table) {
        Vector<Response> of = responses
                .of(api)
                .filter(response -> response.group().equals(table)
                        || response.all().exists(json -> json.text(field).contains(table)));
        boolean whole = !of.isEmpty()
                && of.forAll(response -> response.all().forAll(response::isUseful))
                && of.map(Response::group).distinct().exists(group -> responses.isWhole(api, group));
        Option<Vector<Json>> found = whole
                ? Option.some(of.flatMap(Response::all)
                        .filter(json -> filled(json, field).forAll(table::equals)))
                : Option.none();
        return found.orElse(() -> of.isEmpty() && responses.isWhole(api) ? Option.some(Vector.empty()) : Option.none());
    }
}
