package dev.podpath.ports.node;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.ContainerPort;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.IpAddress;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** What the documents of a node show of troubles that no verdict on a packet shows. Nothing where nothing was captured. */
public final class NodeTroubles {
    private static final String ADDRESSES = "ip-addr.json";
    /** In percent: from here on the table counts as full. */
    private static final int FULL = 95;

    private static final int VXLAN = 50;
    private static final int IP_IN_IP = 20;
    private static final int WIREGUARD = 60;

    private NodeTroubles() {}

    /** All that is found. */
    public static Vector<Finding> of(NodeState node) {
        return TrackedDatagrams.dead(node)
                .toVector()
                .appendAll(portsClaimedTwice(node))
                .appendAll(invalidPackets(node))
                .appendAll(fullTable(node))
                .appendAll(ReversePath.dropped(node))
                .appendAll(tunnels(node));
    }

    /** Node ports of services that pods on the node have as host ports, or listen at in its network. */
    private static Vector<Finding> portsClaimedTwice(NodeState node) {
        Cluster cluster = node.cluster();
        return cluster.pods()
                .filter(pod -> pod.node().contains(node.name())
                        && !pod.phase().equals("Succeeded")
                        && !pod.phase().equals("Failed"))
                .flatMap(pod -> pod.ports()
                        .flatMap(port -> hostPort(pod, port)
                                .flatMap(number -> cluster.servicePortAtNodePort(number, port.protocol()))
                                .flatMap(ref -> cluster.service(ref.service())
                                        .map(service -> Finding.of(
                                                NodeFindings.PORT_TWICE,
                                                "port " + hostPort(pod, port).get() + "/" + port.protocol()
                                                        + " of node "
                                                        + node.name() + " is a node port of " + ref
                                                        + " and a port of pod "
                                                        + pod.id(),
                                                service.evidence(),
                                                pod.evidence())))));
    }

    private static Option<Integer> hostPort(Pod pod, ContainerPort port) {
        return pod.hostNetwork() ? Option.some(port.port()) : port.hostPort();
    }

    /** Only where it was captured that the kernel is strict, and rules of kube-proxy that translate by themselves. */
    private static Option<Finding> invalidPackets(NodeState node) {
        Option<Setting> liberal = Setting.find(node, "net.netfilter.nf_conntrack_tcp_be_liberal");
        Option<Document> rules = node.document("iptables-save.txt");
        if (liberal.isEmpty() || liberal.get().value() != 0 || rules.isEmpty()) {
            return Option.none();
        }
        Option<Integer> chain = Option.none();
        boolean translates = false;
        for (int line = 1; line <= rules.get().lines().count(); line++) {
            String text = rules.get().lines().line(line);
            if (text.contains("INVALID") && text.endsWith("-j DROP")) {
                return Option.none();
            }
            translates |= text.startsWith(":KUBE-SEP-");
            chain = text.startsWith("-A KUBE-FORWARD ") ? chain.orElse(Option.some(line)) : chain;
        }
        return !translates
                ? Option.none()
                : chain.map(line -> Finding.of(
                        NodeFindings.INVALID_PACKETS,
                        "node " + node.name() + " neither drops packets of state INVALID nor takes them for valid",
                        liberal.get().evidence(),
                        rules.get().line(line)));
    }

    private static Option<Finding> fullTable(NodeState node) {
        Option<Setting> count = Setting.find(node, "net.netfilter.nf_conntrack_count");
        Option<Setting> most = Setting.find(node, "net.netfilter.nf_conntrack_max");
        return count.flatMap(now -> most.filter(max -> max.value() > 0 && now.value() >= max.value() * FULL / 100)
                .map(max -> Finding.of(
                        NodeFindings.TABLE_FULL,
                        "node " + node.name() + " tracks " + now.value() + " connections of at most " + max.value(),
                        now.evidence(),
                        max.evidence())));
    }

    private static Vector<Finding> tunnels(NodeState node) {
        Vector<IpAddress> own = node.node().map(Node::internalAddresses).getOrElse(Vector.empty());
        Vector<Json> links = node.document(ADDRESSES)
                .flatMap(document -> document.json().toOption())
                .filter(Json::isArray)
                .map(Json::items)
                .getOrElse(Vector.empty());
        Option<Json> below = links.find(link -> link.items("addr_info")
                .flatMap(entry -> entry.text("local").flatMap(IpAddress::parse))
                .exists(own::contains));
        Option<Integer> room = below.flatMap(link -> link.integer("mtu")).filter(mtu -> mtu > 0);
        return room.toVector()
                .flatMap(mtu -> links.filter(link -> link.integer("mtu")
                                .exists(inside -> wrapping(link) > 0 && inside > mtu - wrapping(link)))
                        .map(link -> Finding.of(
                                NodeFindings.TUNNEL_MTU,
                                "on node " + node.name() + " the MTU of " + link.textOr("", "ifname") + " is "
                                        + link.integer("mtu").get() + ", and " + (mtu - wrapping(link))
                                        + " fit through " + below.get().textOr("", "ifname") + " (" + mtu
                                        + " less the wrapping)",
                                link.evidence(),
                                below.get().evidence())));
    }

    /** Bytes that a tunnel adds to a packet, by the names that network plugins give them; 0 for what is no tunnel. */
    private static int wrapping(Json link) {
        String name = link.textOr("", "ifname");
        if (name.equals("tunl0") || link.textOr("", "link_type").equals("ipip")) {
            // The fallback device that the module brings is down until somebody uses it.
            boolean up = link.texts("flags").contains("UP");
            return up ? IP_IN_IP : 0;
        }
        boolean flannel = name.startsWith("flannel.") && !name.equals("flannel.ipip");
        if (flannel || name.equals("vxlan.calico")) {
            return VXLAN;
        }
        return name.equals("wireguard.cali") || name.equals("flannel-wg") ? WIREGUARD : 0;
    }
}
