package dev.podpath.proxy.ipvs;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.iptables.eval.Balancer;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** What is wrong with a node's IPVS state, seen from one packet. */
final class Diagnosis {
    private static final String FILTER = "KUBE-IPVS-FILTER";

    private final NodeState node;
    private final Captured captured;
    private final VirtualServers servers;
    private final LocalAddresses addresses;
    private final Sysctl sysctl;

    Diagnosis(NodeState node, Captured captured, VirtualServers servers, LocalAddresses addresses, Sysctl sysctl) {
        this.node = node;
        this.captured = captured;
        this.servers = servers;
        this.addresses = addresses;
        this.sysctl = sysctl;
    }

    Vector<Finding> findings(Packet packet, Balancer.Seen seen, ProxyVerdict verdict) {
        Vector<Finding> found = swallowed(packet.destination());
        int service = IpvsBalancer.find(captured.main().table(), seen);
        if (service < 0) {
            return found;
        }
        VirtualServer server = servers.get(service);
        return found.appendAll(withoutServers(packet, server))
                .appendAll(refused(packet, server, verdict))
                .appendAll(reused(server));
    }

    private static Finding finding(FindingCode code, String message, Vector<Evidence> evidence) {
        return new Finding(code, code.severity(), message, evidence);
    }

    private Vector<Finding> swallowed(IpAddress destination) {
        FindingCode code = IpvsFindings.NODE_ADDRESS_ON_DUMMY;
        Vector<Evidence> place = addresses.evidence(destination).toVector();
        if (addresses.swallowed(destination)) {
            return Vector.of(finding(
                    code,
                    "address " + destination + " of node " + node.name() + " is on " + LocalAddresses.DUMMY,
                    place));
        }
        boolean other = addresses.device(destination).contains(LocalAddresses.DUMMY);
        return node.cluster()
                .nodeAt(destination)
                .filter(found -> other && !found.name().equals(node.name()))
                .toVector()
                .map(found -> finding(
                        code,
                        "address " + destination + " of node " + found.name() + " is on " + LocalAddresses.DUMMY
                                + " of node " + node.name() + ", which cannot reach that node any more",
                        place.append(found.evidence())));
    }

    /** A service without endpoints anywhere is rightly refused. */
    private Option<Finding> withoutServers(Packet packet, VirtualServer server) {
        if (server.isDamaged() || !captured.hasWeights() || takesConnections(server)) {
            return Option.none();
        }
        IpAddress to = packet.destination();
        Option<ServicePortRef> port = node.cluster().servicePortAt(packet.to(), packet.protocol());
        Vector<Endpoint> ready = port.toVector()
                .flatMap(ref -> node.cluster().endpointsOf(ref))
                .filter(endpoint ->
                        endpoint.ready() && endpoint.address().address().isV6() == to.isV6());
        return port.flatMap(ref -> node.cluster().service(ref.service()))
                .filter(service -> service.loadBalancerIps().contains(to) && !ready.isEmpty())
                .map(service -> finding(
                        IpvsFindings.BALANCER_WITHOUT_SERVERS,
                        "load balancer address " + packet.to() + " of " + service.key() + " has no real server on node "
                                + node.name() + " that takes connections, but the service has " + ready.size()
                                + " ready endpoint" + (ready.size() == 1 ? "" : "s")
                                + (service.externalLocal() ? " (externalTrafficPolicy Local)" : ""),
                        Vector.of(
                                server.evidence(),
                                service.evidence(),
                                ready.head().evidence())));
    }

    private static boolean takesConnections(VirtualServer server) {
        for (int i = 0; i < server.list().size(); i++) {
            if (server.list().weight(i) != 0) {
                return true;
            }
        }
        return false;
    }

    private Option<Finding> refused(Packet packet, VirtualServer server, ProxyVerdict verdict) {
        Option<RuleStep> rule = verdict.branches()
                .filter(branch -> branch.outcome() instanceof ProxyOutcome.Rejected)
                .map(ProxyBranch::trail)
                .flatMap(trail -> trail.lastOption())
                .find(step -> step.chain().equals(FILTER));
        return takesConnections(server)
                ? rule.map(step -> finding(
                        IpvsFindings.SERVED_ADDRESS_REFUSED,
                        FILTER + " of node " + node.name() + " refuses "
                                + packet.protocol().lower() + " " + packet.to() + ", which virtual server "
                                + server.name() + " serves",
                        Vector.of(step.evidence(), server.evidence())))
                : Option.none();
    }

    private Option<Finding> reused(VirtualServer server) {
        Sysctl.Setting reuse = sysctl.connReuseMode();
        if (reuse.isOn()) {
            return Option.none();
        }
        return Vector.range(0, server.list().size())
                .find(real -> server.list().weight(real) == 0)
                .map(real -> finding(
                        IpvsFindings.REUSED_CONNECTIONS,
                        "net.ipv4.vs.conn_reuse_mode is 0 on node " + node.name() + ", and real server "
                                + server.list().address(real) + ":"
                                + server.list().port(real) + " of " + server.name()
                                + " has weight 0",
                        reuse.evidence().toVector().append(server.evidence(real))));
    }
}
