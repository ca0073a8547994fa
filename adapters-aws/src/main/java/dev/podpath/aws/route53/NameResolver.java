package dev.podpath.aws.route53;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.ec2.Ec2;
import dev.podpath.aws.ec2.NetworkInterface;
import dev.podpath.aws.elb.Elb;
import dev.podpath.aws.elb.LoadBalancerResolver;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.LoadBalancerPort;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Resolves names in captured Route 53 zones, and the names of captured load balancers. */
public final class NameResolver implements HopResolver {
    private final Zones zones;
    private final Elb elb;
    private final HealthChecks checks;
    private final Wishes wishes;
    private final Ec2 ec2;
    private final Cluster cluster;

    /** Resolves from these documents. */
    public NameResolver(Zones zones, HealthChecks checks, Elb elb, Wishes wishes, Ec2 ec2, Cluster cluster) {
        this.checks = checks;
        this.wishes = wishes;
        this.ec2 = ec2;
        this.cluster = cluster;
        this.zones = zones;
        this.elb = elb;
    }

    @Override
    public String id() {
        return "aws.route53";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof DnsName;
    }

    @Override
    public Resolution resolve(Location location) {
        DnsName at = (DnsName) location;
        String host = Zone.plain(at.host());
        if (at.port() < 0 || at.port() > 65535 || host.length() > Zone.LONGEST_NAME) {
            return Resolution.declined();
        }
        Option<Elb.Named> named = elb.named(host);
        if (named.isDefined()) {
            HopDraft draft = new HopDraft(at, HopKind.DNS, host)
                    .add(Decision.found(
                            host + " is the name of a load balancer",
                            named.get().evidence()));
            return draft.goes(toLoadBalancer(named.get(), at));
        }
        Option<String> vpc = vpc(at);
        Vector<Zone> answering = zones.answering(host, at.vantage(), vpc);
        if (answering.isEmpty()) {
            return outside(host);
        }
        if (answering.size() > 1) {
            return Resolution.declined(Decision.unknown(answering.size() + " zones named "
                            + answering.head().name() + " were captured; which one answers is not known")
                    .with(answering.take(4).map(Zone::evidence)));
        }
        return inZone(answering.head(), host, at, vpc);
    }

    private Resolution outside(String host) {
        if (!Elb.isElbName(host)) {
            return Resolution.declined(Decision.notFound("no captured Route 53 zone holds " + host));
        }
        String[] labels = host.split("\\.", -1);
        String region = Vector.of(labels)
                .find(label -> label.matches("[a-z]{2}(-[a-z]+)+-[0-9]"))
                .getOrElse("REGION");
        return Resolution.declined(Decision.unknown(
                "no load balancer that was captured has the name " + host, Operation.LOAD_BALANCERS.missing(region)));
    }

    /** The VPC whose resolver is asked. */
    private Option<String> vpc(DnsName at) {
        if (at.vantage() instanceof Vantage.PrivateNetwork network) {
            return network.id();
        }
        if (at.vantage() instanceof Vantage.OnNode place) {
            return cluster.node(place.node())
                    .toVector()
                    .flatMap(Node::internalAddresses)
                    .flatMap(ec2::interfaceAt)
                    .flatMap(NetworkInterface::vpcId)
                    .headOption();
        }
        return Option.none();
    }

    private Resolution inZone(Zone zone, String host, DnsName at, Option<String> vpc) {
        if (!zone.isCaptured()) {
            return Resolution.declined(Decision.unknown(
                    "the record sets of zone " + zone.name() + " were not captured",
                    Operation.RECORD_SETS.missing("global", zone.id(), zone.id())));
        }
        Zone.Answer answer = zone.find(host);
        if (answer.kind() == Zone.Answer.Kind.DELEGATED) {
            return Resolution.declined(Decision.found("zone " + zone.name() + " delegates " + answer.owner()
                            + " to other name servers; that zone was not captured")
                    .with(answer.records().map(RecordSet::evidence)));
        }
        return new Step(zone, answer, host, at, vpc).run();
    }

    private Vector<Branch> toLoadBalancer(Elb.Named named, DnsName at) {
        Vector<IpAddress> published = elb.published(named.id());
        if (at.vantage() instanceof Vantage.OnNode && !published.isEmpty()) {
            Share share = published.size() == 1 ? Share.all() : Share.undefined();
            return published.map(address ->
                    Branch.of(new NetworkAddress(new AddressPort(address, at.port()), at.flow(), at.vantage()), share));
        }
        return Vector.of(Branch.all(
                new LoadBalancerPort(LoadBalancerResolver.PROVIDER, named.id(), at.port(), at.flow(), at.vantage())));
    }

    /** One name in one zone. */
    private final class Step {
        private final Zone zone;
        private final Zone.Answer answer;
        private final String host;
        private final DnsName at;
        private final Option<String> vpc;
        private final HopDraft draft;

        Step(Zone zone, Zone.Answer answer, String host, DnsName at, Option<String> vpc) {
            this.vpc = vpc;
            this.zone = zone;
            this.answer = answer;
            this.host = host;
            this.at = at;
            this.draft = new HopDraft(
                    at,
                    HopKind.DNS,
                    "Route 53 " + (zone.isPrivate() ? "private " : "") + "zone " + zone.name() + ": " + host);
        }

        Resolution run() {
            draft.add(Decision.found(
                    (zone.isPrivate() ? "private" : "public") + " zone " + zone.name() + " answers for " + host,
                    zone.evidence()));
            zones.elsewhere(host, at.vantage(), vpc)
                    .forEach(other -> draft.add(Decision.skipped(
                            "private zone " + other.name() + " (" + other.id() + ") is not associated with "
                                    + vpc.getOrElse("the VPC"),
                            other.association().map(Json::evidence).getOrElse(other.evidence()))));
            if (zone.isPrivate() && vpc.isDefined() && zone.association().isDefined()) {
                draft.add(Decision.found(
                        "private zone " + zone.name() + " is associated with " + vpc.get(),
                        zone.association().get().at("VPCs").evidence()));
            } else if (zone.isPrivate()) {
                draft.assume("private zone " + zone.name() + " is associated with the VPC the request comes from");
            }
            if (answer.kind() == Zone.Answer.Kind.NO_SUCH_NAME || answer.kind() == Zone.Answer.Kind.NO_DATA) {
                return nothing(
                        answer.kind() == Zone.Answer.Kind.NO_DATA ? "has no records" : "does not exist (NXDOMAIN)");
            }
            if (answer.kind() == Zone.Answer.Kind.WILDCARD) {
                draft.add(Decision.found(
                        host + " has no records of its own; " + answer.owner() + " matches it",
                        answer.records().head().evidence()));
            }
            Vector<RecordSet> names = ofType("CNAME");
            names.headOption().filter(set -> names.size() == 1).forEach(this::unrouted);
            return names.isEmpty()
                    ? addresses()
                    : draft.goes(new Routing(names, health()::of, this::canonical, draft).branches());
        }

        private Resolution addresses() {
            Vector<RecordSet> four = ofType("A");
            Vector<RecordSet> quad = ofType("AAAA");
            boolean six =
                    four.isEmpty() || !quad.isEmpty() && at.flow().source().exists(IpAddress::isV6);
            Vector<RecordSet> chosen = six ? quad : four;
            if (chosen.isEmpty()) {
                return nothing("has no A, AAAA or CNAME record");
            }
            Vector<RecordSet> other = six ? four : quad;
            if (!other.isEmpty()) {
                draft.assume("the client connects by " + (six ? "IPv6" : "IPv4"));
                draft.add(Decision.skipped(
                        "the " + other.head().type() + " record of " + host + " is not followed",
                        other.head().evidence()));
            }
            if (chosen.size() == 1) {
                unrouted(chosen.head());
                draft.add(Decision.found(
                        answer.owner() + " has " + (chosen.head().isAlias() ? "an alias " : "a ")
                                + chosen.head().type() + " record",
                        chosen.head().evidence()));
            }
            return draft.goes(new Routing(chosen, health()::of, this::targets, draft).branches());
        }

        private RecordHealth health() {
            return new RecordHealth(checks, elb, zone);
        }

        private Vector<RecordSet> ofType(String type) {
            return answer.records().filter(set -> set.type().equals(type));
        }

        private Resolution nothing(String what) {
            Evidence shown = answer.records().isEmpty()
                    ? zone.evidence()
                    : answer.records().head().evidence();
            if (zone.isTruncated()) {
                draft.add(Decision.unknown(
                        host + " is not among the record sets that were captured, but these are not all",
                        Operation.RECORD_SETS.missing("global", zone.id(), zone.id())));
                return draft.ends(Disposition.UNKNOWN);
            }
            String why = host + " " + what + " in zone " + zone.name();
            draft.add(Decision.notFound(why, shown));
            draft.add(Finding.of(Route53Findings.NO_NAME, why, shown));
            return draft.ends(Disposition.BLACKHOLED);
        }

        private Vector<Branch> canonical(RecordSet set) {
            if (set.isAlias()) {
                return alias(set);
            }
            Option<String> name = set.values().headOption();
            if (name.isEmpty()) {
                return unknown("the CNAME record of " + host + " has no value", set);
            }
            draft.add(Decision.found(host + " is another name of " + Zone.plain(name.get()), set.evidence()));
            staleName(name.get(), set);
            return Vector.of(Branch.all(follow(name.get())));
        }

        private Vector<Branch> targets(RecordSet set) {
            if (set.isAlias()) {
                return alias(set);
            }
            Vector<IpAddress> addresses = set.values().flatMap(IpAddress::parse).distinct();
            if (addresses.isEmpty()) {
                return unknown("the record of " + host + " has no address", set);
            }
            if (addresses.size() > 1) {
                draft.assume("the addresses of " + host + " are given in random order and the client takes the first");
            }
            return addresses.map(address -> Branch.of(
                    new NetworkAddress(new AddressPort(address, at.port()), at.flow(), at.vantage()),
                    Share.of(1, addresses.size())));
        }

        private Vector<Branch> alias(RecordSet set) {
            String target = set.json().text("AliasTarget", "DNSName").getOrElse("");
            Option<Elb.Named> named = elb.named(target);
            if (named.isDefined()) {
                draft.add(Decision.found(
                        "alias target " + Zone.plain(target) + " is a captured load balancer",
                        set.json().at("AliasTarget").evidence(),
                        named.get().evidence()));
                return toLoadBalancer(named.get(), at);
            }
            if (target.isEmpty()) {
                return unknown("the alias of " + host + " names no target", set);
            }
            draft.add(Decision.found(
                    "alias of " + Zone.plain(target),
                    set.json().at("AliasTarget").evidence()));
            staleName(target, set);
            return Vector.of(Branch.all(follow(Elb.isElbName(target) ? Elb.plainName(target) : target)));
        }

        private void unrouted(RecordSet set) {
            if (set.policy() != RecordSet.Policy.SIMPLE || set.setIdentifier().isDefined()) {
                return;
            }
            wishes.of(Zone.plain(host))
                    .headOption()
                    .forEach(wish -> draft.add(Finding.of(
                            Route53Findings.NOT_ROUTED,
                            wish.object() + " asks for a routed record of " + host + " (" + wish.policy() + ")"
                                    + (wish.identified() ? "" : " without a set identifier")
                                    + ", and the record is simple",
                            wish.evidence(),
                            set.evidence())));
        }

        private void staleName(String target, RecordSet set) {
            if (Elb.isElbName(target)
                    && elb.wouldHave(target)
                    && elb.named(target).isEmpty()) {
                draft.add(Finding.of(
                        Route53Findings.NO_LOAD_BALANCER,
                        "the record of " + host + " leads to " + Elb.plainName(target)
                                + ", which is none of the load balancers that were captured",
                        set.evidence()));
            }
        }

        /** The name in a record is absolute; inside a cluster that must be said, because short names are searched. */
        private Location follow(String name) {
            String plain = Zone.plain(name);
            return new DnsName(
                    at.vantage() instanceof Vantage.OnNode ? plain + "." : plain, at.port(), at.flow(), at.vantage());
        }

        private Vector<Branch> unknown(String why, RecordSet set) {
            Decision decision = Decision.unknown(why).with(Vector.of(set.evidence()));
            return Vector.of(Branch.all(new Ending(
                    HopKind.DNS, why, Disposition.UNKNOWN, Target.builder().build(), Vector.of(decision))));
        }
    }
}
