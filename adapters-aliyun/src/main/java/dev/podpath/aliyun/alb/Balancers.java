package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Item;
import dev.podpath.aliyun.response.Response;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The captured application and network load balancers with their listeners, rules, groups and health. */
public final class Balancers {
    private final Responses responses;
    private final Map<String, Balancer> byId = new LinkedHashMap<>();
    private final Map<IpAddress, Balancer> byAddress = new HashMap<>();
    private final Map<String, Balancer> byName = new HashMap<>();
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final Set<String> described = new HashSet<>();
    private final Map<String, Json> groups = new HashMap<>();

    /** Indexes what was captured. */
    public Balancers(Responses responses) {
        this.responses = responses;
        for (Kind kind : Kind.values()) {
            responses
                    .items(kind.one())
                    .appendAll(responses.items(kind.list()))
                    .map(item -> Balancer.of(kind, item))
                    .forEach(one -> byId.putIfAbsent(one.id(), one));
            responses
                    .items(kind.groups())
                    .map(Item::json)
                    .forEach(group -> groups.putIfAbsent(group.textOr("", "ServerGroupId"), group));
        }
        responses
                .items(Api.ALB_LISTENER)
                .appendAll(responses.items(Api.ALB_LISTENERS))
                .appendAll(responses.items(Api.NLB_LISTENERS))
                .map(item -> Listener.of(item.json()))
                .forEach(listener -> listeners.putIfAbsent(listener.id(), listener));
        responses
                .items(Api.ALB_LISTENER)
                .flatMap(item -> item.json().text("ListenerId"))
                .forEach(described::add);
        for (Balancer one : byId.values()) {
            one.publicAddresses().appendAll(one.privateAddresses()).forEach(ip -> byAddress.putIfAbsent(ip, one));
            byName.putIfAbsent(one.dnsName(), one);
        }
    }

    Responses responses() {
        return responses;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return byId.isEmpty();
    }

    /** What shows whose address it is, where it is one of a load balancer. */
    public Option<Evidence> owner(IpAddress address) {
        return at(address).map(Balancer::evidence);
    }

    /** The load balancer with this address. */
    Option<Balancer> at(IpAddress address) {
        return Option.of(byAddress.get(address));
    }

    /** The load balancer that this name is made for. */
    Option<Balancer> named(String host) {
        return Option.of(byName.get(host)).filter(one -> !one.dnsName().isEmpty());
    }

    /** The listener of a load balancer that takes a port: of several the one with the narrowest range. */
    Option<Listener> listener(Balancer balancer, int port, Protocol transport) {
        return Vector.ofAll(listeners.values())
                .filter(listener -> listener.balancer().equals(balancer.id()) && listener.takes(port, transport))
                .minBy(listener -> listener.last() - listener.first());
    }

    /** Whether the attributes of a listener of an application load balancer were captured; no list has access control. */
    boolean knowsAccessControl(Listener listener) {
        return described.contains(listener.id());
    }

    /** Whether all listeners of a load balancer were captured. */
    boolean knowsListeners(Balancer balancer) {
        Api list = balancer.kind().listeners();
        return responses.isWhole(list) || responses.isWhole(list, balancer.id());
    }

    /** The rules for requests of a listener, the first to be looked at first; empty where they were not captured. */
    Option<Vector<Json>> rules(Listener listener) {
        boolean known = responses.isWhole(Api.ALB_RULES) || responses.isWhole(Api.ALB_RULES, listener.id());
        return Option.when(
                known,
                () -> responses
                        .items(Api.ALB_RULES)
                        .map(Item::json)
                        .filter(rule -> rule.text("ListenerId").contains(listener.id()))
                        .reject(rule -> rule.textOr("Request", "Direction").equalsIgnoreCase("Response"))
                        .sortBy(rule -> rule.integer("Priority").getOrElse(Integer.MAX_VALUE)));
    }

    Option<Json> group(String id) {
        return Option.of(groups.get(id));
    }

    /** The servers of a group; empty where they were not captured as a whole. */
    Option<Vector<Json>> servers(Kind kind, String group) {
        Vector<Response> own = responses
                .of(kind.servers())
                .filter(response -> response.group().equals(group)
                        || response.all()
                                .exists(json -> json.text("ServerGroupId").contains(group)));
        boolean whole = own.exists(response -> responses.isWhole(kind.servers(), response.group()));
        return Option.when(
                whole,
                () -> own.flatMap(Response::items)
                        .map(Item::json)
                        .filter(json -> json.text("ServerGroupId").forAll(group::equals)));
    }

    /** What a listener's health check says about a group; empty where it was not captured. */
    Option<Json> health(Kind kind, Listener listener, String group) {
        return responses
                .items(kind.health())
                .map(Item::json)
                .filter(json -> json.text("ListenerId").contains(listener.id()))
                .flatMap(json -> json.items("ServerGroupInfos")
                        .appendAll(json.items("RuleHealthStatus").flatMap(rule -> rule.items("ServerGroupInfos"))))
                .find(info -> info.text("ServerGroupId").contains(group));
    }

    /** The entries of an access control list; empty where they were not captured as a whole. */
    Option<Vector<Json>> accessList(String id) {
        Vector<Response> own =
                responses.of(Api.ALB_ACL).filter(response -> response.group().equals(id));
        return Option.when(
                !own.isEmpty() && responses.isWhole(Api.ALB_ACL, id),
                () -> own.flatMap(Response::items).map(Item::json));
    }
}
