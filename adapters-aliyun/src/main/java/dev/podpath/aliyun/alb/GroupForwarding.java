package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.cluster.ServiceNames;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.ecs.NetworkInterface;
import dev.podpath.aliyun.ecs.PrivateIp;
import dev.podpath.aliyun.hop.Shares;
import dev.podpath.aliyun.slb.SilentProbes;
import dev.podpath.aliyun.slb.SlbFindings;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.Handover;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.net.Tuple;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.core.trace.Translation;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/** Which servers of the groups of a rule or listener get a connection, how often, and what they see. */
final class GroupForwarding {
    private final Balancers balancers;
    private final Ecs ecs;
    private final ServiceNames names;
    private final Balancer lb;
    private final Listener listener;
    private final NetworkAddress at;
    private final HopDraft notes;
    private final ServerTroubles troubles;

    GroupForwarding(
            Balancers balancers,
            Ecs ecs,
            ServiceNames names,
            Balancer lb,
            Listener listener,
            NetworkAddress at,
            HopDraft notes) {
        this.balancers = balancers;
        this.ecs = ecs;
        this.names = names;
        this.lb = lb;
        this.listener = listener;
        this.at = at;
        this.notes = notes;
        this.troubles = new ServerTroubles(names, lb, notes);
    }

    /**
     * A group among several.
     *
     * @param id its id
     * @param weight its weight among them
     */
    record Weighted(String id, int weight) {}

    Resolution to(Vector<Weighted> groups, Flow flow) {
        groups.filter(group -> group.weight() <= 0)
                .forEach(group -> notes.add(
                        Decision.skipped("server group " + group.id() + " gets no requests: its weight is 0")));
        Vector<Weighted> taking = groups.filter(group -> group.weight() > 0);
        if (taking.isEmpty()) {
            return notes.unknown(Decision.unknown("no server group has a weight above 0"));
        }
        Vector<Share> shares = taking.size() == 1
                ? Vector.of(Share.all())
                : Shares.byWeight(taking.map(group -> (long) group.weight()));
        return notes.goes(taking.zip(shares).flatMap(pair -> branches(pair._1().id(), pair._2(), flow)));
    }

    private Vector<Branch> branches(String id, Share share, Flow flow) {
        Option<Json> group = balancers.group(id);
        Option<Vector<Json>> servers = balancers.servers(lb.kind(), id);
        if (group.isEmpty() || servers.isEmpty()) {
            Decision why = Decision.unknown(
                    "server group " + id + " was not captured",
                    balancers.responses().missing(lb.kind().groups(), Option.some(lb.region()), "", ""),
                    balancers
                            .responses()
                            .missing(lb.kind().servers(), Option.some(lb.region()), id, "--ServerGroupId " + id));
            return end("server group " + id, Disposition.UNKNOWN, why, share);
        }
        Evidence evidence = group.get().evidence("ServerGroupId", "ServerGroupName", "Scheduler", "Protocol");
        notes.add(Decision.chose("the request goes to server group " + id, evidence));
        names.ofName(
                        "server group " + id,
                        group.get().textOr("", "ServerGroupName"),
                        group.get().evidence("ServerGroupId", "ServerGroupName"))
                .forEach(notes::add);
        servers.get().forEach(server -> troubles.gone(server, addressOf(server), label(server)));
        probes(group.get(), flow);
        Vector<Json> willing = servers.get()
                .filter(server -> server.integer("Weight").getOrElse(100) > 0
                        && !server.textOr("Available", "Status").equalsIgnoreCase("Removing"));
        servers.get()
                .reject(willing::contains)
                .forEach(server -> notes.add(Decision.skipped(
                        "server " + label(server) + " gets no new connections: its weight is 0, or it is being removed",
                        seen(server))));
        if (willing.isEmpty()) {
            return fails(
                    SlbFindings.NO_SERVERS,
                    "server group " + id + " has no server that takes traffic",
                    evidence,
                    share);
        }
        Vector<Json> inZone = Zones.of(lb, at.address().address(), notes).serving(willing);
        return inZone.isEmpty()
                ? fails(
                        SlbFindings.NO_SERVERS,
                        "server group " + id + " has no server in the zone of "
                                + at.address().address() + ", and forwarding across zones is off",
                        evidence,
                        share)
                : healthy(id, group.get(), inZone, share, flow);
    }

    private void probes(Json group, Flow flow) {
        Json check = group.at("HealthCheck").isPresent() ? group.at("HealthCheck") : group.at("HealthCheckConfig");
        boolean bare = lb.kind() == Kind.NLB
                && !check.text("HealthCheckEnabled").contains("false")
                && check.textOr("", "HealthCheckType").equalsIgnoreCase("tcp");
        Flow inside = listener.secure() ? adapted(flow, "http") : flow;
        SilentProbes.of(
                        bare,
                        inside,
                        listener.json().isTrue("ProxyProtocolEnabled"),
                        lb.label(),
                        bare ? check.evidence() : listener.evidence())
                .forEach(notes::add);
    }

    private Vector<Branch> healthy(String id, Json group, Vector<Json> willing, Share share, Flow flow) {
        Option<Json> health = balancers.health(lb.kind(), listener, id);
        if (health.isEmpty()) {
            notes.assume("every server of server group " + id + " is healthy: health was not captured (aliyun "
                    + lb.kind().health().product() + " GetListenerHealthStatus --ListenerId " + listener.id() + ")");
        }
        Vector<Json> sick = health.toVector()
                .flatMap(info -> info.items("NonNormalServers"))
                .filter(server -> server.textOr("", "Status").equalsIgnoreCase("Unhealthy"));
        Vector<Json> down = willing.filter(server -> sick.exists(one -> same(one, server)));
        Vector<Evidence> evidence = sick.filter(one -> down.exists(server -> same(one, server)))
                .map(one -> one.evidence("ServerId", "ServerIp", "Port", "Status", "Reason"));
        if (down.size() == willing.size()) {
            String text = "every server of server group " + id
                    + " is unhealthy; whether the load balancer then forwards " + "at all is not documented";
            notes.add(new Finding(SlbFindings.ALL_ABNORMAL, SlbFindings.ALL_ABNORMAL.severity(), text, evidence));
            return end(
                    "server group " + id,
                    Disposition.UNKNOWN,
                    Decision.unknown(text).with(evidence),
                    share);
        }
        if (!down.isEmpty()) {
            Option<Service> service = names.service(group.textOr("", "ServerGroupName"));
            down.forEach(server -> {
                notes.add(Decision.skipped("server " + label(server) + " is unhealthy", seen(server))
                        .with(evidence));
                troubles.unhealthy(server, service.filter(known -> isInstance(server)), label(server));
            });
            notes.add(new Finding(
                    SlbFindings.SOME_ABNORMAL,
                    SlbFindings.SOME_ABNORMAL.severity(),
                    down.size() + " of " + willing.size() + " servers of server group " + id + " are unhealthy",
                    evidence));
        }
        Vector<Json> usable = willing.reject(down::contains);
        Vector<Share> shares = shares(group, usable);
        return usable.zipWith(shares, (server, own) -> Branch.of(next(group, server, flow), times(share, own)));
    }

    private Vector<Share> shares(Json group, Vector<Json> servers) {
        String scheduler = group.textOr("", "Scheduler").toLowerCase(Locale.ROOT);
        if (servers.size() == 1) {
            return Vector.of(Share.all());
        }
        notes.add(Decision.chose(
                scheduler.equals("wrr")
                        ? "scheduler wrr: in proportion to the weights"
                        : scheduler.equals("rr")
                                ? "scheduler rr: in turn"
                                : "scheduler " + (scheduler.isEmpty() ? "(not given)" : scheduler)
                                        + ": which server is chosen depends on its load or on the client",
                group.evidence("Scheduler", "StickySessionConfig")));
        return scheduler.equals("wrr")
                ? Shares.byWeight(
                        servers.map(server -> (long) server.integer("Weight").getOrElse(100)))
                : scheduler.equals("rr") ? Shares.equal(servers.size()) : Shares.undefined(servers.size());
    }

    private static Share times(Share outer, Share inner) {
        return outer instanceof Share.Exact a && inner instanceof Share.Exact b
                ? new Share.Exact(a.value().times(b.value()))
                : Share.undefined();
    }

    private Location next(Json group, Json server, Flow flow) {
        Option<IpAddress> address = addressOf(server);
        Option<Integer> port = group.isTrue("AnyPortEnabled")
                ? Option.some(at.address().port())
                : server.integer("Port").filter(p -> p > 0 && p <= 65535);
        if (address.isEmpty() || port.isEmpty()) {
            String text = "the address of server " + label(server) + " is not known";
            return ending(
                    text,
                    Disposition.UNKNOWN,
                    Decision.unknown(text, balancers.responses().missing(dev.podpath.aliyun.response.Api.INSTANCES))
                            .with(Vector.of(seen(server))));
        }
        AddressPort to = new AddressPort(address.get(), port.get());
        boolean kept = lb.kind() == Kind.NLB && !listener.secure() && group.isTrue("PreserveClientIpEnabled");
        if (kept && flow.source().exists(source -> isServer(source, server, address.get()))) {
            String text = "server " + label(server)
                    + " is the client itself, and the load balancer keeps the client's address: the answer never comes back";
            notes.add(Finding.of(SlbFindings.HAIRPIN, text, seen(server)));
            return ending(text, Disposition.BLACKHOLED, Decision.denied(text, seen(server)));
        }
        Flow onward = onward(group, flow, kept);
        Option<AddressPort> before = flow.source().map(ip -> new AddressPort(ip, 0));
        Option<AddressPort> after = onward.source().map(ip -> new AddressPort(ip, 0));
        notes.add(Decision.translated(
                "server " + label(server) + " at " + to + " gets the connection"
                        + (kept ? " with the client's address kept" : " from an address of the load balancer"),
                new Translation(
                        lb.kind() == Kind.ALB || listener.secure()
                                ? Translation.Kind.PROXY_CONNECTION
                                : Translation.Kind.DNAT,
                        new Tuple(flow.protocol(), before, at.address()),
                        new Tuple(onward.protocol(), after, to)),
                seen(server)));
        return new NetworkAddress(to, onward, new Vantage.PrivateNetwork(lb.vpc()));
    }

    private static Flow adapted(Flow flow, String scheme) {
        return flow.http().map(http -> flow.with(http.over(scheme))).getOrElse(flow);
    }

    private Flow onward(Json group, Flow flow, boolean kept) {
        return plain(group, flow, kept)
                .handedOver(new Handover(
                        "the " + listener + " of " + lb.label(),
                        listener.json().isTrue("ProxyProtocolEnabled"),
                        new Handover.Told(
                                flow.source()
                                        .filter(ip -> lb.kind() == Kind.NLB
                                                ? listener.json().isTrue("ProxyProtocolEnabled")
                                                : listener.json()
                                                        .isTrue("XForwardedForConfig", "XForwardedForEnabled")),
                                listener.json().isTrue("XForwardedForConfig", "XForwardedForProtoEnabled")),
                        lb.kind() == Kind.NLB && flow.protocol() == Protocol.TCP
                                ? listener.json().integer("IdleTimeout")
                                : Option.none(),
                        lb.kind() == Kind.NLB ? Handover.Kind.RELAYED : Handover.Kind.OPENED,
                        Vector.of(listener.json().evidence("ListenerId", "ProxyProtocolEnabled", "IdleTimeout"))));
    }

    private Flow plain(Json group, Flow flow, boolean kept) {
        Flow from = kept ? flow : flow.fromUnknown();
        if (lb.kind() == Kind.NLB) {
            return listener.secure() ? adapted(from, "http") : from;
        }
        String scheme = group.textOr("HTTP", "Protocol").equalsIgnoreCase("HTTPS") ? "https" : "http";
        return adapted(new Flow(Protocol.TCP, from.source(), from.http()), scheme);
    }

    private boolean isServer(IpAddress source, Json server, IpAddress address) {
        return source.equals(address)
                || isInstance(server)
                        && ecs.interfacesAt(source, lb.vpc())
                                .exists(eni -> eni.instance().equals(server.text("ServerId")));
    }

    private static boolean isInstance(Json server) {
        return server.textOr("Ecs", "ServerType").equalsIgnoreCase("Ecs");
    }

    private Option<IpAddress> addressOf(Json server) {
        Option<IpAddress> named = server.text("ServerIp").flatMap(IpAddress::parse);
        String id = server.textOr("", "ServerId");
        return named.orElse(() -> IpAddress.parse(id))
                .orElse(() -> isInstance(server)
                        ? ecs.addressOf(id)
                        : ecs.networkInterface(id)
                                .flatMap(NetworkInterface::primaryAddress)
                                .map(PrivateIp::address));
    }

    private static boolean same(Json one, Json other) {
        return one.text("ServerId").equals(other.text("ServerId"))
                && agree(one, other, "Port")
                && agree(one, other, "ServerIp");
    }

    private static boolean agree(Json one, Json other, String field) {
        Option<String> a = one.text(field).filter(text -> !text.isBlank());
        Option<String> b = other.text(field).filter(text -> !text.isBlank());
        return a.isEmpty() || b.isEmpty() || a.equals(b);
    }

    private static Evidence seen(Json server) {
        return server.evidence("ServerId", "ServerIp", "ServerType", "Port", "Weight", "Status");
    }

    private static String label(Json server) {
        return server.textOr("", "ServerId")
                + server.integer("Port").map(port -> " port " + port).getOrElse("");
    }

    private Vector<Branch> fails(FindingCode code, String text, Evidence evidence, Share share) {
        notes.add(Finding.of(code, text, evidence));
        return end(text, Disposition.BLACKHOLED, Decision.notFound(text, evidence), share);
    }

    private static Vector<Branch> end(String title, Disposition disposition, Decision why, Share share) {
        return Vector.of(Branch.of(ending(title, disposition, why), share));
    }

    private static Ending ending(String title, Disposition disposition, Decision why) {
        return new Ending(
                HopKind.LOAD_BALANCER, title, disposition, Target.builder().build(), Vector.of(why));
    }
}
