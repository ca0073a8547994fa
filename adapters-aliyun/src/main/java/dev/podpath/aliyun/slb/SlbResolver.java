package dev.podpath.aliyun.slb;

import dev.podpath.aliyun.cluster.ServiceNames;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Takes a request through a CLB instance: its state, the listener, access control, forwarding rules, servers. */
public final class SlbResolver implements HopResolver {
    private final Slb slb;
    private final Ecs ecs;
    private final ServiceNames names;

    /** Resolves with these instances and the addresses of their servers. */
    public SlbResolver(Slb slb, Ecs ecs, Cluster cluster) {
        this.slb = slb;
        this.ecs = ecs;
        this.names = new ServiceNames(cluster);
    }

    @Override
    public String id() {
        return "aliyun.slb";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof NetworkAddress at && !(at.vantage() instanceof Vantage.OnNode);
    }

    @Override
    public Resolution resolve(Location location) {
        NetworkAddress at = (NetworkAddress) location;
        Option<LoadBalancer> lb = slb.at(at.address().address());
        if (lb.isEmpty()) {
            return notHere(at);
        }
        return new Step(at, lb.get()).run();
    }

    private Resolution notHere(NetworkAddress at) {
        Responses responses = slb.responses();
        if (!responses.captured(Api.LOAD_BALANCERS)) {
            Decision why = Decision.unknown(
                    "whether " + at.address().address() + " is a load balancer is not known: they were not captured",
                    responses.missing(Api.LOAD_BALANCERS));
            boolean askedInVain = responses.isLacking(Api.LOAD_BALANCERS)
                    && at.address().address().isPublic();
            return askedInVain
                    ? new HopDraft(at, HopKind.LOAD_BALANCER, "whoever has " + at.address()).unknown(why)
                    : Resolution.declined(why);
        }
        Evidence list = responses
                .of(Api.LOAD_BALANCERS)
                .head()
                .body()
                .at("LoadBalancers")
                .evidence();
        return Resolution.declined(Decision.notFound(
                "no CLB instance has the address " + at.address().address(),
                Evidence.document(list.document(), slb.loadBalancers().size() + " load balancers")));
    }

    /** One request at one instance. */
    private final class Step {
        private final NetworkAddress at;
        private final LoadBalancer lb;
        private final HopDraft notes;

        Step(NetworkAddress at, LoadBalancer lb) {
            this.at = at;
            this.lb = lb;
            this.notes = new HopDraft(at, HopKind.LOAD_BALANCER, lb.label() + " " + at.address());
        }

        Resolution run() {
            notes.add(Decision.found(
                    at.address().address() + " is the address of CLB " + lb.label() + ", "
                            + (lb.internet() ? "internet" : "intranet"),
                    lb.evidence()));
            if (at.vantage() instanceof Vantage.Internet
                    && !lb.internet()
                    && !lb.address().isPublic()) {
                return fails(
                        SlbFindings.PRIVATE_ADDRESS,
                        lb.address() + " is a private address; the Internet has no route to it",
                        lb.evidence());
            }
            if (lb.isDown()) {
                return fails(
                        SlbFindings.LOAD_BALANCER_DOWN,
                        lb.label() + " is " + lb.status() + ", not active; it forwards nothing",
                        lb.evidence());
            }
            assumeRoute();
            names.ofTags(lb.label(), lb.json()).forEach(notes::add);
            Option<Listener> listener =
                    slb.listener(lb, at.address().port(), at.flow().protocol());
            return listener.isDefined() ? listening(listener.get()) : noListener();
        }

        private void assumeRoute() {
            if (at.vantage() instanceof Vantage.PrivateNetwork network
                    && !lb.internet()
                    && !network.id().equals(lb.vpc())) {
                String vpc = lb.vpc().map(id -> "VPC " + id).getOrElse("the load balancer's VPC");
                notes.assume(network.id().map(id -> "network " + id).getOrElse("the client's network")
                        + " is routed to " + vpc);
            }
        }

        /** The client as the load balancer sees it: behind a public address, a private one cannot be. */
        private Flow seen() {
            Flow flow = at.flow();
            Option<IpAddress> source = flow.source();
            if (lb.internet() && source.exists(address -> !address.isPublic())) {
                notes.assume("the client " + source.get() + " reaches the Internet through a NAT of its network; the "
                        + "load balancer sees the NAT's address, which is not known");
                return flow.fromUnknown();
            }
            return flow;
        }

        private Resolution noListener() {
            int port = at.address().port();
            String what = at.flow().protocol() + " port " + port;
            Option<Json> declared = slb.declared(lb, port, at.flow().protocol());
            if (declared.isDefined()) {
                Option<Listener.Kind> kind = Listener.Kind.of(Slb.protocolOf(declared.get()));
                return notes.unknown(Decision.unknown(
                                "the listener of " + what + " exists, but what it does was not captured",
                                missingListener(kind.getOrElse(Listener.Kind.TCP)))
                        .with(Vector.of(declared.get().evidence())));
            }
            if (!slb.knowsListeners(lb)) {
                Missing attribute = slb.responses()
                        .missing(Api.LOAD_BALANCER, Option.some(lb.region()), lb.id(), "--LoadBalancerId " + lb.id());
                Listener.Kind likely = at.flow().protocol() == Protocol.UDP ? Listener.Kind.UDP : Listener.Kind.TCP;
                return notes.unknown(Decision.unknown(
                        "the listeners of " + lb.label() + " were not captured", attribute, missingListener(likely)));
            }
            Evidence list = slb.attribute(lb)
                    .map(json -> json.at("ListenerPortsAndProtocol").evidence())
                    .getOrElse(lb::evidence);
            return fails(SlbFindings.NO_LISTENER, lb.label() + " has no listener for " + what, list);
        }

        private Missing missingListener(Listener.Kind kind) {
            Api api = kind == Listener.Kind.UDP
                    ? Api.UDP_LISTENER
                    : kind == Listener.Kind.HTTP
                            ? Api.HTTP_LISTENER
                            : kind == Listener.Kind.HTTPS ? Api.HTTPS_LISTENER : Api.TCP_LISTENER;
            int port = at.address().port();
            return slb.responses()
                    .missing(
                            api,
                            Option.some(lb.region()),
                            lb.id() + "." + port,
                            "--LoadBalancerId " + lb.id() + " --ListenerPort " + port);
        }

        private Resolution listening(Listener listener) {
            Evidence state = listener.evidence("ListenerPort", "Status", "Description", "VServerGroupId");
            if (listener.status().isEmpty()) {
                return notes.unknown(Decision.unknown("whether the " + listener + " runs was not captured")
                        .with(Vector.of(state)));
            }
            if (!listener.isRunning()) {
                return fails(
                        SlbFindings.LISTENER_DOWN,
                        "the " + listener + " of " + lb.label() + " is " + listener.status() + "; it forwards nothing",
                        state);
            }
            notes.add(Decision.found("the " + listener + " is running", state));
            listener.text("Description")
                    .flatMap(text -> names.ofName("the " + listener, text, listener.evidence("Description")))
                    .forEach(notes::add);
            SlbFindings.twoServices(
                            names.claiming(
                                    lb.id(), at.address().port(), at.flow().protocol()),
                            "the " + listener + " of " + lb.label())
                    .forEach(notes::add);
            Flow flow = seen();
            Option<Resolution> stopped = new AccessControl(slb, lb, listener, notes).check(flow.source());
            if (stopped.isDefined()) {
                return stopped.get();
            }
            return listener.kind().isProxy()
                    ? new HttpStep(slb, lb, listener, at, notes).check().getOrElse(() -> chooseGroup(listener, flow))
                    : forward(listener, flow, Option.none());
        }

        private Resolution chooseGroup(Listener listener, Flow flow) {
            return new HttpStep(slb, lb, listener, at, notes)
                    .rule()
                    .fold(why -> notes.unknown(why), rule -> forward(listener, flow, rule));
        }

        private Resolution forward(Listener listener, Flow flow, Option<Json> rule) {
            Option<String> ofRule = rule.flatMap(r -> r.text("VServerGroupId")).filter(text -> !text.isBlank());
            if (rule.isDefined() && ofRule.isEmpty()) {
                return notes.unknown(Decision.unknown("the forwarding rule names no server group")
                        .with(Vector.of(rule.get().evidence())));
            }
            Option<String> id = ofRule.orElse(() -> listener.text("VServerGroupId"));
            Option<String> pair = listener.text("MasterSlaveServerGroupId");
            Option<ServerGroup> group = id.isDefined()
                    ? slb.group(id.get())
                    : pair.isDefined() ? slb.activeStandbyGroup(pair.get()) : slb.defaultGroup(lb);
            if (group.isEmpty()) {
                return notes.unknown(Decision.unknown(
                        "the servers behind the " + listener + " were not captured", missingGroup(id, pair)));
            }
            notes.add(Decision.chose(
                    "the " + listener + " forwards to " + group.get().label(),
                    group.get().evidence()));
            names.ofName(group.get().label(), group.get().name(), group.get().evidence())
                    .forEach(notes::add);
            if (listener.isOn("ProxyProtocolV2Enabled")) {
                notes.add(Decision.found(
                        "the listener sends the PROXY protocol (version 2) to the servers, which must expect it",
                        listener.evidence("ProxyProtocolV2Enabled")));
            }
            String scheduler = rule.filter(r -> r.text("ListenerSync").contains("off"))
                    .flatMap(r -> r.text("Scheduler"))
                    .filter(text -> !text.isBlank())
                    .getOrElse(listener::scheduler);
            Forwarding forwarding = new Forwarding(slb, ecs, lb, listener, at, flow, notes);
            return new Servers(slb, ecs, lb, listener, notes, names)
                    .of(group.get())
                    .fold(
                            refusal -> notes.ends(
                                    refusal.unknown() ? Disposition.UNKNOWN : Disposition.BLACKHOLED, refusal.why()),
                            servers -> notes.goes(forwarding.to(servers, scheduler)));
        }

        private Missing missingGroup(Option<String> id, Option<String> pair) {
            Option<String> region = Option.some(lb.region());
            if (id.isDefined()) {
                return slb.responses().missing(Api.SERVER_GROUP, region, id.get(), "--VServerGroupId " + id.get());
            }
            return pair.isDefined()
                    ? slb.responses()
                            .missing(
                                    Api.MASTER_SLAVE_GROUP,
                                    region,
                                    pair.get(),
                                    "--MasterSlaveServerGroupId " + pair.get())
                    : slb.responses().missing(Api.LOAD_BALANCER, region, lb.id(), "--LoadBalancerId " + lb.id());
        }

        private Resolution fails(FindingCode code, String text, Evidence evidence) {
            notes.add(Finding.of(code, text, evidence));
            return notes.ends(Disposition.BLACKHOLED, Decision.denied(text, evidence));
        }
    }
}
