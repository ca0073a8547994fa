package dev.podpath.core.verify;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.intent.IntentTable;
import dev.podpath.core.intent.LocalDetection;
import dev.podpath.core.intent.NodeView;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** The verification of one node. */
public final class NodeVerifier {
    private final Cluster cluster;
    private final IntentTable table;
    private final NodePlane plane;
    private final Option<ProxySettings> given;

    NodeVerifier(Cluster cluster, IntentTable table, NodePlane plane, Option<ProxySettings> given) {
        this.cluster = cluster;
        this.table = table;
        this.plane = plane;
        this.given = given;
    }

    /** Verifies these services; all of them, and what belongs to none, where none is named. */
    public NodeVerification verify(Vector<ServiceKey> services) {
        Option<UnknownVerdict> unable = unable();
        if (unable.isDefined()) {
            return NodeVerification.builder()
                    .node(plane.node())
                    .mode(plane.mode())
                    .unknowns(unable.toVector())
                    .build();
        }
        ServiceProxy proxy = plane.proxy().get();
        NodeView node = view();
        ProxySettings settings = given.getOrElse(() -> new SettingsFinder(
                        cluster, plane, ProxyMode.named(proxy.mode()).get())
                .find(new RulesInference(table, plane, proxy, node)));
        ServiceIntent[] intents = table.on(settings, node);
        VipTable vips = new VipTable(table, intents);
        Context context = new Context(cluster, table, vips, plane, proxy, settings, node, intents);
        Faults faults = new Faults(context);
        LongAdder classes = new LongAdder();
        BitSet only = new BitSet();
        services.map(vips::number).filter(number -> number >= 0).forEach(only::set);
        List<UnknownVerdict> missing = new ArrayList<>();
        List<String> arrivals = new ArrayList<>();
        for (boolean v6 : new boolean[] {false, true}) {
            for (Arrival arrival : arrivals(settings)) {
                Option<Partition> partition = proxy.partition(arrival, v6);
                if (partition.isDefined()) {
                    new NodeCheck(
                                    context,
                                    new View(partition.get(), arrival, v6, settings, node),
                                    only,
                                    faults,
                                    classes)
                            .run();
                    arrivals.add(arrival.kind() + (v6 ? " IPv6" : " IPv4"));
                } else if (hasFamily(vips, v6)) {
                    missing.add(noPartition(v6));
                    break;
                }
            }
        }
        return NodeVerification.builder()
                .node(plane.node())
                .mode(plane.mode())
                .violations(faults.violations())
                .unknowns(faults.unknowns().appendAll(missing).sorted())
                .assumptions(settings.assumptions().sorted())
                .coverage(new Coverage(
                        proxy.coverage(),
                        classes.sum(),
                        vips.addresses().size(),
                        vips.services(),
                        Vector.ofAll(arrivals)))
                .build();
    }

    private static boolean hasFamily(VipTable vips, boolean v6) {
        return vips.addresses().stream().anyMatch(address -> address.isV6() == v6);
    }

    private UnknownVerdict noPartition(boolean v6) {
        String family = v6 ? "IPv6" : "IPv4";
        return UnknownVerdict.ofNode(
                plane.node(),
                "the " + family + " rules of the node were not captured, or cannot be divided into classes",
                Vector.of(new Missing(
                        "nodes/" + plane.node() + "/" + (v6 ? "ip6tables-save.txt" : "iptables-save.txt"),
                        v6 ? "ip6tables-save" : "iptables-save")));
    }

    private Vector<Arrival> arrivals(ProxySettings settings) {
        Option<String> uplink = plane.uplink();
        Option<String> pods = settings.detection() instanceof LocalDetection.ByInterface byInterface
                ? Option.some(byInterface.prefix() ? byInterface.name() + "0" : byInterface.name())
                : Option.none();
        return Vector.of(
                new Arrival(Arrival.Kind.POD, pods),
                Arrival.of(Arrival.Kind.NODE),
                new Arrival(Arrival.Kind.EXTERNAL, uplink),
                new Arrival(Arrival.Kind.OTHER_NODE, uplink));
    }

    private NodeView view() {
        Option<Node> object = cluster.node(plane.node());
        Vector<IpAddress> known = object.map(Node::internalAddresses).getOrElse(Vector.empty());
        Vector<IpAddress> more = plane.localAddresses()
                .filter(address -> cluster.servicesAt(address).isEmpty());
        return NodeView.of(
                plane.node(), object.flatMap(Node::zone), known.appendAll(more).distinct());
    }

    private Option<UnknownVerdict> unable() {
        if (plane.proxy().isEmpty()) {
            Decision why = plane.decisions()
                    .lastOption()
                    .getOrElse(() -> Decision.unknown("nothing of the node was captured"));
            return Option.some(UnknownVerdict.ofNode(
                    plane.node(), why.text(), plane.decisions().flatMap(Decision::missing)));
        }
        String mode = plane.proxy().get().mode();
        if (ProxyMode.named(mode).isEmpty()) {
            return Option.some(UnknownVerdict.ofNode(
                    plane.node(), "what is intended in the proxy mode " + mode + " is not stated", Vector.empty()));
        }
        if (!cluster.captured().endpoints()) {
            return Option.some(UnknownVerdict.ofNode(
                    plane.node(),
                    "EndpointSlices were not captured, so nothing says which endpoints are intended",
                    Vector.of(new Missing(
                            "kubernetes/endpointslices.json",
                            "kubectl get endpointslices -A -o json > kubernetes/endpointslices.json"))));
        }
        return Option.none();
    }
}
