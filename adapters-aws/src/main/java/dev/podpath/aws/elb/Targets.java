package dev.podpath.aws.elb;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.ec2.Ec2;
import dev.podpath.aws.ec2.Sender;
import dev.podpath.aws.ec2.TargetAddress;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.Handover;
import dev.podpath.core.location.LoadBalancerPort;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Tuple;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Translation;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Connects to a chosen target: which address, seen from which source, with which request. */
final class Targets {
    private static final String PRESERVE = "preserve_client_ip.enabled";

    private final Elb elb;
    private final Ec2 ec2;
    private final Bindings bindings;
    private final LoadBalancer balancer;
    private final Listener listener;
    private final Entry entry;
    private final Flow flow;
    private final HopDraft draft;
    private final TargetGroup group;
    private final boolean preserved;
    private final Option<Handover> handover;

    Targets(
            Elb elb,
            Ec2 ec2,
            Bindings bindings,
            LoadBalancer balancer,
            Listener listener,
            Entry entry,
            Flow flow,
            HopDraft draft,
            TargetGroup group,
            Attributes attributes) {
        this.elb = elb;
        this.ec2 = ec2;
        this.bindings = bindings;
        this.balancer = balancer;
        this.listener = listener;
        this.entry = entry;
        this.flow = flow;
        this.draft = draft;
        this.group = group;
        this.preserved = balancer.isNetwork() && preserves(group, attributes);
        this.handover = new Handovers(elb, balancer, listener).to(attributes, flow.source());
        if (balancer.isNetwork()) {
            draft.add(Decision.found(
                            preserved
                                    ? "targets see the client's address"
                                    : "targets see an address of the load balancer and not the client's")
                    .with(attributes.evidence(PRESERVE)));
            if (attributes.value(PRESERVE).isEmpty()) {
                draft.assume("client addresses are " + (preserved ? "" : "not ") + "preserved for target group "
                        + group.name() + ", as is the default for its type");
            }
            if (attributes.isTrue(Handovers.PROXY_PROTOCOL)) {
                draft.add(Decision.found("each connection to a target begins with a PROXY protocol version 2 header")
                        .with(attributes.evidence(Handovers.PROXY_PROTOCOL)));
            }
        }
    }

    /** The default is on, except for targets by address with TCP or TLS; for UDP it cannot be switched off. */
    private static boolean preserves(TargetGroup group, Attributes attributes) {
        boolean datagrams = group.protocol().equals("UDP") || group.protocol().equals("TCP_UDP");
        boolean byDefault = datagrams || !group.type().equals("ip");
        return datagrams || attributes.value(PRESERVE).map("true"::equals).getOrElse(byDefault);
    }

    /** The address a target is connected to at, where it is one. */
    static Option<IpAddress> address(Target target, Ec2 ec2) {
        return IpAddress.parse(target.id()).orElse(() -> ec2.addressOf(target.id()));
    }

    /** Where a request to this target goes. */
    Location location(Target target, boolean crossZone, boolean withLine) {
        Evidence shown = target.evidence(withLine);
        return switch (group.type()) {
            case "instance", "ip" -> connection(target, crossZone, shown);
            case "alb" ->
                new LoadBalancerPort(
                        LoadBalancerResolver.PROVIDER,
                        target.id(),
                        target.port().orElse(group.port()).getOrElse(entry.port()),
                        flow,
                        new Vantage.PrivateNetwork(balancer.vpc()));
            case "lambda" ->
                new Ending(
                        HopKind.LOAD_BALANCER,
                        "function " + target.id(),
                        Disposition.FIXED_RESPONSE,
                        dev.podpath.core.trace.Target.builder()
                                .answer(Option.some("what function " + target.id() + " answers"))
                                .build(),
                        Vector.of(Decision.chose("the load balancer calls function " + target.id(), shown)));
            default ->
                ends(
                        Disposition.UNKNOWN,
                        Decision.unknown("targets of type '" + group.type() + "' are not known")
                                .with(Vector.of(shown)));
        };
    }

    private Location connection(Target target, boolean crossZone, Evidence shown) {
        Option<IpAddress> address = address(target, ec2);
        Option<Integer> port = target.port().orElse(group.port()).filter(p -> p > 0 && p <= 65535);
        if (address.isEmpty() || port.isEmpty()) {
            return ends(
                    Disposition.UNKNOWN,
                    Decision.unknown(
                                    "the address of target " + target.id() + " was not captured",
                                    Operation.INSTANCES.missing(balancer.arn().region()))
                            .with(Vector.of(shown)));
        }
        AddressPort to = new AddressPort(address.get(), port.get());
        boolean keeps = preserved
                && flow.source().forAll(ip -> ip.isV6() == to.address().isV6());
        if (keeps && isSameInstance(target, to)) {
            return hairpin(to, shown);
        }
        Vector<IpAddress> own = senders(target, crossZone, to);
        Vector<IpAddress> senders = keeps ? Vector.empty() : own;
        Flow plain = adapted(keeps ? flow : seenFrom(senders)).anew();
        Flow onward = handover.map(plain::handedOver).getOrElse(plain);
        draft.add(chosen(target, to, onward, own, shown));
        if (ec2.interfaceAt(to.address()).isDefined()) {
            Sender sender = new Sender(balancer.title(), balancer.securityGroups(), senders);
            return new TargetAddress(to, onward, sender, bindings.service(group));
        }
        return new NetworkAddress(
                to, onward, new Vantage.PrivateNetwork(group.vpc().orElse(balancer.vpc())));
    }

    private boolean isSameInstance(Target target, AddressPort to) {
        Option<String> instance =
                target.id().startsWith("i-") ? Option.some(target.id()) : ec2.instanceAt(to.address());
        return flow.source()
                .exists(source -> source.equals(to.address())
                        || instance.isDefined() && ec2.instanceAt(source).equals(instance));
    }

    private Location hairpin(AddressPort to, Evidence shown) {
        String text = "the client " + flow.source().get() + " is on the instance of target " + to
                + " and its address is kept: the answer does not come back through the load balancer";
        draft.add(Finding.of(ElbFindings.HAIRPIN, text, shown));
        return ends(Disposition.DROPPED, Decision.denied(text, shown));
    }

    /** The addresses the load balancer may connect from: those of the zone entered, else of zones that reach the target. */
    private Vector<IpAddress> senders(Target target, boolean crossZone, AddressPort to) {
        Vector<LoadBalancer.Front> own = elb.inside(balancer.arn().text())
                .filter(front -> front.address().isV6() == to.address().isV6());
        Option<String> zone =
                target.zone().orElse(() -> ec2.interfaceAt(to.address()).flatMap(eni -> eni.zone()));
        Option<String> certain = entry.zone().orElse(crossZone ? Option.none() : zone);
        Vector<LoadBalancer.Front> possible = own.filter(front ->
                certain.isEmpty() || front.zone().isEmpty() || front.zone().equals(certain));
        return possible.sortBy(front -> front.zone().equals(zone) ? 0 : 1).map(LoadBalancer.Front::address);
    }

    private Flow seenFrom(Vector<IpAddress> senders) {
        if (senders.isEmpty()) {
            draft.limit("the addresses " + balancer.title() + " connects from were not captured");
            return flow.fromUnknown();
        }
        if (senders.size() > 1) {
            draft.assume(
                    balancer.title() + " connects to a target from its address in the target's zone; it may be any of "
                            + senders.sorted().mkString(", "));
        }
        return flow.from(senders.head());
    }

    /** Who ends TLS decides which scheme the targets see. */
    private Flow adapted(Flow onward) {
        boolean opensAnew = balancer.isApplication() || listener.endsTls();
        return onward.http()
                .filter(http -> opensAnew)
                .map(http -> onward.with(http.over(group.usesTls() ? "https" : "http")))
                .getOrElse(onward);
    }

    private Decision chosen(Target target, AddressPort to, Flow onward, Vector<IpAddress> senders, Evidence shown) {
        String text = "target " + target.title() + ": "
                + (balancer.isApplication() || listener.endsTls()
                        ? "the load balancer opens a connection of its own to "
                        : "the connection is sent on to ")
                + to;
        Option<IpAddress> front = entry.address().orElse(() -> senders.headOption());
        if (front.isEmpty()) {
            return Decision.chose(text, shown);
        }
        Translation translation = new Translation(
                balancer.isApplication() || listener.endsTls()
                        ? Translation.Kind.PROXY_CONNECTION
                        : Translation.Kind.DNAT,
                new Tuple(
                        flow.protocol(),
                        flow.source().map(ip -> new AddressPort(ip, 0)),
                        new AddressPort(front.get(), entry.port())),
                new Tuple(flow.protocol(), onward.source().map(ip -> new AddressPort(ip, 0)), to));
        return Decision.translated(text, translation, shown);
    }

    private static Location ends(Disposition disposition, Decision why) {
        return new Ending(
                HopKind.LOAD_BALANCER,
                why.text(),
                disposition,
                dev.podpath.core.trace.Target.builder().build(),
                Vector.of(why));
    }
}
