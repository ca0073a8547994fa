package dev.podpath.ports.node;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** The kinds of findings that the documents of a node show whatever the mode of its proxy. */
public final class NodeFindings {
    /** A port of the node is claimed twice. */
    public static final FindingCode PORT_TWICE = new FindingCode(
            "PP-NODE-032",
            Severity.WARNING,
            "A node port of a service is a port of the node for a pod, too",
            "A packet to this port of the node is either sent to the service or reaches the pod that has it as a host port or"
                    + " listens there in the node's network. Which of them is up to the order of the rules of kube-proxy and of"
                    + " the network plugin, so that one of the two answers for the other, perhaps only after one of them wrote"
                    + " its rules anew.",
            "Give the service another node port, or the pod another port; keep host ports out of kube-proxy's range (30000 to"
                    + " 32767 unless --service-node-port-range says otherwise).");

    /** A tracked connection goes on to a pod that is gone. */
    public static final FindingCode DEAD_CONNECTION = new FindingCode(
            "PP-NODE-033",
            Severity.ERROR,
            "A node still sends datagrams of tracked connections to an endpoint that is gone",
            "The kernel translates the packets of a connection as it translated the first one. UDP has no end of a connection,"
                    + " so a client that goes on sending from one port keeps the entry alive, and with it the endpoint it was"
                    + " given once: its datagrams vanish although the rules name other endpoints by now. kube-proxy removes"
                    + " such entries when an endpoint goes, unless it was not running then or the conntrack tool is missing.",
            "Remove the entries with: conntrack -D -p udp --orig-dst ADDRESS --orig-port-dst PORT (on the node); find out from"
                    + " kube-proxy's log why it did not.");

    /** Packets that belong to no connection reset connections. */
    public static final FindingCode INVALID_PACKETS = new FindingCode(
            "PP-NODE-035",
            Severity.WARNING,
            "Packets that connection tracking takes for invalid leave the node untranslated",
            "A packet outside the window that connection tracking expects is of no connection for it, so it is not translated"
                    + " back. The receiver gets it from an address it does not know and resets the connection: large or slow"
                    + " transfers end with 'connection reset by peer'. kube-proxy drops such packets in KUBE-FORWARD, or sets"
                    + " net.netfilter.nf_conntrack_tcp_be_liberal; here neither is the case.",
            "Set net.netfilter.nf_conntrack_tcp_be_liberal to 1 on the node, or run a kube-proxy that drops packets of state"
                    + " INVALID (1.15 and later).");

    /** The table of connections is full or nearly so. */
    public static final FindingCode TABLE_FULL = new FindingCode(
            "PP-NODE-036",
            Severity.ERROR,
            "The table of connections of a node is full or nearly full",
            "New connections are dropped when the table of connection tracking is full ('nf_conntrack: table full, dropping"
                    + " packet' in the kernel's log): at random, health checks among them.",
            "Raise net.netfilter.nf_conntrack_max (kube-proxy: conntrack.maxPerCore), or find what opens so many connections"
                    + " with: conntrack -L | awk '{print $1, $4}' | sort | uniq -c | sort -n.");

    /** Answers leave by another interface than questions come in by, and the kernel is strict about that. */
    public static final FindingCode OTHER_WAY_BACK = new FindingCode(
            "PP-NODE-039",
            Severity.ERROR,
            "A node drops packets to pods whose answers leave by another interface",
            "With strict reverse path filtering the kernel drops a packet whose source it would reach by another interface than"
                    + " the packet came in by. Pods whose addresses belong to a further network interface have rules for"
                    + " routing of their own, so that their answers leave by that interface. What comes to a node port at the"
                    + " node's first interface and is sent on to such a pod is dropped before it gets there, and told as a"
                    + " martian source in the kernel's log at most; from other nodes the same service works, so that a part"
                    + " of the tries hangs.",
            "Set net.ipv4.conf.INTERFACE.rp_filter to 2 for the interface that packets come in by (network plugins with"
                    + " several interfaces do so; look for a file in /etc/sysctl.d or a system service that sets it back).");

    /** Packets do not fit through a tunnel. */
    public static final FindingCode TUNNEL_MTU = new FindingCode(
            "PP-NODE-040",
            Severity.ERROR,
            "Packets of a tunnel between nodes do not fit through the network below",
            "A tunnel wraps each packet into another one. Its MTU must be smaller than that of the interface below by what the"
                    + " wrapping takes. Here it is not: connections are opened and small answers arrive, and large ones between"
                    + " nodes hang.",
            "Set the MTU in the network plugin's configuration to that of the interface below less the wrapping: 50 bytes for"
                    + " VXLAN, 20 for IP in IP, 60 for WireGuard.");

    private NodeFindings() {}

    /** All of them, sorted by code. */
    public static Vector<FindingCode> all() {
        return Vector.of(PORT_TWICE, DEAD_CONNECTION, INVALID_PACKETS, TABLE_FULL, OTHER_WAY_BACK, TUNNEL_MTU);
    }
}
