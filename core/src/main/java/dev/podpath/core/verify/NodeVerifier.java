package dev.podpath.core.verify;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.ServiceKey;
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
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The verification of one node, to be done again after changes. Everything that takes long is done by the first
 * verification. Not for use by several threads at once.
 */
public final class NodeVerifier {
    private final ClusterFacts facts;
    private final NodePlane plane;
    private final Option<ProxySettings> given;
    private @Nullable Prepared prepared;
    private @Nullable NodeVerification last;

    NodeVerifier(ClusterFacts facts, NodePlane plane, Option<ProxySettings> given) {
        this.facts = facts;
        this.plane = plane;
        this.given = given;
    }

    /**
     * What the first verification worked out.
     *
     * @param context what is at hand
     * @param senders chooses witnesses
     * @param views the ways in
     * @param ways the ways in and the families, for people
     * @param missing families whose rules were not captured
     */
    private record Prepared(
            Context context,
            Senders senders,
            Vector<View> views,
            Vector<String> ways,
            Vector<UnknownVerdict> missing) {}

    /** Verifies all services, and what belongs to none. */
    public NodeVerification verify() {
        return verify(Vector.empty());
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
        Prepared ready = prepare();
        Context context = ready.context();
        Faults faults = new Faults(context, ready.senders());
        LongAdder classes = new LongAdder();
        BitSet only = new BitSet();
        services.map(context.vips()::number).filter(number -> number >= 0).forEach(only::set);
        for (View view : ready.views()) {
            new NodeCheck(context, view, only, faults, classes).run();
        }
        facts.dead().find(context, only, faults);
        NodeVerification result = NodeVerification.builder()
                .node(plane.node())
                .mode(plane.mode())
                .violations(faults.violations())
                .unknowns(faults.unknowns().appendAll(ready.missing()).sorted())
                .assumptions(assumptions(context.settings(), faults.assumptions()))
                .coverage(new Coverage(
                        context.proxy().coverage(),
                        classes.sum(),
                        context.vips().size(),
                        context.vips().services(),
                        ready.ways()))
                .build();
        last = result;
        return result;
    }

    /**
     * Verifies one service anew after its EndpointSlices changed, the rules being the same. Takes time by the size of the
     * service, not of the cluster.
     *
     * @param service the service
     * @param endpoints all endpoints it has now
     * @return the result for everything that was verified last, with the service as it is now
     */
    public NodeVerification reverify(ServiceKey service, Vector<Endpoint> endpoints) {
        NodeVerification before = last == null ? verify() : last;
        Prepared ready = prepared;
        int number = ready == null ? -1 : ready.context().vips().number(service);
        if (ready == null || number < 0) {
            return before;
        }
        Context context = ready.context();
        ServiceIntent intent =
                ServiceIntent.of(facts.table().service(number), endpoints, context.settings(), context.node());
        context.intents()[number] = intent;
        Faults faults = new Faults(context, ready.senders());
        BitSet only = new BitSet();
        only.set(number);
        LongAdder classes = new LongAdder();
        for (View view : ready.views()) {
            new NodeCheck(context, view, only, faults, classes).run(intent);
        }
        facts.dead().find(context, number, faults);
        NodeVerification now = before.with(
                before.violations()
                        .reject(violation -> violation.service().contains(service)
                                && !violation.code().equals(VerifyFindings.NO_SUCH_SERVICE))
                        .appendAll(faults.violations())
                        .sorted(),
                before.unknowns()
                        .reject(unknown -> unknown.service().contains(service))
                        .appendAll(faults.unknowns())
                        .sorted());
        last = now;
        return now;
    }

    private Prepared prepare() {
        Prepared known = prepared;
        if (known != null) {
            return known;
        }
        ServiceProxy proxy = plane.proxy().get();
        NodeView node = view();
        ProxySettings settings = given.getOrElse(() -> new SettingsFinder(
                        facts, plane, ProxyMode.named(proxy.mode()).get())
                .find(new RulesInference(facts.table(), plane, proxy, node)));
        ServiceIntent[] intents = facts.table().on(settings, node);
        VipTable vips = facts.vips();
        Set<IpAddress> local = plane.localAddressSet();
        Context context =
                new Context(facts.cluster(), facts.table(), vips, plane, local, proxy, settings, node, intents);
        List<UnknownVerdict> missing = new ArrayList<>();
        List<View> views = new ArrayList<>();
        List<String> ways = new ArrayList<>();
        for (boolean v6 : new boolean[] {false, true}) {
            Vector<Vector<Arrival>> alike = alike(proxy, settings, v6);
            Vector<Option<Partition>> partitions = alike.map(same -> proxy.partition(same.head(), v6));
            if (partitions.forAll(Option::isDefined)) {
                alike.zip(partitions).forEach(pair -> views.add(new View(pair._2.get(), pair._1, v6, settings, node)));
                arrivals(settings).forEach(way -> ways.add(way.kind() + (v6 ? " IPv6" : " IPv4")));
            } else if (vips.count(v6) > 0) {
                missing.add(noPartition(v6));
            }
        }
        // What ways in have in common for all addresses is found once for each of them.
        views.parallelStream().forEach(View::others);
        Prepared made = new Prepared(
                context, new Senders(context), Vector.ofAll(views), Vector.ofAll(ways), Vector.ofAll(missing));
        prepared = made;
        return made;
    }

    private Vector<String> assumptions(ProxySettings settings, Vector<String> ofPackets) {
        Vector<String> all = settings.assumptions().appendAll(ofPackets);
        return (facts.cluster().captured().pods()
                        ? all
                        : all.append(
                                "pods were not captured, so the EndpointSlices alone say which endpoints are live"))
                .distinct()
                .sorted();
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

    /** The ways in, those together that neither the rules nor what is intended tell apart. */
    private Vector<Vector<Arrival>> alike(ServiceProxy proxy, ProxySettings settings, boolean v6) {
        boolean tellsThemApart = settings.detection() instanceof LocalDetection.ByInterface
                || settings.features().externalIpsPastBridges();
        List<Vector<Arrival>> groups = new ArrayList<>();
        for (Arrival way : arrivals(settings)) {
            int group = 0;
            while (group < groups.size()
                    && (tellsThemApart || !proxy.isAlike(groups.get(group).head(), way, v6))) {
                group++;
            }
            if (group == groups.size()) {
                groups.add(Vector.of(way));
            } else {
                groups.set(group, groups.get(group).append(way));
            }
        }
        return Vector.ofAll(groups);
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
        Option<Node> object = facts.cluster().node(plane.node());
        Vector<IpAddress> known = object.map(Node::internalAddresses).getOrElse(Vector.empty());
        // IPVS mode binds the addresses of services to the node. Others do not, and a service may have an address of
        // it.
        boolean clear =
                known.isEmpty() && !plane.mode().flatMap(ProxyMode::named).contains(ProxyMode.IPVS);
        Vector<IpAddress> more = plane.localAddresses()
                .filter(address -> clear || facts.cluster().servicesAt(address).isEmpty());
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
        if (!facts.cluster().captured().services()) {
            return Option.some(UnknownVerdict.ofNode(
                    plane.node(),
                    "services were not captured, so nothing says what is intended",
                    Vector.of(new Missing(
                            "kubernetes/services.json",
                            "kubectl get services -A -o json > kubernetes/services.json"))));
        }
        if (!facts.cluster().captured().endpoints()) {
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
