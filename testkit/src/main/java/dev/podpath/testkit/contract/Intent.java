package dev.podpath.testkit.contract;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.contract.Intended.Masquerade;
import dev.podpath.testkit.reference.EndpointCategories;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

/** What Kubernetes means to happen to a packet on a node, from the objects alone. */
final class Intent {
    private static final int FTP_DATA = 20;

    private final Scene scene;
    private final Set<ModeTrait> traits;
    private final Packet packet;
    private final Arrival arrival;
    private final boolean v6;

    private Intent(Scene scene, Probe probe, Set<ModeTrait> traits) {
        this.scene = scene;
        this.traits = traits;
        this.packet = probe.packet();
        this.arrival = probe.arrival();
        this.v6 = packet.destination().isV6();
    }

    /** What is meant for a packet that can really come about. */
    static Intended of(Scene scene, Probe probe, Set<ModeTrait> traits) {
        return new Intent(scene, probe, traits).intended();
    }

    private Intended intended() {
        if (packet.sourcePort() == FTP_DATA && !traits.contains(ModeTrait.EVERY_SOURCE_PORT)) {
            return Intended.unspecified();
        }
        for (Service service : scene.cluster().services()) {
            if (EndpointCategories.clusterIp(service, v6).isEmpty()) {
                continue;
            }
            for (ServicePort port : service.ports()) {
                if (port.protocol() != packet.protocol()) {
                    continue;
                }
                boolean samePort = port.port() == packet.destinationPort();
                IpAddress to = packet.destination();
                if (samePort && EndpointCategories.clusterIp(service, v6).contains(to)) {
                    return new OnePort(service, port).internal();
                }
                if (samePort && service.externalIps().contains(to)) {
                    return new OnePort(service, port).external();
                }
                if (samePort && service.loadBalancerIps().contains(to)) {
                    return new OnePort(service, port).balanced();
                }
            }
        }
        return nodePort();
    }

    private Intended nodePort() {
        if (!scene.isLocal(packet.destination())) {
            return Intended.elsewhere();
        }
        for (Service service : scene.cluster().services()) {
            boolean served = EndpointCategories.clusterIp(service, v6).isDefined();
            for (ServicePort port : served ? service.ports() : Vector.<ServicePort>empty()) {
                if (port.protocol() == packet.protocol() && port.nodePort().contains(packet.destinationPort())) {
                    return isNodePortAddress() ? new OnePort(service, port).external() : Intended.unspecified();
                }
            }
        }
        return Intended.elsewhere();
    }

    private boolean isNodePortAddress() {
        WriterConfig config = scene.config();
        IpAddress to = packet.destination();
        if (to.isLoopback()) {
            boolean open = !v6 && config.localhostNodePorts() && traits.contains(ModeTrait.LOOPBACK_NODE_PORTS);
            // From outside the kernel takes such a destination for an impossible one before or after the rules.
            if (!open || arrival.kind() != Arrival.Kind.NODE) {
                return false;
            }
        }
        Vector<IpPrefix> wanted =
                config.nodePortAddresses().filter(prefix -> prefix.address().isV6() == v6);
        return wanted.isEmpty()
                ? traits.contains(ModeTrait.NODE_PORTS_EVERYWHERE)
                        || scene.nodeAddresses().headOption().contains(to)
                : wanted.exists(prefix -> prefix.contains(to));
    }

    /** One service port that is asked for. */
    private final class OnePort {
        private final Service service;
        private final EndpointCategories use;

        OnePort(Service service, ServicePort port) {
            Cluster cluster = scene.cluster();
            this.service = service;
            this.use = EndpointCategories.of(
                    service,
                    port,
                    cluster.endpointsOf(service.ref(port)),
                    scene.node(),
                    cluster.node(scene.node()).flatMap(node -> node.zone()),
                    v6,
                    scene.config().hints());
        }

        Intended internal() {
            WriterConfig config = scene.config();
            boolean stranger =
                    config.detector().isImplemented(v6) && !config.detector().isLocal(packet.source(), arrival);
            Masquerade masquerade = config.masqueradeAll() || stranger ? Masquerade.ALWAYS : Masquerade.HAIRPIN;
            if (!use.hasAny()) {
                return Intended.rejected();
            }
            if (isOddSource()) {
                return Intended.unspecified();
            }
            return service.internalLocal() ? local(masquerade) : sent(use.cluster(), masquerade);
        }

        Intended balanced() {
            Vector<IpPrefix> ranges =
                    service.sourceRanges().filter(range -> range.address().isV6() == v6);
            boolean nodeIsAllowed = scene.nodeAddresses()
                    .find(address -> address.isV6() == v6)
                    .exists(address -> ranges.exists(range -> range.contains(address)));
            boolean sibling = traits.contains(ModeTrait.BALANCER_ADDRESSES_ARE_SOURCES)
                    ? service.loadBalancerIps().contains(packet.source())
                    : packet.destination().equals(packet.source());
            boolean allowed = ranges.isEmpty()
                    || ranges.exists(range -> range.contains(packet.source()))
                    || (nodeIsAllowed && sibling);
            boolean refused = !use.hasAny() && traits.contains(ModeTrait.REFUSES_BEFORE_SOURCE_RANGES);
            if (allowed || refused) {
                return external();
            }
            if (arrival.kind() == Arrival.Kind.NODE && !traits.contains(ModeTrait.SOURCE_RANGES_BIND_NODE)) {
                return Intended.unspecified();
            }
            return traits.contains(ModeTrait.SOURCE_RANGES_DROP) ? Intended.dropped() : Intended.elsewhere();
        }

        Intended external() {
            boolean own = arrival.kind() == Arrival.Kind.NODE;
            if (!use.hasAny()) {
                // What the node itself sends meets the refusal only where it comes back in.
                return own ? Intended.elsewhere() : Intended.rejected();
            }
            if (isOddSource()) {
                return Intended.unspecified();
            }
            if (!EndpointCategories.isExternalLocal(service)) {
                return sent(use.cluster(), Masquerade.ALWAYS);
            }
            if (traits.contains(ModeTrait.LOCAL_SHORT_CIRCUIT)) {
                if (scene.config().detector().isLocal(packet.source(), arrival)) {
                    return sent(use.cluster(), Masquerade.HAIRPIN);
                }
                if (scene.isLocal(packet.source())) {
                    return sent(use.cluster(), Masquerade.ALWAYS);
                }
            }
            return local(Masquerade.HAIRPIN);
        }

        private Intended local(Masquerade masquerade) {
            if (!use.local().isEmpty()) {
                return sent(use.local(), masquerade);
            }
            if (traits.contains(ModeTrait.LOCAL_DROPS)) {
                return Intended.dropped();
            }
            return use.cluster().isEmpty() ? Intended.rejected() : sent(use.cluster(), masquerade);
        }

        /** A source that the modes do not treat alike, and that no real packet to a service has. */
        private boolean isOddSource() {
            return packet.source().isLoopback() && !traits.contains(ModeTrait.LOOPBACK_SOURCES);
        }

        private Intended sent(Vector<Endpoint> endpoints, Masquerade masquerade) {
            Vector<AddressPort> addresses =
                    endpoints.map(Endpoint::address).distinct().sorted();
            Vector<AddressPort> hairpins = traits.contains(ModeTrait.HAIRPIN_EVERYWHERE)
                    ? addresses
                    : endpoints
                            .filter(endpoint -> endpoint.node().contains(scene.node()))
                            .map(Endpoint::address);
            return new Intended(
                    Intended.Kind.SENT,
                    addresses,
                    masquerade,
                    hairpins,
                    service.affinitySeconds().isDefined());
        }
    }
}
