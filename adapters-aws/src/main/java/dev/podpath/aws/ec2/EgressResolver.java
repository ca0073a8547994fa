package dev.podpath.aws.ec2;

import dev.podpath.aws.document.Operation;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Tuple;
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
import dev.podpath.core.trace.Translation;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * The way out of a VPC: subnet, route table, route, and the address the other side sees. Sources: Amazon VPC User Guide,
 * "Route priority", "NAT gateways", "Internet gateways".
 */
public final class EgressResolver implements HopResolver {
    private final Ec2 ec2;
    private final SecurityGroups groups;
    private final NetworkAcls acls;
    private final Vpc vpc;
    private final Cluster cluster;

    /** Resolves from these documents. */
    public EgressResolver(Ec2 ec2, SecurityGroups groups, NetworkAcls acls, Vpc vpc, Cluster cluster) {
        this.ec2 = ec2;
        this.groups = groups;
        this.acls = acls;
        this.vpc = vpc;
        this.cluster = cluster;
    }

    @Override
    public String id() {
        return "aws.vpc";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof Outbound;
    }

    @Override
    public Resolution resolve(Location location) {
        Outbound at = (Outbound) location;
        Either<Decision, Vpc.Place> place = vpc.place(at.source());
        if (place.isLeft()) {
            return Resolution.declined(place.getLeft());
        }
        return new Step(at, place.get()).run();
    }

    /** One packet on its way out. */
    private final class Step {
        private final Outbound at;
        private final IpAddress destination;
        private final Vpc.Place place;
        private final Either<Decision, Vpc.Table> table;
        private final Option<Route> route;
        private final HopDraft draft;

        Step(Outbound at, Vpc.Place place) {
            this.at = at;
            this.destination = at.destination().address();
            this.place = place;
            this.table = vpc.table(place);
            this.route = table.toOption().flatMap(found -> found.table().route(destination));
            boolean nat = route.exists(r -> r.isUsable() && r.kind() == Route.Kind.NAT_GATEWAY);
            String title = nat
                    ? "NAT gateway " + route.flatMap(Route::nextHop).getOrElse("")
                    : "subnet " + place.subnet() + ": " + at.source() + " to " + at.destination();
            this.draft = new HopDraft(at, nat ? HopKind.NAT : HopKind.ROUTE, title);
        }

        Resolution run() {
            draft.add(place.why());
            masqueraded();
            Option<Resolution> stopped = securityGroups();
            if (stopped.isDefined()) {
                return stopped.get();
            }
            boolean beside = ec2.interfaceAt(destination)
                    .flatMap(NetworkInterface::subnetId)
                    .contains(place.subnet());
            if (!beside) {
                acls.limit(Option.some(place.subnet())).forEach(draft::limit);
                Option<Resolution> barred = barred(acls.outward(
                        place.subnet(),
                        destination,
                        at.flow().protocol(),
                        at.destination().port()));
                if (barred.isDefined()) {
                    return barred.get();
                }
            }
            if (table.isLeft()) {
                return draft.add(table.getLeft()).ends(Disposition.UNKNOWN, Target.at(at.destination()));
            }
            RouteTable routes = table.get().table();
            draft.add(table.get().why());
            if (!routes.openLists().isEmpty()) {
                draft.limit(
                        "the entries of the prefix lists " + routes.openLists().mkString(", ")
                                + " were not captured; route table " + routes.id() + " may send " + destination
                                + " by a route for one of them");
            }
            if (route.isEmpty() || !route.get().isUsable()) {
                return nowhere(routes);
            }
            draft.add(Decision.chose(
                    "of the routes for " + destination + " the one for "
                            + route.get().prefix()
                            + " has the longest prefix: next hop "
                            + route.get().nextHop().getOrElse("(none)"),
                    route.get().evidence()));
            return follow(route.get());
        }

        /** Tells what it means that the node gave the packet an address of its own instead of the pod's. */
        private void masqueraded() {
            Option<Pod> pod = at.sourceBefore().flatMap(cluster::podWithOwnAddress);
            if (pod.isEmpty()) {
                return;
            }
            IpAddress before = at.sourceBefore().get();
            String who = "pod " + pod.get().id() + " at " + before;
            Option<IpAddress> own = ec2.publicOf(before);
            if (!destination.isPublic()) {
                draft.add(Finding.of(
                        Ec2Findings.NODE_IS_SEEN,
                        destination + " sees " + at.source() + ", not " + who,
                        pod.get().evidence()));
            } else if (own.isDefined() && !own.equals(ec2.publicOf(at.source()))) {
                draft.add(Finding.of(
                        Ec2Findings.UNUSED_ADDRESS,
                        who + " has the elastic address " + own.get() + ", but leaves as " + at.source(),
                        ec2.publicAddress(own.get()).get().evidence(),
                        pod.get().evidence()));
            }
        }

        private Option<Resolution> securityGroups() {
            Vector<String> own =
                    place.eni().flatMap(NetworkInterface::securityGroups).getOrElse(Vector.empty());
            if (own.isEmpty()) {
                return Option.none();
            }
            SecurityGroups.Verdict verdict = groups.outbound(
                    own,
                    ec2.peer(destination),
                    at.flow().protocol(),
                    at.destination().port());
            draft.add(verdict.decision());
            if (verdict.isAllowed()) {
                return Option.none();
            }
            if (verdict.isDenied()) {
                draft.add(Finding.of(
                        Ec2Findings.SECURITY_GROUP,
                        "no security group of the interface of " + at.source() + " lets it connect to "
                                + at.destination(),
                        verdict.evidence()));
            }
            return Option.some(draft.ends(
                    verdict.isDenied() ? Disposition.DROPPED : Disposition.UNKNOWN, Target.at(at.destination())));
        }

        /** The end where the network ACL of a subnet does not let the connection cross its border, or may not. */
        private Option<Resolution> barred(Option<SecurityGroups.Verdict> verdict) {
            if (verdict.isEmpty()) {
                return Option.none();
            }
            draft.add(verdict.get().decision());
            if (verdict.get().isAllowed()) {
                return Option.none();
            }
            if (verdict.get().isDenied()) {
                draft.add(Finding.of(
                        Ec2Findings.NETWORK_ACL,
                        at.source() + " to " + at.destination() + ": "
                                + verdict.get().decision().text(),
                        verdict.get().evidence()));
            }
            return Option.some(draft.ends(
                    verdict.get().isDenied() ? Disposition.DROPPED : Disposition.UNKNOWN, Target.at(at.destination())));
        }

        /** Into the NAT gateway's subnet, and out of it again. */
        private Option<Resolution> barredAtGateway(Json nat) {
            Option<String> subnet = nat.text("SubnetId").filter(id -> !id.equals(place.subnet()));
            if (subnet.isEmpty()) {
                return Option.none();
            }
            acls.limit(subnet).forEach(draft::limit);
            int port = at.destination().port();
            return barred(acls.inward(
                            subnet.get(),
                            Option.some(at.source()),
                            at.source().isV6(),
                            at.flow().protocol(),
                            port))
                    .orElse(() -> barred(
                            acls.outward(subnet.get(), destination, at.flow().protocol(), port)));
        }

        private Resolution nowhere(RouteTable routes) {
            Evidence shown =
                    route.map(Route::evidence).getOrElse(() -> routes.json().evidence("RouteTableId", "Routes"));
            String why = route.isEmpty()
                    ? "route table " + routes.id() + " has no route for " + destination
                    : "the route for " + route.get().prefix() + " in route table " + routes.id() + " is in state "
                            + route.get().json().textOr("active", "State") + ": its next hop is gone";
            draft.add(Decision.notFound(why, shown));
            draft.add(Finding.of(Ec2Findings.NO_ROUTE, why, shown));
            return draft.ends(Disposition.BLACKHOLED, Target.at(at.destination()));
        }

        private Resolution follow(Route chosen) {
            if (chosen.kind() == Route.Kind.LOCAL) {
                return draft.goes(Vector.of(Branch.all(new NetworkAddress(
                        at.destination(), at.flow().from(at.source()), new Vantage.PrivateNetwork(place.vpc())))));
            }
            if (chosen.kind() == Route.Kind.NAT_GATEWAY) {
                return natGateway(chosen.nextHop().getOrElse(""));
            }
            if (chosen.kind() == Route.Kind.INTERNET_GATEWAY) {
                return internetGateway(chosen);
            }
            if (chosen.kind() == Route.Kind.EGRESS_ONLY_GATEWAY) {
                return draft.goes(Vector.of(Branch.all(outside(at.source()))));
            }
            draft.add(Decision.unknown(
                    "the next hop " + chosen.nextHop().getOrElse("(none)") + " is outside what was captured"));
            return draft.ends(Disposition.UNKNOWN, Target.at(at.destination()));
        }

        private Resolution internetGateway(Route chosen) {
            if (!destination.isPublic()) {
                draft.add(Decision.denied(
                        "an Internet gateway does not forward to the private address " + destination,
                        chosen.evidence()));
                return draft.ends(Disposition.BLACKHOLED, Target.at(at.destination()));
            }
            if (at.source().isV6()) {
                return draft.goes(Vector.of(Branch.all(outside(at.source()))));
            }
            Option<IpAddress> exit = ec2.publicOf(at.source());
            if (exit.isDefined()) {
                PublicAddress owned = ec2.publicAddress(exit.get()).get();
                draft.add(Decision.translated(
                        "the Internet gateway translates " + at.source() + " to " + exit.get(),
                        translation(exit.get()),
                        owned.evidence()));
                return leave(exit.get());
            }
            if (place.eni().isEmpty()) {
                draft.add(Decision.unknown(
                        "whether " + at.source() + " has a public address is not known",
                        Operation.NETWORK_INTERFACES.missing()));
                return draft.ends(Disposition.UNKNOWN, Target.at(at.destination()));
            }
            String why = "subnet " + place.subnet() + " sends " + destination + " to "
                    + chosen.nextHop().getOrElse("") + ", but " + at.source() + " has no public address";
            Evidence shown = place.eni().get().evidence(at.source());
            draft.add(Decision.denied(why, chosen.evidence(), shown));
            draft.add(Finding.of(Ec2Findings.NO_PUBLIC_ADDRESS, why, chosen.evidence(), shown));
            return draft.ends(Disposition.BLACKHOLED, Target.at(at.destination()));
        }

        private Resolution natGateway(String id) {
            Option<Json> found = vpc.natGateway(id);
            if (found.isEmpty()) {
                draft.add(
                        Decision.unknown("NAT gateway " + id + " was not captured", Operation.NAT_GATEWAYS.missing()));
                return draft.ends(Disposition.UNKNOWN, Target.at(at.destination()));
            }
            Json nat = found.get();
            String state = nat.textOr("available", "State");
            if (!state.equals("available")) {
                String why = "NAT gateway " + id + " is in state " + state;
                draft.add(Decision.denied(why, nat.evidence("NatGatewayId", "State")));
                draft.add(Finding.of(Ec2Findings.NO_ROUTE, why, nat.evidence("NatGatewayId", "State")));
                return draft.ends(Disposition.BLACKHOLED, Target.at(at.destination()));
            }
            boolean isPrivate = nat.textOr("public", "ConnectivityType").equals("private");
            Vector<Json> addresses = nat.items("NatGatewayAddresses")
                    .filter(entry -> entry.textOr("succeeded", "Status").equals("succeeded"));
            Vector<IpAddress> exits = addresses
                    .flatMap(entry -> entry.text(isPrivate ? "PrivateIp" : "PublicIp"))
                    .flatMap(IpAddress::parse)
                    .distinct();
            if (exits.isEmpty()) {
                draft.add(Decision.unknown(
                        "NAT gateway " + id + " has no address in use in what was captured",
                        Operation.NAT_GATEWAYS.missing()));
                return draft.ends(Disposition.UNKNOWN, Target.at(at.destination()));
            }
            Option<Resolution> barred = barredAtGateway(nat);
            if (barred.isDefined()) {
                return barred.get();
            }
            for (Json entry : addresses.take(16)) {
                entry.text(isPrivate ? "PrivateIp" : "PublicIp")
                        .flatMap(IpAddress::parse)
                        .forEach(exit -> draft.add(Decision.translated(
                                "NAT gateway " + id + " translates " + at.source() + " to " + exit,
                                translation(exit),
                                entry.evidence())));
            }
            several(id, exits, nat);
            return isPrivate ? throughPrivate(exits) : throughPublic(nat, exits);
        }

        private void several(String id, Vector<IpAddress> exits, Json nat) {
            if (exits.size() > 1) {
                draft.add(Finding.of(
                        Ec2Findings.SEVERAL_EXITS,
                        "connections through NAT gateway " + id + " are seen as any of " + exits.mkString(", "),
                        nat.evidence("NatGatewayId", "NatGatewayAddresses")));
            }
        }

        /** A private NAT gateway sends on by the route table of its own subnet. */
        private Resolution throughPrivate(Vector<IpAddress> exits) {
            return draft.goes(exits.map(exit -> Branch.of(
                    new Outbound(at.node(), exit, at.destination(), at.flow().from(exit)), share(exits.size()))));
        }

        private Resolution throughPublic(Json nat, Vector<IpAddress> exits) {
            Option<Route> onward = nat.text("SubnetId")
                    .flatMap(subnet -> vpc.table(new Vpc.Place(subnet, nat.text("VpcId"), Option.none(), place.why()))
                            .toOption())
                    .flatMap(found -> found.table().route(destination));
            if (onward.isEmpty()) {
                draft.assume("the route table of the NAT gateway's subnet leads to an Internet gateway");
            } else if (!onward.get().isUsable() || onward.get().kind() != Route.Kind.INTERNET_GATEWAY) {
                String why = "the route table of the NAT gateway's subnet sends " + destination + " to "
                        + onward.get().nextHop().getOrElse("(none)") + " and not to an Internet gateway";
                draft.add(Decision.denied(why, onward.get().evidence()));
                draft.add(Finding.of(Ec2Findings.NO_ROUTE, why, onward.get().evidence()));
                return draft.ends(Disposition.BLACKHOLED, Target.at(at.destination()));
            }
            exits.headOption().forEach(this::compare);
            return draft.goes(exits.map(exit -> Branch.of(outside(exit), share(exits.size()))));
        }

        private Resolution leave(IpAddress exit) {
            compare(exit);
            return draft.goes(Vector.of(Branch.all(outside(exit))));
        }

        private Share share(int ways) {
            return ways == 1 ? Share.all() : Share.undefined();
        }

        /** Says that the way in and the way out have different addresses, which surprises partners. */
        private void compare(IpAddress exit) {
            Vector<NetworkInterface> balancers = ec2.ofLoadBalancers()
                    .filter(eni -> place.vpc().forAll(id -> eni.vpcId().contains(id)));
            Vector<IpAddress> entries = balancers
                    .flatMap(NetworkInterface::addresses)
                    .flatMap(NetworkInterface.Assigned::publicAddress)
                    .distinct();
            if (entries.isEmpty() || entries.contains(exit)) {
                return;
            }
            String text = "the other side sees " + exit + " and not an address of a load balancer ("
                    + entries.take(8).mkString(", ") + "): a load balancer only takes connections in";
            Evidence[] shown = balancers
                    .find(eni -> eni.addresses().exists(a -> a.publicAddress().isDefined()))
                    .map(NetworkInterface::evidence)
                    .toJavaArray(Evidence[]::new);
            draft.add(Decision.skipped(text, shown));
            draft.add(Finding.of(Ec2Findings.EXIT_DIFFERS, text, shown));
        }

        /** The Internet, or back in where the destination is a public address of the same account. */
        private Location outside(IpAddress exit) {
            AddressPort to = at.destination();
            if (ec2.publicAddress(destination).isDefined()) {
                return new NetworkAddress(to, at.flow().from(exit), new Vantage.Internet());
            }
            Target target = Target.builder()
                    .address(Option.some(to))
                    .seenAs(Option.some(exit))
                    .build();
            return new Ending(
                    HopKind.INTERNET,
                    to + " sees " + exit,
                    Disposition.DELIVERED,
                    target,
                    Vector.of(Decision.found("the other side sees the source address " + exit)));
        }

        private Translation translation(IpAddress exit) {
            return new Translation(
                    Translation.Kind.SNAT,
                    new Tuple(at.flow().protocol(), Option.some(new AddressPort(at.source(), 0)), at.destination()),
                    new Tuple(at.flow().protocol(), Option.some(new AddressPort(exit, 0)), at.destination()));
        }
    }
}
