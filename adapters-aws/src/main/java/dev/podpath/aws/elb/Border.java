package dev.podpath.aws.elb;

import dev.podpath.aws.ec2.Ec2;
import dev.podpath.aws.ec2.Ec2Findings;
import dev.podpath.aws.ec2.NetworkAcls;
import dev.podpath.aws.ec2.NetworkInterface;
import dev.podpath.aws.ec2.SecurityGroups;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Ending;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The way of a connection into the subnets of a load balancer, whose network ACLs may stop it. A name of a load balancer stands
 * for an address in each subnet, which clients take equally often, so each subnet gets the same part.
 */
final class Border {
    private final Ec2 ec2;
    private final NetworkAcls acls;
    private final Entry entry;
    private final String title;
    private final HopDraft draft;

    private Vector<Branch> barred = Vector.empty();
    private Share rest = Share.all();

    Border(Ec2 ec2, NetworkAcls acls, Entry entry, String title, HopDraft draft) {
        this.ec2 = ec2;
        this.acls = acls;
        this.entry = entry;
        this.title = title;
        this.draft = draft;
    }

    /** The end where no subnet is reached, or it is not known whether one is; empty where one is. */
    Option<Resolution> crossed(Vector<LoadBalancer.Place> subnets) {
        Vector<LoadBalancer.Place> entered = entered(subnets);
        entered.flatMap(place -> acls.limit(Option.some(place.subnet())))
                .distinct()
                .forEach(draft::limit);
        if (entry.flow().source().isEmpty()) {
            boolean matters = entered.exists(place -> verdict(place).exists(verdict -> !verdict.isAllowed()));
            if (matters) {
                draft.limit("network ACLs of " + title + " are not evaluated for the source, which is not known");
            }
            return Option.none();
        }
        Vector<SecurityGroups.Verdict> verdicts = entered.flatMap(this::verdict);
        verdicts.filter(SecurityGroups.Verdict::isAllowed)
                .map(SecurityGroups.Verdict::decision)
                .distinct()
                .forEach(draft::add);
        Vector<SecurityGroups.Verdict> denied = verdicts.filter(SecurityGroups.Verdict::isDenied);
        Option<SecurityGroups.Verdict> doubtful = verdicts.find(verdict -> !verdict.isAllowed() && !verdict.isDenied());
        denied.forEach(verdict -> {
            draft.add(verdict.decision());
            draft.add(Finding.of(
                    Ec2Findings.NETWORK_ACL,
                    "to " + title + ": " + verdict.decision().text(),
                    verdict.evidence()));
        });
        if (doubtful.isDefined()) {
            draft.add(doubtful.get().decision());
            return Option.some(draft.ends(Disposition.UNKNOWN));
        }
        if (!denied.isEmpty() && denied.size() == entered.size()) {
            return Option.some(draft.ends(Disposition.DROPPED));
        }
        if (denied.isEmpty()) {
            return Option.none();
        }
        rest = Share.of(entered.size() - denied.size(), entered.size());
        barred = denied.map(verdict -> new Branch(
                stopped(verdict), Share.of(1, entered.size()), Option.some("into the subnet of that network ACL")));
        return Option.none();
    }

    /** The ways on, beside those that end here. */
    Vector<Branch> goes(Vector<Branch> onward) {
        return barred.isEmpty()
                ? onward
                : barred.appendAll(onward.map(
                        way -> way.isAside() ? way : new Branch(way.to(), rest.then(way.share()), way.condition())));
    }

    private Vector<LoadBalancer.Place> entered(Vector<LoadBalancer.Place> subnets) {
        Option<String> certain = entry.address().flatMap(ec2::interfaceAt).flatMap(NetworkInterface::subnetId);
        Vector<LoadBalancer.Place> known = subnets.filter(place -> certain.map(place.subnet()::equals)
                .getOrElse(() -> entry.zone().isEmpty()
                        || place.zone().isEmpty()
                        || place.zone().equals(entry.zone())));
        Option<String> own = entry.flow().source().flatMap(ec2::interfaceAt).flatMap(NetworkInterface::subnetId);
        return known.reject(place -> own.contains(place.subnet()));
    }

    private Option<SecurityGroups.Verdict> verdict(LoadBalancer.Place place) {
        Option<IpAddress> source = entry.flow().source();
        boolean six = entry.address().orElse(source).exists(IpAddress::isV6);
        return acls.inward(place.subnet(), source, six, entry.flow().protocol(), entry.port());
    }

    private Ending stopped(SecurityGroups.Verdict verdict) {
        Decision why = verdict.decision();
        return new Ending(
                HopKind.LOAD_BALANCER,
                why.text(),
                Disposition.DROPPED,
                Target.builder().build(),
                Vector.of(why));
    }
}
