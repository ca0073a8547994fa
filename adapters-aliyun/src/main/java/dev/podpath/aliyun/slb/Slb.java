package dev.podpath.aliyun.slb;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Item;
import dev.podpath.aliyun.response.Response;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The captured CLB instances with their listeners, rules, groups, access control lists and server health. */
public final class Slb {
    private static final Map<Api, Listener.Kind> ATTRIBUTES = Map.of(
            Api.TCP_LISTENER, Listener.Kind.TCP,
            Api.UDP_LISTENER, Listener.Kind.UDP,
            Api.HTTP_LISTENER, Listener.Kind.HTTP,
            Api.HTTPS_LISTENER, Listener.Kind.HTTPS);

    private final Responses responses;
    private final Map<String, LoadBalancer> byId = new LinkedHashMap<>();
    private final Map<IpAddress, LoadBalancer> byAddress = new HashMap<>();
    private final Map<ListenerKey, Listener> listeners = new HashMap<>();
    private final Map<String, Json> attributes = new HashMap<>();
    private final Map<String, List<Json>> health = new HashMap<>();
    private final Map<String, List<Response>> accessLists = new HashMap<>();

    /** Indexes what was captured. */
    public Slb(Responses responses) {
        this.responses = responses;
        responses
                .items(Api.LOAD_BALANCERS)
                .appendAll(responses.items(Api.LOAD_BALANCER))
                .flatMap(LoadBalancer::of)
                .forEach(lb -> byId.putIfAbsent(lb.id(), lb));
        byId.values().forEach(lb -> byAddress.putIfAbsent(lb.address(), lb));
        responses
                .items(Api.LOAD_BALANCER)
                .forEach(item -> attributes.putIfAbsent(item.json().textOr("", "LoadBalancerId"), item.json()));
        Vector.of(Api.TCP_LISTENER, Api.UDP_LISTENER, Api.HTTP_LISTENER, Api.HTTPS_LISTENER)
                .forEach(api -> responses.items(api).forEach(item -> addAttribute(item, api)));
        responses
                .items(Api.LISTENERS)
                .forEach(item -> Listener.Kind.of(item.json().textOr("", "ListenerProtocol"))
                        .forEach(kind -> addListener(item.json().textOr("", "LoadBalancerId"), kind, item.json())));
        responses
                .items(Api.HEALTH)
                .forEach(item -> health.computeIfAbsent(
                                item.response().keyHead() + "/" + item.json().textOr("", "ServerId"),
                                server -> new ArrayList<>(1))
                        .add(item.json()));
        responses
                .of(Api.ACL)
                .forEach(page -> accessLists
                        .computeIfAbsent(page.body().text("AclId").getOrElse(page::keyHead), id -> new ArrayList<>())
                        .add(page));
    }

    private void addAttribute(Item item, Api api) {
        String lb =
                item.json().text("LoadBalancerId").filter(id -> !id.isBlank()).getOrElse(item.response()::keyHead);
        Option.of(ATTRIBUTES.get(api)).forEach(kind -> addListener(lb, kind, item.json()));
    }

    private void addListener(String lb, Listener.Kind kind, Json json) {
        json.integer("ListenerPort")
                .filter(port -> port > 0 && port <= 65535)
                .forEach(port -> listeners.putIfAbsent(
                        new ListenerKey(lb, port, kind.transport()), new Listener(lb, port, kind, json)));
    }

    /** All instances. */
    public Vector<LoadBalancer> loadBalancers() {
        return Vector.ofAll(byId.values());
    }

    /** The instance with this address. */
    public Option<LoadBalancer> at(IpAddress address) {
        return Option.of(byAddress.get(address));
    }

    /** The instance with this id. */
    public Option<LoadBalancer> loadBalancer(String id) {
        return Option.of(byId.get(id));
    }

    Option<Listener> listener(LoadBalancer lb, int port, Protocol transport) {
        return Option.of(listeners.get(new ListenerKey(lb.id(), port, transport)));
    }

    /** The instance's own document. */
    Option<Json> attribute(LoadBalancer lb) {
        return Option.of(attributes.get(lb.id()));
    }

    /** The line in the instance's own document that names a listener. */
    Option<Json> declared(LoadBalancer lb, int port, Protocol transport) {
        return attribute(lb)
                .toVector()
                .flatMap(Slb::declarations)
                .find(entry -> entry.integer("ListenerPort").contains(port)
                        && Listener.Kind.of(protocolOf(entry)).exists(kind -> kind.transport() == transport));
    }

    /** Whether all listeners of an instance are known by port and protocol. */
    boolean knowsListeners(LoadBalancer lb) {
        boolean inAttribute = attribute(lb)
                .exists(json -> json.at("ListenerPortsAndProtocol").isPresent()
                        || json.at("ListenerPortsAndProtocal").isPresent());
        return inAttribute || responses.isWhole(Api.LISTENERS, lb.id()) || responses.isWhole(Api.LISTENERS);
    }

    static String protocolOf(Json declaration) {
        return declaration.text("ListenerProtocol").getOrElse(() -> declaration.textOr("", "ListenerProtocal"));
    }

    private static Vector<Json> declarations(Json attribute) {
        Vector<Json> named = attribute.items("ListenerPortsAndProtocol", "ListenerPortAndProtocol");
        return named.isEmpty() ? attribute.items("ListenerPortsAndProtocal", "ListenerPortAndProtocal") : named;
    }

    /** The forwarding rules of a listener; empty where they were not captured. */
    Option<Vector<Json>> rules(Listener listener) {
        if (listener.json().at("Rules").isPresent()) {
            return Option.some(listener.json().items("Rules", "Rule"));
        }
        Vector<Response> own = responses.of(Api.RULES).filter(response -> {
            Vector<String> parts = Vector.of(response.key().split("\\."));
            return parts.headOption().contains(listener.loadBalancer())
                    && parts.contains(Integer.toString(listener.port()));
        });
        return own.isEmpty()
                ? Option.none()
                : Option.some(own.flatMap(response -> response.body().items("Rules", "Rule")));
    }

    Option<ServerGroup> group(String id) {
        return responses
                .items(Api.SERVER_GROUP)
                .map(Item::json)
                .find(json -> json.text("VServerGroupId").contains(id))
                .map(json -> new ServerGroup(
                        "server group " + id,
                        json.textOr("", "VServerGroupName"),
                        json.items("BackendServers", "BackendServer").map(Backend::of),
                        false,
                        json.evidence("VServerGroupId", "VServerGroupName")));
    }

    Option<ServerGroup> activeStandbyGroup(String id) {
        return responses
                .items(Api.MASTER_SLAVE_GROUP)
                .map(Item::json)
                .find(json -> json.text("MasterSlaveServerGroupId").contains(id))
                .map(json -> new ServerGroup(
                        "active/standby server group " + id,
                        json.textOr("", "MasterSlaveServerGroupName"),
                        json.items("MasterSlaveBackendServers", "MasterSlaveBackendServer")
                                .map(Backend::of),
                        true,
                        json.evidence("MasterSlaveServerGroupId", "MasterSlaveServerGroupName")));
    }

    Option<ServerGroup> defaultGroup(LoadBalancer lb) {
        return attribute(lb)
                .filter(json -> json.at("BackendServers").isPresent())
                .map(json -> new ServerGroup(
                        "the default server group of " + lb.label(),
                        "",
                        json.items("BackendServers", "BackendServer").map(Backend::of),
                        false,
                        json.at("BackendServers").evidence()));
    }

    Option<AccessControlList> accessList(String id) {
        return Option.of(accessLists.get(id)).map(pages -> {
            Vector<Response> all = Vector.ofAll(pages);
            boolean whole = all.map(Response::group).distinct().forAll(group -> responses.isWhole(Api.ACL, group));
            return AccessControlList.of(id, all, whole);
        });
    }

    /** Whether the health of an instance's servers was captured. */
    boolean knowsHealth(LoadBalancer lb) {
        return responses.of(Api.HEALTH).exists(response -> response.keyHead().equals(lb.id()));
    }

    /** What the health check of a listener says about a server. */
    Option<Json> health(Listener listener, Backend backend, int port) {
        return Vector.ofAll(health.getOrDefault(listener.loadBalancer() + "/" + backend.server(), List.of()))
                .filter(entry -> entry.integer("ListenerPort").forAll(p -> p == listener.port())
                        && entry.text("Protocol")
                                .forAll(p -> p.isBlank()
                                        || p.equalsIgnoreCase(listener.kind().name()))
                        && entry.integer("Port").forAll(p -> p == port)
                        && entry.text("ServerIp")
                                .flatMap(IpAddress::parse)
                                .forAll(ip -> backend.ip().forAll(ip::equals)))
                .headOption();
    }

    Responses responses() {
        return responses;
    }

    private record ListenerKey(String loadBalancer, int port, Protocol transport) {}
}
