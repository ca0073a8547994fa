package dev.podpath.core.verify;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Liveness;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.intent.IntentTable;
import dev.podpath.core.intent.PortIntent;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.intent.Vip;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Endpoints that the slices call usable and whose pods are not: kube-proxy follows the slices, so no comparison of rules
 * with the intent can show them.
 */
final class DeadEndpoints {
    private final Cluster cluster;
    private final BitSet suspects = new BitSet();

    /** Looks at the endpoints of all services once. */
    DeadEndpoints(Cluster cluster, IntentTable table) {
        this.cluster = cluster;
        boolean[] dead = new boolean[table.size()];
        if (cluster.captured().pods()) {
            IntStream.range(0, dead.length)
                    .parallel()
                    .forEach(i -> dead[i] = table.endpoints(i).exists(this::isDead));
        }
        for (int i = 0; i < dead.length; i++) {
            suspects.set(i, dead[i]);
        }
    }

    private boolean isDead(Endpoint endpoint) {
        boolean usable = endpoint.ready() || endpoint.serving() && endpoint.terminating();
        return usable && cluster.liveness(endpoint) instanceof Liveness.Stale;
    }

    /** The dead endpoints that the node's rules really send to. */
    void find(Context context, BitSet only, Faults faults) {
        for (int i = suspects.nextSetBit(0); i >= 0; i = suspects.nextSetBit(i + 1)) {
            if (only.isEmpty() || only.get(i)) {
                find(context, i, faults);
            }
        }
    }

    /** The same for one service, whose endpoints may have changed. */
    void find(Context context, int number, Faults faults) {
        ServiceIntent intent = context.intents()[number];
        for (PortIntent port : intent.ports()) {
            Vector<Endpoint> dead = port.cluster()
                    .all()
                    .appendAll(port.local().all())
                    .distinctBy(Endpoint::address)
                    .filter(this::isDead);
            Vector<Vip> vips =
                    dead.isEmpty() ? Vector.empty() : intent.vips(port).appendAll(intent.nodePorts(port));
            for (Endpoint endpoint : dead) {
                vips.toJavaStream()
                        .map(vip -> violation(context, vip, endpoint))
                        .filter(Option::isDefined)
                        .findFirst()
                        .ifPresent(found -> faults.keep(found.get()));
            }
        }
    }

    private Option<Violation> violation(Context context, Vip vip, Endpoint endpoint) {
        for (Witness witness : witnesses(context, vip)) {
            ProxyVerdict verdict = context.proxy().route(witness.packet(), witness.arrival());
            Option<ProxyBranch> branch = verdict.branches()
                    .find(each -> each.outcome().equals(new ProxyOutcome.ToEndpoint(endpoint.address())));
            if (branch.isDefined()) {
                return Option.some(violation(context, vip, endpoint, witness, verdict, branch.get()));
            }
        }
        return Option.none();
    }

    private Violation violation(
            Context context, Vip vip, Endpoint endpoint, Witness witness, ProxyVerdict verdict, ProxyBranch branch) {
        Liveness.Stale stale = (Liveness.Stale) cluster.liveness(endpoint);
        AddressPort to = endpoint.address();
        Option<Pod> owner = cluster.podWithOwnAddress(to.address())
                .filter(pod -> !endpoint.pod().contains(pod.id()));
        FindingCode code = owner.isDefined() ? VerifyFindings.MISDELIVERY : VerifyFindings.DEAD_ENDPOINT;
        String now =
                owner.map(pod -> "; the address belongs to pod " + pod.id()).getOrElse("");
        Vector<Evidence> evidence = stale.evidence().appendAll(owner.map(Pod::evidence));
        return Violation.builder()
                .code(code)
                .node(context.plane().node())
                .service(Option.some(vip.service().service()))
                .port(Option.some(vip.service().port()))
                .protocol(vip.protocol())
                .vip(vip.address())
                .message("packets to " + vip.address() + "/" + vip.protocol().lower() + " of service "
                        + vip.service().service() + " are sent to " + to + ", as its EndpointSlice says, but "
                        + stale.reason() + now)
                .witness(witness)
                .actual(EndLists.actual(verdict))
                .trail(branch.trail())
                .evidence(evidence)
                .build();
    }

    /** From a stranger, from the node itself. */
    private static Vector<Witness> witnesses(Context context, Vip vip) {
        boolean v6 = vip.address().address().isV6();
        IpAddress stranger = IpAddress.of(v6 ? "2001:db8:77::77" : "203.0.113.77");
        Witness outside = witness(
                vip,
                stranger,
                new Arrival(Arrival.Kind.EXTERNAL, context.plane().uplink()));
        return Vector.of(outside)
                .appendAll(context.node().primary(v6).map(own -> witness(vip, own, Arrival.of(Arrival.Kind.NODE))));
    }

    private static Witness witness(Vip vip, IpAddress source, Arrival arrival) {
        Packet packet = new Packet(
                vip.protocol(),
                source,
                40_000,
                vip.address().address(),
                vip.address().port());
        return new Witness(packet, arrival);
    }
}
