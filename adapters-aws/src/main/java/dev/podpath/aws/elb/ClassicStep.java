package dev.podpath.aws.elb;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Response;
import dev.podpath.aws.ec2.Ec2;
import dev.podpath.aws.ec2.NetworkAcls;
import dev.podpath.aws.ec2.SecurityGroups;
import dev.podpath.aws.ec2.Sender;
import dev.podpath.aws.ec2.TargetAddress;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.Handover;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * One connection at one classic load balancer: it always opens a connection of its own to an instance in service (Classic
 * Load Balancer guide, "Listeners for your Classic Load Balancer").
 */
final class ClassicStep {
    private static final int SHOWN = 10;

    private final Elb elb;
    private final Ec2 ec2;
    private final SecurityGroups groups;
    private final ClassicLoadBalancer balancer;
    private final Entry entry;
    private final String title;
    private final HopDraft draft;
    private final Border border;

    ClassicStep(
            Elb elb, Ec2 ec2, SecurityGroups groups, NetworkAcls acls, ClassicLoadBalancer balancer, Entry arriving) {
        this.elb = elb;
        this.ec2 = ec2;
        this.groups = groups;
        this.balancer = balancer;
        this.title = "classic load balancer " + balancer.name();
        boolean awayFromNode = arriving.vantage() instanceof Vantage.OnNode && !balancer.isInternal();
        this.entry = awayFromNode ? arriving.fromUnknown() : arriving;
        this.draft = new HopDraft(arriving.location(), HopKind.LOAD_BALANCER, title + " port " + arriving.port());
        this.border = new Border(ec2, acls, entry, title, draft);
        if (awayFromNode) {
            draft.limit("the way from the node to " + title
                    + " is not walked, so the address it sees the client with is not known");
        }
    }

    Resolution run() {
        draft.add(Decision.found(
                entry.address().map(address -> address + " belongs to ").getOrElse("") + title, balancer.evidence()));
        return Gate.scheme(balancer.isInternal(), entry, title, balancer.json().evidence("Scheme"), draft)
                .orElse(() -> border.crossed(balancer.subnets()))
                .orElse(() -> new Gate(groups, ec2).securityGroups(balancer.securityGroups(), entry, title, draft))
                .getOrElse(this::listener);
    }

    private Resolution listener() {
        Option<Json> found = entry.flow().protocol() == Protocol.TCP
                ? balancer.listeners()
                        .find(json -> json.integer("LoadBalancerPort").contains(entry.port()))
                : Option.none();
        if (found.isEmpty()) {
            String text =
                    title + " has no listener for " + entry.flow().protocol().lower() + " port " + entry.port();
            draft.add(Decision.notFound(text, balancer.json().evidence("LoadBalancerName", "ListenerDescriptions")));
            draft.add(Finding.of(ElbFindings.NO_LISTENER, text, balancer.evidence()));
            draft.limit("whether a client of a port without listener is refused or gets no answer is not documented");
            return draft.ends(Disposition.REJECTED);
        }
        Json listener = found.get();
        draft.add(Decision.found(
                title + " has a " + listener.textOr("?", "Protocol") + " listener on port " + entry.port()
                        + " that sends to port " + listener.textOr("?", "InstancePort") + " of instances",
                listener.evidence()));
        Option<Response> health = elb.health(balancer);
        if (health.isEmpty()) {
            draft.add(Decision.unknown(
                    "the health of the instances of " + title + " was not captured",
                    Operation.CLASSIC_INSTANCE_HEALTH.missing("REGION", balancer.name(), balancer.name())));
            return draft.ends(Disposition.UNKNOWN);
        }
        return instances(listener, health.get());
    }

    private Resolution instances(Json listener, Response health) {
        Vector<Json> serving = health.items()
                .filter(state -> state.textOr("", "State").equals("InService"))
                .distinctBy(state -> state.textOr("", "InstanceId"));
        Vector<Json> rest =
                health.items().filter(state -> !state.textOr("", "State").equals("InService"));
        if (!rest.isEmpty()) {
            draft.add(Decision.skipped("no requests for "
                            + rest.take(SHOWN)
                                    .map(state ->
                                            state.textOr("?", "InstanceId") + " (" + state.textOr("?", "State") + ")")
                                    .mkString(", "))
                    .with(rest.take(SHOWN).map(Json::evidence)));
        }
        if (serving.isEmpty()) {
            String text = "no instance of " + title + " is in service";
            draft.add(Decision.notFound(text, health.body().evidence("InstanceStates")));
            draft.add(Finding.of(ElbFindings.NO_TARGET, text, health.body().evidence("InstanceStates")));
            return draft.ends(Disposition.REJECTED);
        }
        boolean even = !listener.textOr("", "Protocol").startsWith("HTTP");
        Share share = serving.size() == 1 ? Share.all() : even ? Share.of(1, serving.size()) : Share.undefined();
        draft.add(Decision.chose("the load balancer chooses one of " + serving.size() + " instances in service by "
                + (even ? "round robin" : "least outstanding requests")));
        draft.assume("cross-zone load balancing of " + title + " is on");
        return draft.goes(border.goes(serving.map(state -> Branch.of(target(listener, state), share))));
    }

    /** HTTP listeners tell the client by headers of their own, others by the PROXY protocol. */
    private Handover.Told told(Json listener, boolean headed) {
        boolean web = listener.textOr("", "Protocol").startsWith("HTTP");
        return new Handover.Told(entry.flow().source().filter(ip -> web || headed), web);
    }

    private Location target(Json listener, Json state) {
        String instance = state.textOr("", "InstanceId");
        Option<IpAddress> address = ec2.addressOf(instance);
        Option<Integer> port = listener.integer("InstancePort").filter(p -> p > 0 && p <= 65535);
        if (address.isEmpty() || port.isEmpty()) {
            Decision why = Decision.unknown(
                    "the address of instance " + instance + " was not captured", Operation.INSTANCES.missing());
            return new Ending(
                    HopKind.LOAD_BALANCER,
                    why.text(),
                    Disposition.UNKNOWN,
                    Target.builder().build(),
                    Vector.of(why));
        }
        AddressPort to = new AddressPort(address.get(), port.get());
        Vector<IpAddress> senders = elb.inside(Elb.CLASSIC + balancer.name()).map(LoadBalancer.Front::address);
        Flow flow =
                senders.isEmpty() ? entry.flow().fromUnknown() : entry.flow().from(senders.head());
        boolean tls = listener.textOr("", "InstanceProtocol").endsWith("S")
                || listener.textOr("", "InstanceProtocol").equals("SSL");
        boolean ended = !listener.textOr("", "Protocol").equals("TCP");
        Option<Json> policy = balancer.proxyProtocol(port.get());
        Flow handed = flow.handedOver(new Handover(
                title,
                policy.isDefined(),
                told(listener, policy.isDefined()),
                Option.none(),
                ended ? Handover.Kind.OPENED : Handover.Kind.RELAYED,
                Vector.of(policy.map(Json::evidence).getOrElse(balancer.evidence()))));
        Flow onward = handed.http()
                .filter(http -> ended)
                .map(http -> handed.with(http.over(tls ? "https" : "http")))
                .getOrElse(handed);
        if (ec2.interfaceAt(to.address()).isDefined()) {
            return new TargetAddress(to, onward, new Sender(title, balancer.securityGroups(), senders), Option.none());
        }
        return new NetworkAddress(to, onward, new Vantage.PrivateNetwork(balancer.vpc()));
    }
}
