package dev.podpath.capture.aliyun;

import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;

/** What is asked for: the lists, and for what they name the details. */
final class Plan {
    private Plan() {}

    /** The lists. Those of products that have no regions go to the first region's directory. */
    static Vector<Call> lists(Vector<String> regions) {
        Vector<Action> global = Vector.of(Action.DOMAINS, Action.PRIVATE_ZONES);
        Vector<Action> regional = Vector.of(
                Action.CLB,
                Action.CLB_ACLS,
                Action.ALB,
                Action.ALB_LISTENERS,
                Action.ALB_RULES,
                Action.ALB_GROUPS,
                Action.NLB,
                Action.NLB_LISTENERS,
                Action.NLB_GROUPS,
                Action.INSTANCES,
                Action.INTERFACES,
                Action.GROUPS,
                Action.VPCS,
                Action.VSWITCHES,
                Action.EIPS,
                Action.NAT_GATEWAYS,
                Action.ROUTE_TABLES);
        return global.map(action -> Call.all(action, regions.head()))
                .appendAll(regions.flatMap(region -> regional.map(action -> Call.all(action, region))));
    }

    /** What an item of an answer makes worth asking for. */
    static Vector<Call> details(Call call, JsonNode item) {
        String region = call.region();
        return switch (call.action()) {
            case DOMAINS -> named(region, item, "DomainName", "DomainName", Action.DOMAIN_RECORDS, Action.DNS_WEIGHTS);
            case PRIVATE_ZONES -> named(region, item, "ZoneId", "ZoneId", Action.PRIVATE_ZONE, Action.PRIVATE_RECORDS);
            case CLB ->
                named(
                        region,
                        item,
                        "LoadBalancerId",
                        "LoadBalancerId",
                        Action.CLB_ONE,
                        Action.CLB_GROUPS,
                        Action.CLB_HEALTH);
            case CLB_ONE ->
                Vector.ofAll(item.path("ListenerPortsAndProtocol").path("ListenerPortAndProtocol"))
                        .flatMap(listener ->
                                listener(region, item.path("LoadBalancerId").asText(""), listener));
            case CLB_GROUPS -> named(region, item, "VServerGroupId", "VServerGroupId", Action.CLB_GROUP);
            case CLB_TCP, CLB_UDP ->
                named(region, item, "MasterSlaveServerGroupId", "MasterSlaveServerGroupId", Action.CLB_PAIR);
            case CLB_ACLS -> named(region, item, "AclId", "AclId", Action.CLB_ACL);
            case ALB -> named(region, item, "LoadBalancerId", "LoadBalancerId", Action.ALB_ONE);
            case ALB_LISTENERS ->
                named(region, item, "ListenerId", "ListenerId", Action.ALB_LISTENER, Action.ALB_HEALTH)
                        .map(Plan::withRules);
            case ALB_LISTENER ->
                Vector.ofAll(item.path("AclConfig").path("AclRelations"))
                        .flatMap(acl -> named(region, acl, "AclId", "AclId", Action.ALB_ACL));
            case ALB_GROUPS -> named(region, item, "ServerGroupId", "ServerGroupId", Action.ALB_SERVERS);
            case NLB -> named(region, item, "LoadBalancerId", "LoadBalancerId", Action.NLB_ONE);
            case NLB_LISTENERS -> named(region, item, "ListenerId", "ListenerId", Action.NLB_HEALTH);
            case NLB_GROUPS -> named(region, item, "ServerGroupId", "ServerGroupId", Action.NLB_SERVERS);
            case GROUPS -> named(region, item, "SecurityGroupId", "SecurityGroupId", Action.GROUP);
            case GROUP ->
                named(region, item, "SourcePrefixListId", "PrefixListId", Action.PREFIX_LIST)
                        .appendAll(named(region, item, "DestPrefixListId", "PrefixListId", Action.PREFIX_LIST));
            case VSWITCHES -> named(region, item, "NetworkAclId", "NetworkAclId", Action.NETWORK_ACL);
            case NAT_GATEWAYS ->
                tables(region, item.path("SnatTableIds").path("SnatTableId"), "SnatTableId", Action.SNAT)
                        .appendAll(tables(
                                region,
                                item.path("ForwardTableIds").path("ForwardTableId"),
                                "ForwardTableId",
                                Action.DNAT));
            case ROUTE_TABLES -> named(region, item, "RouteTableId", "RouteTableId", Action.ROUTES);
            default -> Vector.empty();
        };
    }

    private static Vector<Call> named(String region, JsonNode item, String field, String parameter, Action... actions) {
        String id = item.path(field).asText("");
        return isName(id) ? Vector.of(actions).map(action -> Call.of(action, region, parameter, id)) : Vector.empty();
    }

    private static Vector<Call> tables(String region, JsonNode ids, String parameter, Action action) {
        return Vector.ofAll(ids)
                .map(id -> id.asText(""))
                .filter(Plan::isName)
                .map(id -> Call.of(action, region, parameter, id));
    }

    /** The health of a listener's forwarding rules comes only where it is asked for. */
    private static Call withRules(Call call) {
        return call.action() == Action.ALB_HEALTH
                ? new Call(
                        call.action(),
                        call.region(),
                        call.key(),
                        call.parameters().put("IncludeRule", "true"))
                : call;
    }

    private static Vector<Call> listener(String region, String lb, JsonNode listener) {
        String port = listener.path("ListenerPort").asText("");
        String protocol = listener.path("ListenerProtocol").asText("");
        if (!isName(lb) || !isName(port)) {
            return Vector.empty();
        }
        TreeMap<String, String> parameters = TreeMap.of("LoadBalancerId", lb, "ListenerPort", port);
        return switch (protocol) {
            case "tcp" -> Vector.of(new Call(Action.CLB_TCP, region, lb + "." + port, parameters));
            case "udp" -> Vector.of(new Call(Action.CLB_UDP, region, lb + "." + port, parameters));
            case "http", "https" ->
                Vector.of(
                        new Call(
                                protocol.equals("http") ? Action.CLB_HTTP : Action.CLB_HTTPS,
                                region,
                                lb + "." + port,
                                parameters),
                        new Call(
                                Action.CLB_RULES,
                                region,
                                lb + "." + port,
                                parameters.put("ListenerProtocol", protocol)));
            default -> Vector.empty();
        };
    }

    /** Whether it can be part of a file's name: what the cloud gives for an identifier always can. */
    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= 200
                && text.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.')
                && text.codePoints().anyMatch(c -> c != '.');
    }
}
