package dev.podpath.core.intent;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.packet.Arrival;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node is meant to do for one port of a service in one address family: the endpoints of each policy, and how a
 * packet ends by the kind of address it was sent to and by who sends it.
 */
public final class PortIntent {
    private final Service service;
    private final ServicePort port;
    private final boolean v6;
    private final EndpointSet known;
    private final EndpointSet cluster;
    private final EndpointSet local;
    private final boolean hasAny;
    /** What is asked most; several threads may make it, with the same result. */
    private final @Nullable Expectation[] toCluster = new Expectation[2];

    private PortIntent(
            Service service,
            ServicePort port,
            boolean v6,
            EndpointSet known,
            EndpointSet cluster,
            EndpointSet local,
            boolean hasAny) {
        this.service = service;
        this.port = port;
        this.v6 = v6;
        this.known = known;
        this.cluster = cluster;
        this.local = local;
        this.hasAny = hasAny;
    }

    /**
     * Sorts out the endpoints of a service port.
     *
     * @param service the service, with a cluster address of the family
     * @param port one of its ports
     * @param v6 the address family
     * @param endpoints endpoints of the service, of any port and family; those of the port are found by its name and
     *     protocol, as slices are joined, and never by the target port
     */
    static PortIntent of(
            Service service,
            ServicePort port,
            boolean v6,
            Iterable<Endpoint> endpoints,
            ProxySettings settings,
            NodeView node) {
        List<Endpoint> own = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            if (endpoint.address().address().isV6() == v6
                    && endpoint.protocol() == port.protocol()
                    && endpoint.portName().equals(port.name())
                    && endpoint.address().port() > 0) {
                own.add(endpoint);
            }
        }
        ProxyFeatures features = settings.features();
        EndpointChoice choice = EndpointChoice.of(own, features.terminatingFallback(), node.name());
        boolean external = isExternal(service, port, v6);
        boolean internalLocal = service.internalLocal() && features.internalPolicy();
        boolean usesLocal = internalLocal || external && isExternalLocal(service);
        EndpointSet known = EndpointSet.of(choice.known());
        List<Endpoint> clusterList =
                internalLocal && !external ? List.of() : choice.cluster(features.hints(), service, node);
        EndpointSet cluster = clusterList.size() == known.size() ? known : EndpointSet.of(clusterList);
        EndpointSet local = usesLocal ? EndpointSet.of(choice.local(node.name())) : EndpointSet.EMPTY;
        boolean hasAny = !cluster.isEmpty() || !local.isEmpty() || usesLocal && choice.isAnyUsable();
        return new PortIntent(service, port, v6, known, cluster, local, hasAny);
    }

    /** Whether a port can be reached at anything but its cluster address. */
    static boolean isExternal(Service service, ServicePort port, boolean v6) {
        return port.nodePort().isDefined()
                || service.externalIps().exists(address -> address.isV6() == v6)
                || service.loadBalancerIps().exists(address -> address.isV6() == v6);
    }

    /** Whether externalTrafficPolicy is Local and in force (pkg/api/v1/service, ExternalPolicyLocal). */
    static boolean isExternalLocal(Service service) {
        boolean accessible = service.type() == Service.Type.NODE_PORT
                || service.type() == Service.Type.LOAD_BALANCER
                || !service.externalIps().isEmpty();
        return accessible && service.externalLocal();
    }

    /** Whether what another node is meant to do with the same objects can be something else. */
    static boolean dependsOnNode(Service service, Iterable<Endpoint> endpoints) {
        if (service.internalLocal() || service.externalLocal()) {
            return true;
        }
        Set<AddressPort> seen = new HashSet<>();
        for (Endpoint endpoint : endpoints) {
            boolean again = !seen.add(endpoint.address());
            if (again
                    || !endpoint.zoneHints().isEmpty()
                    || !endpoint.nodeHints().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The service. */
    public Service service() {
        return service;
    }

    /** The port. */
    public ServicePort port() {
        return port;
    }

    /** Identity of the port. */
    public ServicePortRef ref() {
        return service.ref(port);
    }

    /** The address family. */
    public boolean isV6() {
        return v6;
    }

    /** Every endpoint of the port, in whatever state. */
    public EndpointSet known() {
        return known;
    }

    /** The endpoints of the Cluster policy. */
    public EndpointSet cluster() {
        return cluster;
    }

    /** The endpoints of the Local policy; empty where no policy of the port is Local. */
    public EndpointSet local() {
        return local;
    }

    /** Whether some node could serve the port. */
    public boolean hasAny() {
        return hasAny;
    }

    /**
     * How packets to one of the port's addresses are meant to end.
     *
     * @param kind what kind of address it is
     * @param sender who sends them
     * @param allowed whether the source ranges of the service allow them; they govern only the load balancer's addresses
     * @param arrival how they reach the node; what the node itself sends starts in the hook OUTPUT
     * @param settings how kube-proxy was started
     */
    public Expectation expect(
            VipKind kind, Sender sender, boolean allowed, Arrival.Kind arrival, ProxySettings settings) {
        return kind.isExternal() ? external(kind, sender, allowed, arrival, settings) : internal(sender, settings);
    }

    private Expectation internal(Sender sender, ProxySettings settings) {
        ProxyMode mode = settings.mode();
        if (!hasAny) {
            return mode.refusesByRule() ? Expectation.REJECTED : Expectation.REFUSED;
        }
        boolean stranger = sender != Sender.POD && settings.detection().isImplemented(v6);
        Masquerade masquerade = settings.masqueradeAll() || stranger ? Masquerade.ALWAYS : Masquerade.HAIRPIN;
        if (!service.internalLocal() || !settings.features().internalPolicy()) {
            return toCluster(masquerade);
        }
        if (!local.isEmpty()) {
            return toLocal(masquerade);
        }
        if (mode.refusesByRule()) {
            return Expectation.DROPPED;
        }
        // A virtual server falls back to the Cluster endpoints, which a port that is internal only has not.
        return settings.features().virtualServersFallBack() && !cluster.isEmpty()
                ? toCluster(masquerade)
                : Expectation.REFUSED;
    }

    private Expectation external(
            VipKind kind, Sender sender, boolean allowed, Arrival.Kind arrival, ProxySettings settings) {
        ProxyMode mode = settings.mode();
        boolean output = arrival == Arrival.Kind.NODE;
        boolean inside = allowed || kind != VipKind.LOAD_BALANCER;
        boolean lacking = !hasAny || isExternalLocal(service) && local.isEmpty();
        if (lacking && output && kind != VipKind.NODE_PORT && refusesOwnTraffic(settings)) {
            return hasAny ? Expectation.DROPPED : Expectation.REJECTED;
        }
        if (!inside && output && !mode.refusesByRule()) {
            // The balancer takes what the node itself sends before a rule about ranges sees it, or after: by version.
            return Expectation.ANYTHING;
        }
        if (!inside && (hasAny || mode.checksSourcesFirst())) {
            boolean marked = mode == ProxyMode.IPTABLES && settings.features().markedDrops();
            return marked ? Expectation.KEPT_OUT : Expectation.OUTSIDE_RANGES;
        }
        if (!hasAny) {
            // What the node itself sends meets the refusal only where it comes back in.
            return output ? Expectation.NOT_SENT : mode.refusesByRule() ? Expectation.REJECTED : Expectation.REFUSED;
        }
        Expectation served = served(sender, output, settings);
        boolean past = kind == VipKind.EXTERNAL_IP
                && settings.features().externalIpsPastBridges()
                && (output || arrival == Arrival.Kind.POD);
        return past && served.kind() == Expectation.Kind.SENT ? served.orPast() : served;
    }

    /** Until 1.33 rules of nftables mode asked in OUTPUT who has no endpoint here before all else. */
    private static boolean refusesOwnTraffic(ProxySettings settings) {
        return settings.mode() == ProxyMode.NFTABLES && settings.features().refusesOwnTraffic();
    }

    /** By the external traffic policy. */
    private Expectation served(Sender sender, boolean output, ProxySettings settings) {
        ProxyMode mode = settings.mode();
        if (!isExternalLocal(service)) {
            return toCluster(Masquerade.ALWAYS);
        }
        if (mode.shortCircuitsLocal()) {
            if (sender == Sender.POD && canShortCircuitPods(settings)) {
                return toCluster(Masquerade.HAIRPIN);
            }
            if (sender == Sender.NODE || output) {
                return toCluster(Masquerade.ALWAYS);
            }
        }
        if (!local.isEmpty()) {
            return toLocal(Masquerade.HAIRPIN);
        }
        if (mode.refusesByRule()) {
            // The chains of old only marked such packets to be dropped.
            return settings.features().externalIpsPastBridges() ? Expectation.NOT_SENT : Expectation.DROPPED;
        }
        return settings.features().virtualServersFallBack() ? toCluster(Masquerade.HAIRPIN) : Expectation.REFUSED;
    }

    /** The chains of old told pods by their addresses only. */
    private static boolean canShortCircuitPods(ProxySettings settings) {
        return !settings.features().externalIpsPastBridges()
                || settings.detection() instanceof LocalDetection.ByAddress;
    }

    private Expectation toCluster(Masquerade masquerade) {
        int place = masquerade == Masquerade.ALWAYS ? 0 : 1;
        Expectation known = toCluster[place];
        if (known == null) {
            known = Expectation.sent(cluster, masquerade, affinitySeconds());
            toCluster[place] = known;
        }
        return known;
    }

    private Expectation toLocal(Masquerade masquerade) {
        return Expectation.sent(local, masquerade, affinitySeconds());
    }

    private int affinitySeconds() {
        return service.affinitySeconds().getOrElse(0);
    }
}
