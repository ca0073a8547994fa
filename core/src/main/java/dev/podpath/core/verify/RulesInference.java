package dev.podpath.core.verify;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.intent.EndpointSet;
import dev.podpath.core.intent.Expectation;
import dev.podpath.core.intent.IntentTable;
import dev.podpath.core.intent.LocalDetection;
import dev.podpath.core.intent.Masquerade;
import dev.podpath.core.intent.NodePortAddresses;
import dev.podpath.core.intent.NodeView;
import dev.podpath.core.intent.PortIntent;
import dev.podpath.core.intent.ProxyFeatures;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.intent.Sender;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.intent.Vip;
import dev.podpath.core.intent.VipKind;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ServiceProxy;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** Reads off the rules of a node how its kube-proxy was started: what most services show. */
final class RulesInference implements SettingsFinder.Inference {
    private static final int SAMPLE = 64;
    private static final IpAddress STRANGER_V4 = IpAddress.of("198.18.0.9");
    private static final IpAddress STRANGER_V6 = IpAddress.of("2001:db8:77::77");

    private final IntentTable table;
    private final NodePlane plane;
    private final ServiceProxy proxy;
    private final NodeView node;
    private final Arrival outside;

    RulesInference(IntentTable table, NodePlane plane, ServiceProxy proxy, NodeView node) {
        this.table = table;
        this.plane = plane;
        this.proxy = proxy;
        this.node = node;
        this.outside = new Arrival(Arrival.Kind.EXTERNAL, plane.uplink());
    }

    @Override
    public ProxySettings masquerade(ProxySettings settings) {
        AddressSet v4 = pods(settings, false);
        AddressSet v6 = pods(settings, true);
        if (v4.isEmpty() && v6.isEmpty()) {
            return hidden(settings);
        }
        boolean none = isEverybody(v4, false) && isEverybody(v6, true);
        if (none) {
            return note(settings, "kube-proxy has no local detection, as the rules show: it masquerades nothing");
        }
        LocalDetection detection = new LocalDetection.ByAddress(
                isEverybody(v4, false) ? AddressSet.empty(false) : v4,
                isEverybody(v6, true) ? AddressSet.empty(true) : v6);
        return note(
                settings.withDetection(detection),
                "pods are told by their addresses "
                        + Vector.of(v4, v6).reject(AddressSet::isEmpty).mkString(", ") + ", as the rules show");
    }

    /** Where cluster addresses show nobody whose source is kept. */
    private ProxySettings hidden(ProxySettings settings) {
        if (!isMasqueradedSomewhere(settings)) {
            return note(settings, "kube-proxy has no local detection, as far as the rules show");
        }
        ProxySettings all = note(
                settings.withMasqueradeAll(true),
                "everything sent to cluster addresses is masqueraded (masqueradeAll), as the rules show");
        AddressSet v4 = shortCircuited(settings, false);
        AddressSet v6 = shortCircuited(settings, true);
        return v4.isEmpty() && v6.isEmpty()
                ? all
                : note(
                        all.withDetection(new LocalDetection.ByAddress(v4, v6)),
                        "pods are told by their addresses, as the rules for externalTrafficPolicy Local show");
    }

    /** Who reaches every endpoint of a service with externalTrafficPolicy Local, with the source kept. */
    private AddressSet shortCircuited(ProxySettings settings, boolean v6) {
        Option<Partition> partition = proxy.partition(outside, v6);
        for (int i = 0; i < table.size() && partition.isDefined(); i++) {
            ServiceIntent intent = table.on(i, settings, node);
            for (PortIntent port : table.service(i).externalLocal() ? intent.ports() : Vector.<PortIntent>empty()) {
                boolean tells = port.isV6() == v6 && !port.cluster().equals(port.local());
                Vector<Vip> vips = intent.vips(port)
                        .filter(vip -> tells && vip.kind() == VipKind.EXTERNAL_IP
                                || tells && vip.kind() == VipKind.LOAD_BALANCER && !intent.restrictsSources(v6));
                for (Vip vip : vips) {
                    View view = new View(partition.get(), outside, v6, settings, node);
                    AddressSet found = reachingAll(view, vip, port);
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
        }
        return AddressSet.empty(v6);
    }

    private static AddressSet reachingAll(View view, Vip vip, PortIntent port) {
        Expectation kept = Expectation.sent(port.cluster(), Masquerade.HAIRPIN, 0);
        AddressSet found = AddressSet.empty(view.isV6());
        for (Partition.Cell cell : view.cells(vip.address().address())) {
            PacketClass packets = cell.packets();
            if (packets.protocol() == vip.protocol()
                    && packets.destinationPorts().contains(vip.address().port())) {
                CellCheck.Fault fault = CellCheck.fault(
                        cell.ends(), kept, vip.address().port(), packets.sources(), CellCheck.Here.of(""));
                boolean reaches = fault == CellCheck.Fault.NONE || fault == CellCheck.Fault.AFFINITY;
                found = reaches ? found.union(packets.sources()) : found;
            }
        }
        return found;
    }

    private static ProxySettings note(ProxySettings settings, String how) {
        return settings.withAssumptions(
                settings.assumptions().append(how + "; kube-proxy's configuration was not captured"));
    }

    private boolean isEverybody(AddressSet kept, boolean v6) {
        return kept.isEmpty()
                || SourceZones.of(outside, v6, new LocalDetection.None(), node)
                        .of(Sender.OTHER)
                        .minus(kept)
                        .isEmpty();
    }

    private boolean isMasqueradedSomewhere(ProxySettings settings) {
        for (Vip vip : clusterAddresses(settings)) {
            Ends ends = proxy.ends(
                    Packet.of(vip.protocol(), stranger(vip.address().address().isV6()), vip.address()), outside);
            if (ends.kind(0) == Ends.Kind.ENDPOINT) {
                return ends.source(0) == Ends.Source.MASQUERADED;
            }
        }
        return false;
    }

    /** The sources that are kept towards cluster addresses, as most services show it. */
    private AddressSet pods(ProxySettings settings, boolean v6) {
        Option<Partition> partition = proxy.partition(outside, v6);
        if (partition.isEmpty()) {
            return AddressSet.empty(v6);
        }
        Map<AddressSet, Integer> votes = HashMap.empty();
        View view = new View(partition.get(), outside, v6, settings, node);
        for (Vip vip : clusterAddresses(settings)) {
            if (vip.address().address().isV6() == v6) {
                for (AddressSet kept : kept(view, vip)) {
                    votes = votes.put(kept, 1, Integer::sum);
                }
            }
        }
        return votes.maxBy(entry -> entry._2).map(entry -> entry._1).getOrElse(AddressSet.empty(v6));
    }

    private static Option<AddressSet> kept(View view, Vip vip) {
        AddressSet kept = AddressSet.empty(view.isV6());
        List<IpAddress> alone = new ArrayList<>();
        boolean served = false;
        for (Partition.Cell cell : view.cells(vip.address().address())) {
            PacketClass packets = cell.packets();
            Ends ends = cell.ends();
            if (packets.protocol() != vip.protocol()
                    || !packets.destinationPorts().contains(vip.address().port())
                    || ends.kind(0) != Ends.Kind.ENDPOINT) {
                continue;
            }
            served = true;
            boolean all = true;
            boolean any = false;
            for (int end = 0; end < ends.count(); end++) {
                boolean itself = ends.kind(end) == Ends.Kind.ENDPOINT
                        && packets.sources()
                                .equals(AddressSet.of(ends.endpoint(end).address()));
                boolean stays = ends.source(end) == Ends.Source.KEPT;
                any |= stays;
                all &= stays || itself;
                if (itself) {
                    alone.add(ends.endpoint(end).address());
                }
            }
            kept = all && any ? kept.union(packets.sources()) : kept;
        }
        // An endpoint that can only reach itself is masqueraded whatever it is: it is what its neighbours are.
        for (IpAddress endpoint : alone) {
            AddressSet filled = kept.union(AddressSet.of(endpoint));
            kept = filled.ranges().size() < kept.ranges().size() ? filled : kept;
        }
        return served ? Option.some(kept) : Option.none();
    }

    /** Cluster addresses that are meant to be served for everybody. */
    private Vector<Vip> clusterAddresses(ProxySettings settings) {
        List<Vip> out = new ArrayList<>();
        for (int i = 0; i < table.size() && out.size() < SAMPLE; i++) {
            boolean local =
                    table.service(i).internalLocal() && settings.features().internalPolicy();
            ServiceIntent intent = table.on(i, settings, node);
            for (PortIntent port : intent.ports()) {
                if (local ? !port.local().isEmpty() : !port.cluster().isEmpty()) {
                    intent.vips(port)
                            .filter(vip -> vip.kind() == VipKind.CLUSTER_IP)
                            .forEach(out::add);
                }
            }
        }
        return Vector.ofAll(out);
    }

    @Override
    public ProxySettings nodePorts(ProxySettings settings) {
        Vector<IpAddress> own = Vector.ofAll(node.addresses()).sorted();
        List<Vip> asked = new ArrayList<>();
        for (int i = 0; i < table.size() && asked.size() < SAMPLE; i++) {
            ServiceIntent intent = table.on(i, settings, node);
            for (PortIntent port : intent.ports()) {
                if (!port.cluster().isEmpty() && port.port().nodePort().isDefined()) {
                    asked.addAll(intent.nodePorts(port).take(1).asJava());
                }
            }
        }
        if (asked.isEmpty()) {
            return settings;
        }
        Vector<IpAddress> served = own.filter(address -> isServed(address, asked, settings));
        boolean loopback = isServed(IpAddress.of("127.0.0.1"), asked, settings);
        boolean usual = own.forAll(address ->
                served.contains(address) == settings.servesNodePortsAt(address, node) || !isAsked(address, asked));
        ProxySettings found = settings.withLocalhostNodePorts(loopback);
        if (usual || served.isEmpty() && !loopback) {
            return found;
        }
        return note(
                found.withNodePortAddresses(new NodePortAddresses(
                        false,
                        served.map(IpPrefix::host)
                                .appendAll(loopback ? Vector.of(IpPrefix.of("127.0.0.0/8")) : Vector.empty()))),
                "node ports are served at " + (served.isEmpty() ? "127.0.0.1" : served.mkString(", "))
                        + " only, as the rules show");
    }

    private static boolean isAsked(IpAddress address, List<Vip> asked) {
        return asked.stream().anyMatch(vip -> vip.address().address().isV6() == address.isV6());
    }

    /** Whether more node ports than not are served at an address. */
    private boolean isServed(IpAddress address, List<Vip> asked, ProxySettings settings) {
        int votes = 0;
        for (Vip vip : asked) {
            if (vip.address().address().isV6() == address.isV6()) {
                votes += vote(new AddressPort(address, vip.address().port()), vip.protocol(), settings);
            }
        }
        return votes > 0;
    }

    /** 1 where a node port with endpoints is served, -1 where it is not, 0 where that is not told. */
    private int vote(AddressPort at, Protocol protocol, ProxySettings settings) {
        IpAddress address = at.address();
        Ends.Kind kind = address.isLoopback()
                ? toItself(at, protocol)
                : proxy.ends(Packet.of(protocol, stranger(address.isV6()), at), outside)
                        .kind(0);
        if (kind == Ends.Kind.ENDPOINT || kind == Ends.Kind.UNTOUCHED) {
            return kind == Ends.Kind.ENDPOINT ? 1 : -1;
        }
        // Where a policy leaves the node no endpoint the node itself is dropped at the loopback addresses that are not
        // served,
        if (address.isLoopback()) {
            return 0;
        }
        // and strangers are at every address that is served; in iptables mode at all others, too, where the node itself
        // is not sent on.
        return settings.mode() != ProxyMode.IPTABLES || toItself(at, protocol) == Ends.Kind.ENDPOINT ? 1 : -1;
    }

    private Ends.Kind toItself(AddressPort at, Protocol protocol) {
        return proxy.ends(Packet.of(protocol, at.address(), at), Arrival.of(Arrival.Kind.NODE))
                .kind(0);
    }

    private static IpAddress stranger(boolean v6) {
        return v6 ? STRANGER_V6 : STRANGER_V4;
    }

    @Override
    public ProxySettings features(ProxySettings settings) {
        List<Integer> telling = new ArrayList<>();
        for (int i = 0; i < table.size() && telling.size() < SAMPLE; i++) {
            if (isTelling(i, settings)) {
                telling.add(i);
            }
        }
        ProxyFeatures best = settings.features();
        int fewest = Integer.MAX_VALUE;
        for (ProxyFeatures candidate : telling.isEmpty() ? Vector.<ProxyFeatures>empty() : ProxyFeatures.ALL) {
            int faults = faults(telling, settings.withFeatures(candidate));
            if (faults < fewest) {
                fewest = faults;
                best = candidate;
            }
        }
        ProxySettings found = settings.withFeatures(best);
        return found.withAssumptions(found.assumptions()
                .append(
                        best.equals(settings.features())
                                ? "kube-proxy is taken for one of a recent version, because its version was not captured"
                                : "of the versions of kube-proxy the rules fit one with " + best.describe()
                                        + " best; its version was not captured"));
    }

    /** Whether versions differ in what they do with a service. */
    private boolean isTelling(int number, ProxySettings settings) {
        Service service = table.service(number);
        if (!service.sourceRanges().isEmpty()
                || service.internalLocal()
                || service.externalLocal()
                || !service.externalIps().isEmpty()) {
            return true;
        }
        if (table.endpoints(number).forAll(RulesInference::isUsedByAll)) {
            return false;
        }
        EndpointSet first = null;
        for (ProxyFeatures candidate : ProxyFeatures.ALL) {
            Vector<PortIntent> ports =
                    table.on(number, settings.withFeatures(candidate), node).ports();
            EndpointSet set = ports.isEmpty() ? EndpointSet.EMPTY : ports.head().cluster();
            if (first != null && !first.equals(set)) {
                return true;
            }
            first = set;
        }
        return false;
    }

    /** Versions differ in what they do with endpoints that are not ready, or have a hint. */
    private static boolean isUsedByAll(Endpoint endpoint) {
        return endpoint.ready()
                && endpoint.zoneHints().isEmpty()
                && endpoint.nodeHints().isEmpty();
    }

    private int faults(List<Integer> services, ProxySettings settings) {
        int faults = 0;
        for (int number : services) {
            ServiceIntent intent = table.on(number, settings, node);
            for (PortIntent port : intent.ports()) {
                for (Vip vip : intent.vips(port)) {
                    faults += isAsMeant(vip, intent, port, settings) ? 0 : 1;
                }
                // At which addresses node ports are served is not known yet.
                for (Vip vip : intent.nodePorts(port).filter(vip -> isSentOn(vip.address(), vip.protocol()))) {
                    faults += isAsMeant(vip, intent, port, settings) ? 0 : 1;
                }
            }
        }
        return faults;
    }

    private boolean isSentOn(AddressPort at, Protocol protocol) {
        return toItself(at, protocol) == Ends.Kind.ENDPOINT;
    }

    /** Whether a stranger, and the node itself, end as is meant. */
    private boolean isAsMeant(Vip vip, ServiceIntent intent, PortIntent port, ProxySettings settings) {
        IpAddress to = vip.address().address();
        Option<IpAddress> own = to.isLoopback() ? Option.some(to) : node.primary(port.isV6());
        return (to.isLoopback() || isAsMeant(vip, intent, port, settings, stranger(port.isV6()), Sender.OTHER, outside))
                && own.forAll(address ->
                        isAsMeant(vip, intent, port, settings, address, Sender.NODE, Arrival.of(Arrival.Kind.NODE)));
    }

    private boolean isAsMeant(
            Vip vip,
            ServiceIntent intent,
            PortIntent port,
            ProxySettings settings,
            IpAddress source,
            Sender sender,
            Arrival arrival) {
        boolean allowed = intent.allowedSources(port.isV6()).contains(source);
        Expectation wanted = port.expect(vip.kind(), sender, allowed, arrival.kind(), settings);
        Ends ends = proxy.ends(Packet.of(vip.protocol(), source, vip.address()), arrival);
        CellCheck.Fault fault = CellCheck.fault(
                ends, wanted, vip.address().port(), AddressSet.of(source), CellCheck.Here.of(plane.node()));
        // That a packet is kept out, or passes by, says more where a version drops or sends it, and it is so.
        boolean vague = !arrival.isLocalOutput()
                        && wanted.kind() == Expectation.Kind.NOT_SENT
                        && ends.kind(0) == Ends.Kind.DROPPED
                || wanted.kind() == Expectation.Kind.SENT_OR_PAST && ends.kind(0) == Ends.Kind.ENDPOINT;
        return fault != CellCheck.Fault.ENDS && !vague;
    }
}
