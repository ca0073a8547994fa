package dev.podpath.aws.elb;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Response;
import dev.podpath.aws.ec2.Ec2;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.Flow;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Sends a request to the targets of a group: who is healthy, who is in the right zone, and how often each is chosen. */
final class Forwarding {
    private static final int SHOWN = 10;
    private static final int LOCATED = 40;
    private static final String CROSS_ZONE = "load_balancing.cross_zone.enabled";
    private static final String MINIMUM = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.";

    private final Elb elb;
    private final Ec2 ec2;
    private final Bindings bindings;
    private final LoadBalancer balancer;
    private final Listener listener;
    private final Entry entry;
    private final Flow flow;
    private final HopDraft draft;

    Forwarding(
            Elb elb,
            Ec2 ec2,
            Bindings bindings,
            LoadBalancer balancer,
            Listener listener,
            Entry entry,
            Flow flow,
            HopDraft draft) {
        this.elb = elb;
        this.ec2 = ec2;
        this.bindings = bindings;
        this.balancer = balancer;
        this.listener = listener;
        this.entry = entry;
        this.flow = flow;
        this.draft = draft;
    }

    /** The ways to the targets of the group with this ARN. */
    Vector<Branch> branches(String arn) {
        Option<TargetGroup> found = elb.targetGroup(arn);
        if (found.isEmpty()) {
            return ends(
                    Disposition.UNKNOWN,
                    Decision.unknown(
                            "target group " + (arn.isEmpty() ? "(without ARN)" : arn) + " was not captured",
                            Operation.TARGET_GROUPS.missing(balancer.arn().region())));
        }
        TargetGroup group = found.get();
        draft.add(Decision.found(
                "target group " + group.name() + " has targets of type " + group.type() + " and protocol "
                        + group.protocol(),
                group.evidence()));
        bindings.describe(group).forEach(draft::add);
        rivals(group);
        Option<Response> health = elb.health(group);
        if (health.isEmpty()) {
            return ends(
                    Disposition.UNKNOWN,
                    Decision.unknown(
                            "the targets of group " + group.name() + " were not captured",
                            Operation.TARGET_HEALTH.missing(
                                    group.arn().region(),
                                    group.name(),
                                    group.arn().text())));
        }
        return choose(group, health.get());
    }

    private void rivals(TargetGroup group) {
        Vector<Json> rivals = bindings.rivals(group);
        if (!rivals.isEmpty()) {
            draft.add(new Finding(
                    ElbFindings.TWO_SERVICES,
                    ElbFindings.TWO_SERVICES.severity(),
                    "target group " + group.name() + " is bound to services "
                            + rivals.map(Bindings::serviceName).mkString(" and "),
                    rivals.map(binding -> binding.at("spec").evidence())));
        }
    }

    private Vector<Branch> choose(TargetGroup group, Response health) {
        Vector<Target> targets =
                health.items().map(Target::new).distinctBy(target -> target.id() + " " + target.port());
        Option<Target> unread = targets.find(target -> target.health() == Target.Health.UNKNOWN);
        if (unread.isDefined()) {
            return ends(
                    Disposition.UNKNOWN,
                    Decision.unknown("the health of target " + unread.get().id() + " of group " + group.name() + " is '"
                                    + unread.get().state() + "', which is not known")
                            .with(Vector.of(unread.get().evidence(true))));
        }
        notInUse(targets);
        Attributes attributes = elb.attributes(group);
        int minimum = attributes.number(MINIMUM + "count").getOrElse(1);
        int percentage = attributes.number(MINIMUM + "percentage").getOrElse(0);
        boolean crossZone = crossZone(attributes);
        TargetChoice choice = crossZone
                ? TargetChoice.among(targets, minimum, percentage)
                : TargetChoice.zonal(targets.map(this::withZone), entry.zone(), balancer.zones(), minimum, percentage);
        skipped(targets, choice);
        new TargetTroubles(bindings, group, draft).look(targets);
        if (choice.used().isEmpty()) {
            return nobody(group, health, targets, crossZone);
        }
        if (choice.failOpen()) {
            failOpen(group, choice, attributes);
        }
        return ways(group, choice, attributes, crossZone);
    }

    /** Whether a load balancer's node in one zone also sends to targets in others. */
    private boolean crossZone(Attributes group) {
        Option<String> own = group.value(CROSS_ZONE).filter(value -> !value.equals("use_load_balancer_configuration"));
        if (own.isDefined()) {
            draft.add(Decision.found("cross-zone load balancing of the target group: " + own.get())
                    .with(group.evidence(CROSS_ZONE)));
            return own.contains("true");
        }
        if (balancer.isApplication()) {
            return true;
        }
        Attributes attributes = elb.attributes(balancer);
        if (!attributes.isCaptured()) {
            draft.assume("cross-zone load balancing of " + balancer.title() + " is off, as it is unless switched on");
        }
        boolean on = attributes.isTrue(CROSS_ZONE);
        draft.add(Decision.found("cross-zone load balancing is "
                        + (on ? "on" : "off: an address of a zone sends to" + " targets of that zone"))
                .with(attributes.evidence(CROSS_ZONE)));
        return on;
    }

    /** The same target with the zone of its instance or interface, where the target itself does not name one. */
    private TargetChoice.Placed withZone(Target target) {
        Option<String> zone = target.zone()
                .orElse(() -> ec2.instance(target.id()).flatMap(instance -> instance.zone()))
                .orElse(() ->
                        Targets.address(target, ec2).flatMap(ec2::interfaceAt).flatMap(eni -> eni.zone()));
        return new TargetChoice.Placed(target, zone);
    }

    private void notInUse(Vector<Target> targets) {
        Vector<Target> idle = targets.filter(target -> target.reason().equals("Target.NotInUse"));
        if (!idle.isEmpty()) {
            draft.add(new Finding(
                    ElbFindings.NOT_IN_USE,
                    ElbFindings.NOT_IN_USE.severity(),
                    idle.take(SHOWN).map(Target::title).mkString(", ") + "; zones of " + balancer.title() + ": "
                            + balancer.zones().mkString(", "),
                    evidence(idle)));
        }
    }

    private void skipped(Vector<Target> targets, TargetChoice choice) {
        java.util.Set<Target> used = choice.used().toJavaSet();
        Vector<Target> left = targets.reject(used::contains);
        Vector<Target> ill = left.reject(target -> target.health() == Target.Health.USED);
        if (!ill.isEmpty()) {
            draft.add(Decision.skipped("no new requests for "
                            + ill.take(SHOWN).map(Target::title).mkString(", ")
                            + (ill.size() > SHOWN ? " and " + (ill.size() - SHOWN) + " more" : ""))
                    .with(evidence(ill)));
        }
        Vector<Target> elsewhere = left.filter(target -> target.health() == Target.Health.USED);
        if (!elsewhere.isEmpty()) {
            draft.add(Decision.skipped(elsewhere.take(SHOWN).map(Target::id).mkString(", ")
                            + " cannot be chosen: in another zone than "
                            + entry.zone().getOrElse(() -> balancer.zones().mkString(", ")))
                    .with(evidence(elsewhere)));
        }
    }

    private Vector<Branch> nobody(TargetGroup group, Response health, Vector<Target> targets, boolean crossZone) {
        String zone = crossZone ? "" : entry.zone().map(z -> " in zone " + z).getOrElse("");
        String text = targets.isEmpty()
                ? "target group " + group.name() + " has no registered targets"
                : "none of the " + targets.size() + " targets of group " + group.name() + zone + " can take requests";
        Evidence shown = health.body().evidence(Operation.TARGET_HEALTH.field());
        draft.add(Finding.of(targets.isEmpty() ? ElbFindings.EMPTY : ElbFindings.NO_TARGET, text, shown));
        if (balancer.isApplication()) {
            return ends(Disposition.REJECTED, Decision.notFound(text + "; the load balancer answers 503", shown));
        }
        draft.limit("whether a network load balancer without targets refuses a connection or gives no answer is not"
                + " documented");
        return ends(Disposition.DROPPED, Decision.notFound(text, shown));
    }

    private void failOpen(TargetGroup group, TargetChoice choice, Attributes attributes) {
        String text = "too few targets of group " + group.name()
                + " are healthy, so health is ignored and requests go to all of "
                + choice.used().take(SHOWN).map(Target::title).mkString(", ");
        Vector<Evidence> shown = evidence(choice.used()).appendAll(attributes.evidence(MINIMUM + "count"));
        draft.add(Decision.chose(text).with(shown));
        draft.add(new Finding(ElbFindings.FAIL_OPEN, ElbFindings.FAIL_OPEN.severity(), text, shown));
    }

    private Vector<Branch> ways(TargetGroup group, TargetChoice choice, Attributes attributes, boolean crossZone) {
        Targets targets = new Targets(elb, ec2, bindings, balancer, listener, entry, flow, draft, group, attributes);
        Share share = share(choice.used().size(), attributes);
        Vector<String> conditions = conditions(choice, attributes);
        Vector<Branch> all = Vector.empty();
        for (int i = 0; i < choice.used().size(); i++) {
            Target target = choice.used().get(i);
            Vector<String> own = crossZone || entry.zone().isDefined()
                    ? conditions
                    : withZone(target)
                            .zone()
                            .map(zone -> "through the address in zone " + zone)
                            .toVector()
                            .appendAll(conditions);
            Option<String> condition =
                    choice.used().size() == 1 || own.isEmpty() ? Option.none() : Option.some(own.mkString("; "));
            Location to = targets.location(target, crossZone, i < LOCATED);
            all = all.append(new Branch(to, share, condition));
        }
        return all;
    }

    private Vector<String> conditions(TargetChoice choice, Attributes attributes) {
        if (choice.used().size() < 2 || !attributes.isTrue("stickiness.enabled")) {
            return Vector.empty();
        }
        return Vector.of(
                attributes.value("stickiness.type").contains("source_ip")
                        ? "first connection of a client address; later ones go to the same target"
                        : "without a cookie that names a target");
    }

    /** Round robin gives equal parts; flow hashes and outstanding requests do not say how often each is chosen. */
    private Share share(int count, Attributes attributes) {
        if (count == 1) {
            return Share.all();
        }
        if (balancer.isNetwork()) {
            draft.add(Decision.chose("the load balancer chooses one of " + count
                    + " targets by a hash of the connection; how often each is chosen is not defined"));
            return Share.undefined();
        }
        String algorithm = attributes.value("load_balancing.algorithm.type").getOrElse("round_robin");
        if (!attributes.isCaptured()) {
            draft.assume("the target group balances by round robin, as it does unless told otherwise");
        }
        boolean even = algorithm.equals("round_robin");
        draft.add(Decision.chose("the load balancer chooses one of " + count + " targets by " + algorithm
                        + (even ? ": each gets the same part" : "; how often each is chosen is not defined"))
                .with(attributes.evidence("load_balancing.algorithm.type")));
        return even ? Share.of(1, count) : Share.undefined();
    }

    private static Vector<Evidence> evidence(Vector<Target> targets) {
        return targets.take(SHOWN).map(target -> target.evidence(true));
    }

    private static Vector<Branch> ends(Disposition disposition, Decision why) {
        return Vector.of(Branch.all(new Ending(
                HopKind.LOAD_BALANCER,
                why.text(),
                disposition,
                dev.podpath.core.trace.Target.builder().build(),
                Vector.of(why))));
    }
}
