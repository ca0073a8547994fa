package dev.podpath.core.verify;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.intent.Expectation;
import dev.podpath.core.intent.PortIntent;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.Sender;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.intent.VipKind;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import io.vavr.collection.Vector;
import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Compares all classes of packets of one way in with the intent. Works on several threads. */
final class NodeCheck {
    private static final PortSet FTP_DATA = PortSet.of(20);

    private static final IpAddress LOOPBACK_V4 = IpAddress.of("127.0.0.1");
    private static final IpAddress LOOPBACK_V6 = IpAddress.of("::1");
    private static final AddressSet ALL_LOOPBACK_V4 = AddressSet.of(IpPrefix.of("127.0.0.0/8"));
    private static final int CHUNK = 256;
    private static final int FEW = 16;

    private final Context context;
    private final View view;
    private final BitSet only;
    private final Faults faults;
    private final LongAdder classes;
    private final AddressSet own;
    private final Vector<IpAddress> ownAddresses;
    private final CellCheck.Here here;
    private final LikeServices like;

    /**
     * A check.
     *
     * @param context what is at hand
     * @param view the way in
     * @param only numbers of the services to look at; empty for all, and for what belongs to none
     * @param faults takes what is wrong
     * @param classes counts the classes that were compared
     */
    NodeCheck(Context context, View view, BitSet only, Faults faults, LongAdder classes) {
        this.context = context;
        this.view = view;
        this.only = only;
        this.faults = faults;
        this.classes = classes;
        boolean v6 = view.isV6();
        this.ownAddresses = Vector.ofAll(context.node().addresses())
                .filter(address -> address.isV6() == v6)
                .append(v6 ? LOOPBACK_V6 : LOOPBACK_V4)
                .sorted();
        AddressSet known = AddressSet.of(v6, ownAddresses);
        this.own = v6 ? known : known.union(ALL_LOOPBACK_V4);
        this.here = new CellCheck.Here(
                context.settings().mode().hairpinsLocalOnly() ? context.plane().node() : "", own);
        this.like = new LikeServices(context, view, own);
    }

    /** Looks at every class. */
    void run() {
        IpAddress[] addresses = view.addresses().toJavaArray(IpAddress[]::new);
        Claim[][] claims = context.vips().claims(addresses);
        int chunks = (addresses.length + CHUNK - 1) / CHUNK;
        int claimed = IntStream.range(0, chunks)
                .parallel()
                .map(chunk ->
                        addresses(addresses, claims, chunk * CHUNK, Math.min(addresses.length, (chunk + 1) * CHUNK)))
                .sum();
        view.others().forEach(this::other);
        unnamed(claimed);
    }

    /** Looks at the classes of packets to the addresses of one service. */
    void run(ServiceIntent intent) {
        Vector<PortIntent> family = intent.ports().filter(port -> port.isV6() == view.isV6());
        Set<Integer> nodePorts = new TreeSet<>();
        intent.healthCheckNodePort().forEach(nodePorts::add);
        family.forEach(port -> port.port().nodePort().forEach(nodePorts::add));
        Vector<IpAddress> vips = family.take(1)
                .flatMap(intent::vips)
                .map(vip -> vip.address().address())
                .distinct();
        for (IpAddress address : vips) {
            Iterable<Partition.Cell> cells =
                    view.hasOwn(address) ? told(address, context.vips().claims(address)) : view.cells(address);
            check(cells, address, new Tally());
        }
        if (!nodePorts.isEmpty() && !family.isEmpty()) {
            ownAddresses
                    .removeAll(vips)
                    .forEach(address -> check(view.cells(address, nodePorts), address, new Tally()));
        }
    }

    private int addresses(IpAddress[] addresses, Claim[][] claims, int from, int to) {
        int claimed = 0;
        for (int i = from; i < to; i++) {
            claimed += claims[i].length == 0 ? 0 : 1;
            if (only.isEmpty()) {
                likeOthers(addresses[i], claims[i]);
            } else if (own.contains(addresses[i]) || concerns(claims[i])) {
                check(told(addresses[i], claims[i]), addresses[i], new Tally());
            }
        }
        return claimed;
    }

    /** Looks at an address, unless one that is like it was found to be served as it should. */
    private void likeOthers(IpAddress address, Claim[] claims) {
        LikeServices.Key key = like.key(address, claims);
        int known = key == null ? -1 : like.classes(key);
        if (known >= 0) {
            classes.add(known);
            return;
        }
        Tally tally = new Tally();
        check(told(address, claims), address, tally);
        if (key != null && tally.good) {
            like.add(key, tally.classes);
        }
    }

    private void check(Iterable<Partition.Cell> cells, IpAddress address, Tally tally) {
        for (Partition.Cell cell : cells) {
            cell(cell, address, tally);
        }
        classes.add(tally.classes);
    }

    /** What came of looking at some classes. */
    private static final class Tally {
        /** How many were compared. */
        private int classes;

        /** Whether nothing was wrong, and nothing that might have been had to be looked at twice. */
        private boolean good = true;
    }

    private boolean concerns(Claim[] claims) {
        for (Claim claim : claims) {
            if (only.get(claim.service())) {
                return true;
            }
        }
        return false;
    }

    private Vector<Partition.Cell> told(IpAddress address, Claim[] claims) {
        return own.contains(address) ? view.partition().cells(address) : view.cells(address, claims);
    }

    /** Addresses of services that no rule names. */
    private void unnamed(int claimed) {
        if (claimed == context.vips().count(view.isV6())) {
            return;
        }
        for (IpAddress address : context.vips().addresses(view.isV6())) {
            if (!view.hasOwn(address) && !own.contains(address)) {
                Tally tally = new Tally();
                view.cells(address).forEach(cell -> claims(cell, address, tally));
                classes.add(tally.classes);
            }
        }
    }

    /** A class of packets to addresses that have no classes of their own. */
    private void other(Partition.Cell cell) {
        AddressSet destinations = cell.packets().destinations();
        Tally tally = new Tally();
        for (IpAddress address : ownAddresses) {
            if (destinations.contains(address)) {
                cell(cell, address, tally);
            }
        }
        classes.add(tally.classes);
        if (only.isEmpty() && sends(cell.ends())) {
            destinations
                    .firstNotIn(own)
                    .filter(to -> context.vips().claims(to).length == 0)
                    .forEach(to -> foreign(cell, to, cell.packets().destinationPorts(), tally));
        }
    }

    /** net/netfilter/ipvs/ip_vs_core.c: no virtual server takes what comes from the port of FTP data. */
    private boolean isNeverScheduled(PacketClass packets) {
        return context.settings().mode() == ProxyMode.IPVS
                && packets.sourcePorts().equals(FTP_DATA);
    }

    /** A class of packets, looked at for one of its destinations. */
    private void cell(Partition.Cell cell, IpAddress address, Tally tally) {
        if (isNeverScheduled(cell.packets())) {
            return;
        }
        int matched = claims(cell, address, tally);
        boolean mine = own.contains(address);
        PacketClass packets = cell.packets();
        if (mine) {
            matched += nodePorts(cell, address, tally);
        }
        if (only.isEmpty()
                && sends(cell.ends())
                && matched < packets.destinationPorts().size()) {
            PortSet rest = unclaimed(packets, address, mine);
            if (!rest.isEmpty()) {
                foreign(cell, address, rest, tally);
            }
        }
    }

    private int claims(Partition.Cell cell, IpAddress address, Tally tally) {
        PacketClass packets = cell.packets();
        Claim[] claims = context.vips().claims(address);
        int matched = 0;
        for (Claim claim : claims) {
            if (claim.protocol() == packets.protocol()
                    && packets.destinationPorts().contains(claim.number())) {
                matched++;
                claim(cell, address, claim, claims, tally);
            }
        }
        return matched;
    }

    private int nodePorts(Partition.Cell cell, IpAddress address, Tally tally) {
        PacketClass packets = cell.packets();
        PortSet ports = packets.destinationPorts();
        Claim[] claims = context.vips().nodePorts(packets.protocol(), view.isV6());
        int matched = 0;
        int at = VipTable.from(claims, ports.first());
        while (at < claims.length) {
            Claim claim = claims[at];
            int next = ports.next(claim.number());
            if (next == claim.number()) {
                matched++;
                at++;
                claim(cell, address, claim, new Claim[] {claim}, tally);
            } else {
                at = next < 0 ? claims.length : VipTable.from(claims, next);
            }
        }
        return matched;
    }

    private PortSet unclaimed(PacketClass packets, IpAddress address, boolean mine) {
        PortSet rest = packets.destinationPorts();
        for (Claim claim : context.vips().claims(address)) {
            rest = claim.protocol() == packets.protocol() ? rest.minus(PortSet.of(claim.number())) : rest;
        }
        // Node ports are served at every address of the node, also where it is one of a service.
        if (mine || context.local().contains(address)) {
            for (Claim claim : context.vips().nodePorts(packets.protocol(), view.isV6())) {
                rest = rest.minus(PortSet.of(claim.number()));
            }
        }
        return rest;
    }

    private static boolean sends(Ends ends) {
        for (int end = 0; end < ends.count(); end++) {
            if (ends.kind(end) == Ends.Kind.ENDPOINT) {
                return true;
            }
        }
        return false;
    }

    /** Compares a class with what one claim means for it; where several claim the place, one of them must be met. */
    private void claim(Partition.Cell cell, IpAddress address, Claim claim, Claim[] rivals, Tally tally) {
        if (!only.isEmpty() && !only.get(claim.service())) {
            return;
        }
        AddressSet sources = cell.packets().sources();
        int mask = view.zones(address).mask(sources);
        tally.classes += mask == 0 ? 0 : view.ways();
        ServiceIntent intent = context.intents()[claim.service()];
        boolean restricted = claim.kind() == VipKind.LOAD_BALANCER && intent.restrictsSources(view.isV6());
        for (int rest = mask; rest != 0; rest &= rest - 1) {
            Sender sender = SourceZones.sender(rest);
            if (restricted) {
                AddressSet ofSender = view.sources(sources, address, sender);
                AddressSet allowed = intent.allowedSources(view.isV6());
                compare(cell, address, claim, rivals, sender, ofSender.intersect(allowed), true, tally);
                compare(cell, address, claim, rivals, sender, ofSender.minus(allowed), false, tally);
            } else {
                compare(cell, address, claim, rivals, sender, sources, true, tally);
            }
        }
    }

    private void compare(
            Partition.Cell cell,
            IpAddress address,
            Claim claim,
            Claim[] rivals,
            Sender sender,
            AddressSet sources,
            boolean allowed,
            Tally tally) {
        if (sources.isEmpty()) {
            return;
        }
        Expectation wanted = wanted(claim, address, sender, allowed);
        CellCheck.Fault fault = CellCheck.fault(cell.ends(), wanted, claim.number(), sources, here);
        if (fault == CellCheck.Fault.NONE) {
            return;
        }
        tally.good = false;
        AddressSet exact = sources.intersect(view.zones(address).of(sender));
        CellCheck.Fault sure = isOfServices(exact)
                ? CellCheck.Fault.NONE
                : CellCheck.fault(cell.ends(), wanted, claim.number(), exact, here);
        if (sure != CellCheck.Fault.NONE && !isMetByRival(cell, address, claim, rivals, sender, exact, allowed)) {
            fault(cell, address, claim, wanted, sure, exact, view.arrival(sender));
        }
    }

    /** Addresses of services are nobody's source; the sets of IPVS mode name them all the same. */
    private boolean isOfServices(AddressSet sources) {
        return context.settings().mode() == ProxyMode.IPVS
                && sources.ranges().size() <= FEW
                && sources.ranges()
                        .forAll(range -> range.first().equals(range.last())
                                && context.vips().claims(range.first()).length > 0);
    }

    private Expectation wanted(Claim claim, IpAddress address, Sender sender, boolean allowed) {
        if (claim.kind() == VipKind.NODE_PORT) {
            boolean served = context.settings().servesNodePortsAt(address, context.node());
            if (claim.health()) {
                return address.isLoopback() || !served ? Expectation.ANYTHING : Expectation.LET_PASS;
            }
            if (!served) {
                return Expectation.NOT_SENT;
            }
        }
        PortIntent port = context.intents()[claim.service()].port(claim.port());
        return port.expect(claim.kind(), sender, allowed, view.arrival().kind(), context.settings());
    }

    /** Two services with one address and port: kube-proxy programs both, and which comes first is open. */
    private boolean isMetByRival(
            Partition.Cell cell,
            IpAddress address,
            Claim claim,
            Claim[] rivals,
            Sender sender,
            AddressSet sources,
            boolean allowed) {
        Vector<Claim> all = Vector.of(rivals);
        if (own.contains(address)) {
            all = all.appendAll(Vector.of(context.vips().nodePorts(claim.protocol(), view.isV6())))
                    .appendAll(Vector.of(context.vips().claims(address)));
        }
        for (Claim rival : all) {
            if (!rival.equals(claim) && rival.number() == claim.number() && rival.protocol() == claim.protocol()) {
                Expectation other = wanted(rival, address, sender, allowed);
                if (CellCheck.fault(cell.ends(), other, rival.number(), sources, here) == CellCheck.Fault.NONE) {
                    return true;
                }
            }
        }
        return false;
    }

    private void fault(
            Partition.Cell cell,
            IpAddress address,
            Claim claim,
            Expectation wanted,
            CellCheck.Fault fault,
            AddressSet sources,
            Arrival arrival) {
        Vector<IpAddress> preferred = fault == CellCheck.Fault.MASQUERADE
                ? wanted.endpoints().all().map(endpoint -> endpoint.address().address())
                : Vector.empty();
        Packet witness = faults.senders()
                .choose(
                        cell.packets(),
                        sources,
                        address,
                        claim.number(),
                        arrival,
                        preferred,
                        packet -> shows(packet, wanted, fault));
        faults.add(claim, wanted, fault, new Witness(witness, arrival));
    }

    private boolean shows(Packet packet, Expectation wanted, CellCheck.Fault fault) {
        Ends ends = context.proxy().ends(packet, view.arrival());
        return CellCheck.fault(ends, wanted, packet.destinationPort(), AddressSet.of(packet.source()), here) == fault;
    }

    /** Packets that reach an endpoint by an address and port that no service has. */
    private void foreign(Partition.Cell cell, IpAddress address, PortSet ports, Tally tally) {
        tally.good = false;
        PacketClass packets = cell.packets();
        int mask = view.zones(address).mask(packets.sources());
        if (mask == 0 || context.vips().isLeftToOthers(address)) {
            return;
        }
        Sender sender = SourceZones.sender(mask);
        Arrival arrival = view.arrival(sender);
        AddressSet sources = view.sources(packets.sources(), address, sender);
        Packet witness = faults.senders()
                .choose(
                        packets,
                        sources,
                        address,
                        ports.first(),
                        arrival,
                        Vector.empty(),
                        packet -> sends(context.proxy().ends(packet, arrival)));
        faults.foreign(new Witness(witness, arrival), owner(address));
    }

    private Vector<ServiceKey> owner(IpAddress address) {
        Claim[] claims = context.vips().claims(address);
        return claims.length == 0
                ? Vector.empty()
                : Vector.of(context.table().service(claims[0].service()).key());
    }
}
