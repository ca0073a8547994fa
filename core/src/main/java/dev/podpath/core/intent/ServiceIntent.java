package dev.podpath.core.intent;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/**
 * What kube-proxy is meant to program for a service on a node: a pure function of the objects and of what is known of
 * kube-proxy and the node.
 *
 * <p>Sources: the Kubernetes documentation (Virtual IPs and Service Proxies; Service Internal Traffic Policy; Topology
 * Aware Routing), KEP-1669 (terminating endpoints), KEP-2086 (internal policy), KEP-2433 and KEP-3015 (topology), and
 * kube-proxy itself: {@code pkg/proxy/topology.go}, {@code pkg/proxy/serviceport.go}, and the proxier of each mode.
 */
public final class ServiceIntent {
    private static final AddressSet ALL4 = AddressSet.all(false);
    private static final AddressSet ALL6 = AddressSet.all(true);

    private final Service service;
    private final ProxySettings settings;
    private final NodeView node;
    private final PortIntent[] ports;
    private final AddressSet allowed4;
    private final AddressSet allowed6;

    private ServiceIntent(Service service, ProxySettings settings, NodeView node, PortIntent[] ports) {
        this.service = service;
        this.settings = settings;
        this.node = node;
        this.ports = ports;
        boolean everybody = service.sourceRanges().isEmpty();
        this.allowed4 = everybody ? ALL4 : allowed(service, node, false);
        this.allowed6 = everybody ? ALL6 : allowed(service, node, true);
    }

    /**
     * The intent for a service.
     *
     * @param service the service
     * @param endpoints its endpoints, from all its slices
     * @param settings how kube-proxy was started
     * @param node the node
     */
    public static ServiceIntent of(
            Service service, Iterable<Endpoint> endpoints, ProxySettings settings, NodeView node) {
        return new ServiceIntent(service, settings, node, ports(service, endpoints, settings, node));
    }

    /** The same with ports that were sorted out before. */
    static ServiceIntent of(Service service, PortIntent[] ports, ProxySettings settings, NodeView node) {
        return new ServiceIntent(service, settings, node, ports);
    }

    /** The ports of a service, those of IPv4 first. */
    static PortIntent[] ports(Service service, Iterable<Endpoint> endpoints, ProxySettings settings, NodeView node) {
        List<PortIntent> ports = new ArrayList<>();
        for (boolean v6 : new boolean[] {false, true}) {
            if (clusterIp(service, v6).isDefined()) {
                for (ServicePort port : service.ports()) {
                    ports.add(PortIntent.of(service, port, v6, endpoints, settings, node));
                }
            }
        }
        return ports.toArray(PortIntent[]::new);
    }

    /**
     * The first cluster address of a family. A service without one is none of kube-proxy's business in that family; nor is
     * one that is headless, an alias, or left to another proxy.
     */
    public static Option<IpAddress> clusterIp(Service service, boolean v6) {
        boolean skipped =
                service.headless() || service.type() == Service.Type.EXTERNAL_NAME || service.isLeftToOthers();
        if (!skipped) {
            for (IpAddress address : service.clusterIps()) {
                if (address.isV6() == v6) {
                    return Option.some(address);
                }
            }
        }
        return Option.none();
    }

    /** The service. */
    public Service service() {
        return service;
    }

    /** Its ports, those of IPv4 first; none for a service that is none of kube-proxy's business. */
    public Vector<PortIntent> ports() {
        return Vector.of(ports);
    }

    /** One of them, by its place among them. */
    public PortIntent port(int index) {
        return ports[index];
    }

    /** The sources that may use the load balancer's addresses of a family. */
    public AddressSet allowedSources(boolean v6) {
        return v6 ? allowed6 : allowed4;
    }

    /** Whether not everybody may use the load balancer's addresses of a family. */
    public boolean restrictsSources(boolean v6) {
        return service.sourceRanges().exists(range -> range.address().isV6() == v6);
    }

    /** The port a load balancer's health check asks, where the service has one. */
    public Option<Integer> healthCheckNodePort() {
        return healthCheckNodePort(service);
    }

    /** The port a load balancer's health check asks, where a service has one. */
    public static Option<Integer> healthCheckNodePort(Service service) {
        boolean asked = service.type() == Service.Type.LOAD_BALANCER && PortIntent.isExternalLocal(service);
        return asked && isServed(service) ? service.healthCheckNodePort() : Option.none();
    }

    /** Whether a service is kube-proxy's business and has ports. */
    public static boolean isServed(Service service) {
        return !service.ports().isEmpty()
                && (clusterIp(service, false).isDefined()
                        || clusterIp(service, true).isDefined());
    }

    /** The addresses of a port, but for its node port, with their kinds. */
    public Vector<Vip> vips(PortIntent port) {
        boolean v6 = port.isV6();
        Vector<Vip> cluster = clusterIp(service, v6)
                .toVector()
                .map(address -> vip(port, address, port.port().port(), VipKind.CLUSTER_IP));
        Vector<Vip> external = service.externalIps()
                .filter(address -> address.isV6() == v6)
                .map(address -> vip(port, address, port.port().port(), VipKind.EXTERNAL_IP));
        Vector<Vip> balanced = service.loadBalancerIps()
                .filter(address -> address.isV6() == v6)
                .map(address -> vip(port, address, port.port().port(), VipKind.LOAD_BALANCER));
        return cluster.appendAll(external).appendAll(balanced);
    }

    /** The node port of a port at every address of the node that serves it. */
    public Vector<Vip> nodePorts(PortIntent port) {
        Vector<IpAddress> at = Vector.ofAll(node.addresses())
                .append(IpAddress.of("127.0.0.1"))
                .filter(address -> address.isV6() == port.isV6() && settings.servesNodePortsAt(address, node))
                .sorted();
        return port.port()
                .nodePort()
                .toVector()
                .flatMap(number -> at.map(address -> vip(port, address, number, VipKind.NODE_PORT)));
    }

    private static Vip vip(PortIntent port, IpAddress address, int number, VipKind kind) {
        return new Vip(new AddressPort(address, number), port.port().protocol(), kind, port.ref());
    }

    /** How a packet is meant to end; empty where it is not sent to any of the service's addresses. */
    public Option<Expectation> expect(Packet packet, Arrival arrival) {
        boolean v6 = packet.destination().isV6();
        for (PortIntent port : ports) {
            if (port.isV6() == v6 && port.port().protocol() == packet.protocol()) {
                Option<Vip> asked = vips(port)
                        .appendAll(nodePorts(port))
                        .find(vip -> vip.address().equals(packet.to()));
                if (asked.isDefined()) {
                    return Option.some(port.expect(
                            asked.get().kind(),
                            sender(packet, arrival),
                            !restrictsSources(v6) || allowedSources(v6).contains(packet.source()),
                            arrival.kind(),
                            settings));
                }
            }
        }
        return Option.none();
    }

    private Sender sender(Packet packet, Arrival arrival) {
        if (settings.detection().isPod(packet.source(), arrival)) {
            return Sender.POD;
        }
        return node.owns(packet.source()) ? Sender.NODE : Sender.OTHER;
    }

    /**
     * The ranges; and where one of them holds the node's own address, the load balancer's addresses too, because the node
     * may use one of them as the source towards itself.
     */
    private static AddressSet allowed(Service service, NodeView node, boolean v6) {
        Vector<IpPrefix> ranges =
                service.sourceRanges().filter(range -> range.address().isV6() == v6);
        if (ranges.isEmpty()) {
            return v6 ? ALL6 : ALL4;
        }
        AddressSet allowed = ranges.map(AddressSet::of).fold(AddressSet.empty(v6), AddressSet::union);
        boolean nodeIsAllowed = node.primary(v6).exists(own -> ranges.exists(range -> range.contains(own)));
        return nodeIsAllowed
                ? allowed.union(AddressSet.of(v6, service.loadBalancerIps().filter(address -> address.isV6() == v6)))
                : allowed;
    }
}
