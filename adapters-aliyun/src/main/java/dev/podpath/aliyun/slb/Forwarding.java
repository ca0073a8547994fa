package dev.podpath.aliyun.slb;

import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.ecs.NetworkInterface;
import dev.podpath.aliyun.hop.Shares;
import dev.podpath.aliyun.response.Api;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.Handover;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Tuple;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.core.trace.Translation;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** How a listener spreads connections over servers, and what it makes of each connection. */
final class Forwarding {
    private final Slb slb;
    private final Ecs ecs;
    private final LoadBalancer lb;
    private final Listener listener;
    private final NetworkAddress at;
    private final Flow flow;
    private final HopDraft notes;

    /** Forwards a request; the flow's source is the client as the load balancer sees it. */
    Forwarding(Slb slb, Ecs ecs, LoadBalancer lb, Listener listener, NetworkAddress at, Flow flow, HopDraft notes) {
        this.slb = slb;
        this.ecs = ecs;
        this.lb = lb;
        this.listener = listener;
        this.at = at;
        this.flow = flow;
        this.notes = notes;
    }

    Vector<Branch> to(Vector<Servers.Usable> servers, String scheduler) {
        boolean probes = listener.kind() == Listener.Kind.TCP
                && !listener.text("HealthCheck").contains("off")
                && listener.text("HealthCheckType").contains("tcp");
        SilentProbes.of(
                        probes,
                        flow,
                        listener.isOn("ProxyProtocolV2Enabled"),
                        "the " + listener + " of " + lb.label(),
                        listener.evidence("HealthCheck", "HealthCheckType", "ProxyProtocolV2Enabled"))
                .forEach(notes::add);
        Vector<Share> shares = shares(servers, scheduler);
        Option<String> condition = condition(servers.size(), scheduler);
        return servers.zipWith(shares, (server, share) -> new Branch(next(server), share, condition));
    }

    private Vector<Share> shares(Vector<Servers.Usable> servers, String scheduler) {
        if (servers.size() == 1) {
            return Vector.of(Share.all());
        }
        if (scheduler.equals("wrr")) {
            notes.add(Decision.chose("scheduler wrr: connections in proportion to the weights", scheduled()));
            return Shares.byWeight(servers.map(server -> (long) server.backend().weight()));
        }
        if (scheduler.equals("rr")) {
            notes.add(Decision.chose("scheduler rr: connections in turn", scheduled()));
            return Shares.equal(servers.size());
        }
        String name = scheduler.isEmpty() ? "(not given)" : scheduler;
        notes.add(Decision.chose(
                "scheduler " + name + ": which server is chosen depends on its load or on the client", scheduled()));
        return Shares.undefined(servers.size());
    }

    private Evidence scheduled() {
        return listener.evidence("Scheduler", "PersistenceTimeout", "StickySession", "StickySessionType");
    }

    private Option<String> condition(int servers, String scheduler) {
        if (servers == 1) {
            return Option.none();
        }
        boolean sticky =
                listener.integer("PersistenceTimeout").exists(seconds -> seconds > 0) || listener.isOn("StickySession");
        String hash = scheduler.equals("sch")
                ? "hash of the source address"
                : scheduler.equals("tch") ? "hash of the connection's addresses" : "";
        String session = sticky ? "a client with a session keeps its server" : "";
        return Option.some(
                        Vector.of(hash, session).filter(part -> !part.isEmpty()).mkString("; "))
                .filter(text -> !text.isEmpty());
    }

    private Location next(Servers.Usable server) {
        Backend backend = server.backend();
        if (server.to().isEmpty()) {
            String text = "the address of server " + backend.label() + " is not known";
            Decision why = Decision.unknown(
                            text,
                            slb.responses()
                                    .missing(
                                            backend.isInstance() ? Api.INSTANCES : Api.NETWORK_INTERFACES,
                                            Option.some(lb.region()),
                                            "",
                                            ""))
                    .with(Vector.of(backend.evidence()));
            return ending(text, Disposition.UNKNOWN, why);
        }
        AddressPort to = server.to().get();
        if (isOwnClient(backend, to.address())) {
            String text =
                    "server " + backend.label() + " is the client itself; a layer 4 listener does not support that";
            Decision why = Decision.denied(text, backend.evidence());
            notes.add(Finding.of(SlbFindings.OWN_CLIENT, text, backend.evidence()));
            return ending(text, Disposition.BLACKHOLED, why);
        }
        Flow onward = onward();
        Tuple before = new Tuple(flow.protocol(), flow.source().map(Forwarding::anyPort), at.address());
        Tuple after = new Tuple(flow.protocol(), onward.source().map(Forwarding::anyPort), to);
        String text = listener.kind().isProxy()
                ? "the load balancer opens a connection of its own from 100.64.0.0/10 to server " + backend.label()
                        + ", over HTTP at " + to
                : "server " + backend.label() + " at " + to + " gets the connection"
                        + (onward.source().equals(flow.source()) ? " with the client's address kept" : "");
        notes.add(Decision.translated(
                        text,
                        new Translation(
                                listener.kind().isProxy() ? Translation.Kind.PROXY_CONNECTION : Translation.Kind.DNAT,
                                before,
                                after),
                        backend.evidence())
                .with(server.evidence()));
        return new NetworkAddress(to, onward, new Vantage.PrivateNetwork(vpcOf(backend)));
    }

    private Flow onward() {
        if (listener.kind().isProxy()) {
            Flow fresh = flow.fromUnknown();
            return flow.http()
                    .map(http -> fresh.with(http.over("http")))
                    .getOrElse(fresh)
                    .handedOver(handover(Handover.Kind.OPENED, Option.none(), "IdleTimeout"));
        }
        Flow seen = listener.isOn("FullNatEnabled") ? flow.fromUnknown() : flow;
        return listener.kind() == Listener.Kind.UDP
                ? seen.anew()
                : seen.handedOver(
                        handover(Handover.Kind.RELAYED, listener.integer("EstablishedTimeout"), "EstablishedTimeout"));
    }

    private Handover handover(Handover.Kind kind, Option<Integer> idle, String field) {
        return new Handover(
                "the " + listener + " of " + lb.label(),
                listener.isOn("ProxyProtocolV2Enabled"),
                new Handover.Told(
                        flow.source()
                                .filter(ip -> listener.isOn(
                                        listener.kind().isProxy() ? "XForwardedFor" : "ProxyProtocolV2Enabled")),
                        listener.isOn("XForwardedFor_proto")),
                idle,
                kind,
                Vector.of(listener.evidence("ProxyProtocolV2Enabled", field)));
    }

    private Option<String> vpcOf(Backend backend) {
        return backend.vpc()
                .orElse(() -> backend.isInstance()
                        ? ecs.vpcOf(backend.server())
                        : ecs.networkInterface(backend.server()).flatMap(NetworkInterface::vpc))
                .orElse(lb.vpc());
    }

    private boolean isOwnClient(Backend backend, IpAddress address) {
        if (listener.kind().isProxy() || flow.source().isEmpty()) {
            return false;
        }
        IpAddress source = flow.source().get();
        return source.equals(address)
                || backend.isInstance()
                        && ecs.interfacesAt(source, vpcOf(backend))
                                .exists(eni -> eni.instance().contains(backend.server()));
    }

    private static AddressPort anyPort(IpAddress address) {
        return new AddressPort(address, 0);
    }

    private static Ending ending(String title, Disposition disposition, Decision why) {
        return new Ending(
                HopKind.LOAD_BALANCER, title, disposition, Target.builder().build(), Vector.of(why));
    }
}
