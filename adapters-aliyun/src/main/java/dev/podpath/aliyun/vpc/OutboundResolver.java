package dev.podpath.aliyun.vpc;

import dev.podpath.aliyun.ecs.ClientNetwork;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.hop.AddressBook;
import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.security.Firewall;
import dev.podpath.aliyun.security.Traffic;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Takes a packet out of the VPC: the route with the longest prefix, then the source's own public address, else a DNAT
 * entry for any port, else the SNAT entry with the longest mask (NAT gateway user guide, precedence of SNAT rules).
 */
final class OutboundResolver implements HopResolver {
    private final Vpc vpc;
    private final Ecs ecs;
    private final ClientNetwork clients;
    private final Cluster cluster;
    private final AddressBook addresses;
    private final Firewall firewall;

    OutboundResolver(
            Vpc vpc, Ecs ecs, ClientNetwork clients, Cluster cluster, AddressBook addresses, Firewall firewall) {
        this.vpc = vpc;
        this.ecs = ecs;
        this.clients = clients;
        this.cluster = cluster;
        this.addresses = addresses;
        this.firewall = firewall;
    }

    @Override
    public String id() {
        return "aliyun.vpc";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof Outbound;
    }

    @Override
    public Resolution resolve(Location location) {
        Outbound at = (Outbound) location;
        Option<String> instance = cluster.node(at.node()).flatMap(Node::instanceId);
        Origin origin = Origin.of(at, vpc, ecs, clients, instance);
        if (!origin.isKnown()) {
            return Resolution.declined(Decision.unknown(
                    "which vSwitch of Alibaba Cloud " + at.source() + " is in was not captured",
                    vpc.responses().missing(Api.NETWORK_INTERFACES),
                    vpc.responses().missing(Api.VSWITCHES)));
        }
        return new Step(at, origin).run();
    }

    /** One packet. */
    private final class Step {
        private final Outbound at;
        private final Origin origin;
        private final IpAddress destination;
        private final Option<Origin.Own> own;

        Step(Outbound at, Origin origin) {
            this.at = at;
            this.origin = origin;
            this.destination = at.destination().address();
            this.own = origin.own(at.source(), vpc);
        }

        Resolution run() {
            HopDraft notes = describe(HopKind.ROUTE);
            Option<Resolution> stopped = gate(notes);
            return stopped.getOrElse(this::leave);
        }

        private Option<Resolution> gate(HopDraft notes) {
            return firewall.check(
                    origin.networkInterface(),
                    origin.instance(),
                    new Traffic(
                            false,
                            at.flow().protocol(),
                            at.source(),
                            Option.some(destination),
                            at.destination().port()),
                    notes);
        }

        private Resolution leave() {
            if (origin.vpc().exists(id -> vpc.isInside(id, destination))) {
                HopDraft notes = start(HopKind.ROUTE);
                notes.add(Decision.chose(
                        destination + " is inside VPC " + origin.vpc().get() + ": the packet stays in it"));
                return inside(notes);
            }
            Option<String> table = origin.vSwitch().flatMap(vpc::tableOf);
            Option<Vector<Route>> routes = table.flatMap(vpc::routes);
            if (routes.isEmpty()) {
                return withoutRoutes(table);
            }
            Option<Route> route = Route.longest(routes.get(), destination);
            if (route.isEmpty()) {
                return withoutRoute(table.get());
            }
            return along(route.get());
        }

        private HopDraft start(HopKind kind) {
            HopDraft notes = describe(kind);
            Option<Resolution> stopped = gate(notes);
            if (stopped.isDefined()) {
                throw new IllegalStateException("the firewall changed its mind");
            }
            masqueraded(notes);
            return notes;
        }

        /** Notes what it means that the node gave the packet an address of its own instead of the pod's. */
        private void masqueraded(HopDraft notes) {
            Option<Pod> pod = at.sourceBefore().flatMap(cluster::podWithOwnAddress);
            if (pod.isEmpty()) {
                return;
            }
            IpAddress before = at.sourceBefore().get();
            String who = "pod " + pod.get().id() + " at " + before;
            if (!destination.isPublic()) {
                notes.add(Finding.of(
                        VpcFindings.NODE_IS_SEEN,
                        destination + " sees " + at.source() + ", not " + who,
                        pod.get().evidence()));
                return;
            }
            Outbound unchanged = new Outbound(at.node(), before, at.destination(), at.flow());
            Option<Origin.Own> unused =
                    Origin.of(unchanged, vpc, ecs, clients, Option.none()).own(before, vpc);
            unused.forEach(own -> notes.add(Finding.of(
                    VpcFindings.UNUSED_ADDRESS,
                    who + " has the elastic address " + own.address() + ", but leaves as " + at.source(),
                    own.evidence(),
                    pod.get().evidence())));
        }

        private HopDraft describe(HopKind kind) {
            HopDraft notes = new HopDraft(at, kind, "way out of " + at.source() + " to " + at.destination());
            origin.networkInterface()
                    .forEach(eni -> notes.add(Decision.found(
                            at.source() + " is an address of network interface " + eni.id(),
                            eni.evidence(at.source()))));
            origin.vSwitch()
                    .forEach(vSwitch -> notes.add(Decision.found(
                            origin.owned()
                                    ? at.source() + " is in " + vSwitch.label()
                                    : at.source()
                                            + " is no address of a vSwitch; the packet leaves by the node's interface in "
                                            + vSwitch.label(),
                            vSwitch.evidence())));
            return notes;
        }

        private Resolution withoutRoutes(Option<String> table) {
            HopDraft notes = start(HopKind.NAT);
            if (own.isDefined() && destination.isPublic()) {
                notes.assume("no route of the vSwitch takes " + destination + " elsewhere than to the Internet: "
                        + "routes were not captured");
                return new NatExit(vpc, addresses, at, notes).by(own.get());
            }
            Missing missing = table.map(
                            id -> vpc.responses().missing(Api.ROUTES, Option.none(), id, "--RouteTableId " + id))
                    .getOrElse(() -> vpc.responses().missing(Api.ROUTE_TABLES));
            return notes.unknown(Decision.unknown(
                    "the routes of " + origin.vSwitch().map(VSwitch::label).getOrElse("the source's vSwitch")
                            + " were not captured",
                    missing));
        }

        private Resolution withoutRoute(String table) {
            HopDraft notes = start(HopKind.NAT);
            if (own.isDefined() && destination.isPublic()) {
                return new NatExit(vpc, addresses, at, notes).by(own.get());
            }
            String text = "route table " + table + " has no route for " + destination;
            notes.add(new Finding(
                    VpcFindings.NO_ROUTE,
                    VpcFindings.NO_ROUTE.severity(),
                    text,
                    origin.vSwitch().map(VSwitch::evidence).toVector()));
            return notes.ends(Disposition.BLACKHOLED, Decision.notFound(text));
        }

        private Resolution along(Route route) {
            Vector<Route.NextHop> hops = route.nextHops();
            boolean nat = hops.size() == 1 && hops.head().is("NatGateway");
            boolean gateway = hops.size() == 1 && hops.head().is("IPv4Gateway");
            HopDraft notes = start(nat || gateway ? HopKind.NAT : HopKind.ROUTE);
            String leads = hops.map(hop -> hop.type() + (hop.id().isEmpty() ? "" : " " + hop.id()))
                    .mkString(", ");
            notes.add(Decision.chose(
                    "of the routes for " + destination + " the one with the longest prefix, " + route.destination()
                            + ", leads to " + (leads.isEmpty() ? "nothing" : leads),
                    route.evidence()));
            if ((nat || gateway) && !destination.isPublic()) {
                return notes.ends(
                        Disposition.BLACKHOLED,
                        Decision.denied(
                                destination + " is a private address; behind the gateway no route leads to it",
                                route.evidence()));
            }
            if (nat || gateway) {
                NatExit exit = new NatExit(vpc, addresses, at, notes);
                if (own.isDefined()) {
                    return exit.by(own.get());
                }
                return nat ? exit.through(hops.head().id(), origin) : withoutAddress(notes, route);
            }
            if (hops.size() == 1 && hops.head().is("local")) {
                return inside(notes);
            }
            if (hops.size() == 1 && hops.head().is("Instance")) {
                return toInstance(notes, route, hops.head().id());
            }
            return notes.unknown(Decision.unknown(
                            leads.isEmpty()
                                    ? "the route's next hop was not captured"
                                    : "the packet goes to " + leads + ", which leads out of what was captured")
                    .with(Vector.of(route.evidence())));
        }

        private Resolution withoutAddress(HopDraft notes, Route route) {
            String text =
                    "the IPv4 gateway lets out only sources with an elastic address, and " + at.source() + " has none";
            notes.add(Finding.of(VpcFindings.NO_SNAT, text, route.evidence()));
            return notes.ends(Disposition.BLACKHOLED, Decision.denied(text, route.evidence()));
        }

        private Resolution toInstance(HopDraft notes, Route route, String instance) {
            Option<Node> node = cluster.nodeOfInstance(instance);
            if (node.isEmpty()) {
                return notes.unknown(Decision.unknown("instance " + instance
                                + " is no node of the captured cluster; what it does with the packet is not known")
                        .with(Vector.of(route.evidence())));
            }
            notes.add(Decision.chose(
                    "instance " + instance + " is node " + node.get().name(),
                    node.get().evidence()));
            NetworkAddress to = new NetworkAddress(
                    at.destination(), at.flow().from(at.source()), new Vantage.PrivateNetwork(origin.vpc()));
            return notes.goes(
                    Vector.of(Branch.all(NodePacket.of(node.get().name(), Arrival.of(Arrival.Kind.OTHER_NODE), to))));
        }

        private Resolution inside(HopDraft notes) {
            return notes.goes(Vector.of(Branch.all(new NetworkAddress(
                    at.destination(), at.flow().from(at.source()), new Vantage.PrivateNetwork(origin.vpc())))));
        }
    }
}
