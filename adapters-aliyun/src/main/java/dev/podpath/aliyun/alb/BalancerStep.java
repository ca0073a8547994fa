package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.cluster.ServiceNames;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.security.Firewall;
import dev.podpath.aliyun.security.Traffic;
import dev.podpath.aliyun.slb.SlbFindings;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Target;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** One request at one load balancer: its state, the listener, security groups, access control; then its rules or group. */
final class BalancerStep {
    private final Balancers balancers;
    private final Ecs ecs;
    private final Firewall firewall;
    private final ServiceNames names;
    private final Balancer lb;
    private final NetworkAddress at;
    private final HopDraft notes;

    BalancerStep(Balancers balancers, Ecs ecs, Firewall firewall, ServiceNames names, Balancer lb, NetworkAddress at) {
        this.balancers = balancers;
        this.ecs = ecs;
        this.firewall = firewall;
        this.names = names;
        this.lb = lb;
        this.at = at;
        this.notes = new HopDraft(at, HopKind.LOAD_BALANCER, lb.label() + " " + at.address());
    }

    Resolution run() {
        notes.add(Decision.found(at.address().address() + " is an address of " + lb.label(), lb.evidence()));
        if (at.vantage() instanceof Vantage.Internet && !at.address().address().isPublic()) {
            return fails(
                    SlbFindings.PRIVATE_ADDRESS,
                    at.address().address() + " is a private address; the Internet has no route to it",
                    lb.evidence());
        }
        if (lb.isDown()) {
            return fails(
                    SlbFindings.LOAD_BALANCER_DOWN,
                    lb.label() + " is " + lb.status() + ", not active; it forwards nothing",
                    lb.evidence());
        }
        names.ofTags(lb.label(), lb.json()).forEach(notes::add);
        int port = at.address().port();
        Option<Listener> listener = balancers.listener(lb, port, at.flow().protocol());
        if (listener.isDefined()) {
            return listening(listener.get());
        }
        return balancers.knowsListeners(lb)
                ? fails(
                        SlbFindings.NO_LISTENER,
                        lb.label() + " has no listener for " + at.flow().protocol() + " port " + port,
                        lb.evidence())
                : notes.unknown(Decision.unknown(
                        "the listeners of " + lb.label() + " were not captured",
                        balancers.responses().missing(lb.kind().listeners(), Option.some(lb.region()), "", "")));
    }

    private Resolution listening(Listener listener) {
        if (listener.status().isEmpty()) {
            return notes.unknown(Decision.unknown("whether the " + listener + " runs was not captured")
                    .with(Vector.of(listener.evidence())));
        }
        if (!listener.isRunning()) {
            return fails(
                    SlbFindings.LISTENER_DOWN,
                    "the " + listener + " of " + lb.label() + " is " + listener.status() + "; it forwards nothing",
                    listener.evidence());
        }
        notes.add(Decision.found("the " + listener + " is running", listener.evidence()));
        named(listener);
        Flow flow = seen();
        Traffic traffic = new Traffic(
                true,
                flow.protocol(),
                at.address().address(),
                flow.source(),
                at.address().port());
        Option<Resolution> stopped =
                lb.securityGroups().isEmpty() ? Option.none() : firewall.byGroups(lb.securityGroups(), traffic, notes);
        return stopped.orElse(() -> new BalancerAcl(balancers, lb, listener, notes).check(flow.source()))
                .getOrElse(() -> onward(listener, flow));
    }

    /** What shows which service a listener is for. */
    private void named(Listener listener) {
        listener.json()
                .text("ListenerDescription")
                .flatMap(text ->
                        names.ofName("the " + listener, text, listener.json().evidence("ListenerDescription")))
                .forEach(notes::add);
        SlbFindings.twoServices(
                        names.claiming(lb.id(), at.address().port(), at.flow().protocol()),
                        "the " + listener + " of " + lb.label())
                .forEach(notes::add);
    }

    /** The client as the load balancer sees it: behind a public address, a private one cannot be. */
    private Flow seen() {
        Flow flow = at.flow();
        if (at.address().address().isPublic() && flow.source().exists(source -> !source.isPublic())) {
            notes.assume(
                    "the client " + flow.source().get() + " reaches the Internet through a NAT of its network; the "
                            + "load balancer sees the NAT's address, which is not known");
            return flow.fromUnknown();
        }
        return flow;
    }

    private Resolution onward(Listener listener, Flow flow) {
        boolean mismatch = lb.kind() == Kind.ALB
                && flow.http().exists(request -> request.scheme().equals("https") != listener.secure());
        if (mismatch) {
            String text = listener.secure()
                    ? "the listener expects TLS, and the request is plain HTTP"
                    : "the listener speaks plain HTTP, and the client begins TLS: the handshake fails";
            return notes.ends(
                    Disposition.REJECTED,
                    Decision.denied(text, listener.evidence()),
                    Target.builder()
                            .answer(listener.secure() ? Option.some("400") : Option.none())
                            .build());
        }
        GroupForwarding forwarding = new GroupForwarding(balancers, ecs, names, lb, listener, at, notes);
        if (lb.kind() == Kind.ALB) {
            return new AlbRules(balancers, lb, listener, notes, forwarding).choose(flow);
        }
        Option<String> group = listener.json().text("ServerGroupId").filter(id -> !id.isBlank());
        return group.isEmpty()
                ? notes.unknown(Decision.unknown("the " + listener + " names no server group")
                        .with(Vector.of(listener.evidence())))
                : forwarding.to(Vector.of(new GroupForwarding.Weighted(group.get(), 1)), flow);
    }

    private Resolution fails(FindingCode code, String text, Evidence evidence) {
        notes.add(Finding.of(code, text, evidence));
        return notes.ends(Disposition.BLACKHOLED, Decision.denied(text, evidence));
    }
}
