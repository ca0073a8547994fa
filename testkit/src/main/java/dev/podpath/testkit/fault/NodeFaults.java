package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.ports.node.NodeFindings;
import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Faults of a node beside the rules of its mode: of the kernel's state, its settings and interfaces, and of rules that
 * another mode left behind. Each is in a document of its own and shows whatever the mode.
 */
public final class NodeFaults {
    private static final String SYSCTL = "sysctl.txt";
    private static final String RULES = "iptables-save.txt";
    private static final String ADDRESSES = "ip-addr.json";
    private static final IpAddress GONE = IpAddress.of("10.244.250.251");

    private NodeFaults() {}

    /** Puts the fault into the documents. */
    @FunctionalInterface
    private interface Places {
        Vector<DocumentEdit> in(Map<String, String> documents, Scene scene);
    }

    private record NodeFault(String name, String description, Places places) implements Fault {
        @Override
        public Option<Injection> inject(Scene scene, Map<String, String> documents, long seed) {
            return DocumentEdit.oneOf(places.in(documents, scene), name, documents, seed);
        }
    }

    /** All of them. */
    public static Vector<Fault> all() {
        return Vector.of(
                new NodeFault(
                        "dead-tracked-connection",
                        "a tracked connection of UDP goes on to an endpoint that is gone, past all rules",
                        NodeFaults::tracked),
                new NodeFault(
                        "undropped-invalid-packets",
                        "nobody drops packets that connection tracking takes for invalid, so they leave untranslated",
                        NodeFaults::invalid),
                new NodeFault(
                        "full-connection-table",
                        "the table of connections is full, so that the kernel drops packets of new ones",
                        NodeFaults::full),
                new NodeFault(
                        "tunnel-without-room",
                        "a tunnel's interface takes packets that do not fit through the network below it once wrapped",
                        NodeFaults::tunnel),
                new NodeFault(
                        "strict-reverse-path",
                        "answers of a pod leave by another interface than packets come in by, and the kernel is strict about that",
                        NodeFaults::reversePath),
                new NodeFault(
                        "leftover-mode",
                        "kube-proxy was switched from iptables to IPVS mode, and its old rules still refuse a service",
                        NodeFaults::leftover));
    }

    /** The fault of this name. */
    public static Fault named(String name) {
        return all().find(fault -> fault.name().equals(name))
                .getOrElseThrow(() -> new IllegalArgumentException("no fault " + name));
    }

    private static Vector<DocumentEdit> tracked(Map<String, String> documents, Scene scene) {
        return served(scene, Protocol.UDP).map(found -> {
            AddressPort vip = vip(scene, found);
            int port = endpoints(scene, found).head().address().port();
            String entry = "udp      17 28 src=10.244.1.5 dst=" + vip.address() + " sport=40000 dport=" + vip.port()
                    + " src=" + GONE + " dst=10.244.1.5 sport=" + port + " dport=40000 [ASSURED] mark=0 use=1\n";
            return edit(
                    "conntrack.txt",
                    0,
                    "an entry for " + vip + " leads to " + GONE,
                    Option.some(found),
                    NodeFindings.DEAD_CONNECTION,
                    documents.getOrElse("conntrack.txt", "") + entry);
        });
    }

    private static Vector<DocumentEdit> invalid(Map<String, String> documents, Scene scene) {
        String rules = documents.getOrElse(RULES, "");
        String[] lines = rules.split("\n", -1);
        String left = Vector.of(lines)
                .reject(line -> line.contains("INVALID") && line.endsWith("-j DROP"))
                .mkString("\n");
        int at = Vector.of(lines).indexWhere(line -> line.contains("INVALID") && line.endsWith("-j DROP"));
        boolean strict = documents.getOrElse(SYSCTL, "").contains("net.netfilter.nf_conntrack_tcp_be_liberal = 0");
        return at < 0 || !strict || !rules.contains(":KUBE-SEP-")
                ? Vector.empty()
                : Vector.of(edit(
                        RULES,
                        at,
                        "no rule drops packets of state INVALID",
                        Option.none(),
                        NodeFindings.INVALID_PACKETS,
                        left));
    }

    private static Vector<DocumentEdit> full(Map<String, String> documents, Scene scene) {
        return Vector.of(edit(
                SYSCTL,
                0,
                "all connections there may be are there",
                Option.none(),
                NodeFindings.TABLE_FULL,
                documents.getOrElse(SYSCTL, "")
                        + "net.netfilter.nf_conntrack_count = 131072\nnet.netfilter.nf_conntrack_max = 131072\n"));
    }

    private static Vector<DocumentEdit> tunnel(Map<String, String> documents, Scene scene) {
        String links = documents.getOrElse(ADDRESSES, "").stripTrailing();
        return !links.endsWith("]")
                ? Vector.empty()
                : Vector.of(edit(
                        ADDRESSES,
                        0,
                        "flannel.1 has the MTU of the interface below",
                        Option.none(),
                        NodeFindings.TUNNEL_MTU,
                        links.substring(0, links.length() - 1)
                                + ",{\"ifindex\":99,\"ifname\":\"flannel.1\",\"flags\":[\"UP\"],\"mtu\":1500,"
                                + "\"addr_info\":[]}]\n"));
    }

    /** As network plugins with several interfaces lay it out; the healthy twin of it has the filter loose. */
    private static Vector<DocumentEdit> reversePath(Map<String, String> documents, Scene scene) {
        boolean laidOut = documents.containsKey("ip-rule.json");
        String loose = ".rp_filter = 2";
        String settings = documents.getOrElse(SYSCTL, "");
        return !laidOut || !settings.contains(loose)
                ? Vector.empty()
                : Vector.of(edit(
                        SYSCTL,
                        0,
                        "the filter of reverse paths is strict",
                        Option.none(),
                        NodeFindings.OTHER_WAY_BACK,
                        settings.replace(loose, ".rp_filter = 1")));
    }

    /** Only where IPVS serves: the rules of iptables mode would be overwritten. */
    private static Vector<DocumentEdit> leftover(Map<String, String> documents, Scene scene) {
        String rules = documents.getOrElse(RULES, "");
        int filter = rules.indexOf("*filter\n");
        int commit = filter < 0 ? -1 : rules.indexOf("COMMIT", filter);
        if (commit < 0 || !documents.containsKey(IpvsFault.TABLE)) {
            return Vector.empty();
        }
        return served(scene, Protocol.TCP).map(found -> {
            AddressPort vip = vip(scene, found);
            String table = rules.substring(filter, commit);
            int first = table.indexOf("\n-A ") + 1;
            String chain = "KUBE-OLD-SERVICES";
            String left = table.substring(0, first) + ":" + chain + " - [0:0]\n-A INPUT -j " + chain + "\n-A OUTPUT -j "
                    + chain + "\n" + table.substring(first) + "-A " + chain + " -d " + vip.address() + "/32 -p tcp -m"
                    + " comment --comment \"has no endpoints\" -m tcp --dport " + vip.port()
                    + " -j REJECT --reject-with icmp-port-unreachable\n";
            return new DocumentEdit(
                    RULES,
                    0,
                    "an old rule refuses " + vip,
                    Option.some(found),
                    Option.none(),
                    HashSet.of(VerifyFindings.REFUSED, VerifyFindings.OTHER_MODE),
                    () -> rules.substring(0, filter) + left + rules.substring(commit));
        });
    }

    /** Ports of services of this protocol with an IPv4 cluster address and a ready IPv4 endpoint. */
    private static Vector<ServicePortRef> served(Scene scene, Protocol protocol) {
        return scene.cluster()
                .services()
                .filter(service -> service.clusterIps().exists(address -> !address.isV6())
                        && service.sourceRanges().isEmpty())
                .flatMap(service -> service.ports()
                        .filter(port -> port.protocol() == protocol)
                        .map(service::ref))
                .reject(ref -> endpoints(scene, ref).isEmpty());
    }

    private static Vector<Endpoint> endpoints(Scene scene, ServicePortRef ref) {
        return scene.cluster()
                .endpointsOf(ref)
                .filter(endpoint ->
                        endpoint.ready() && !endpoint.address().address().isV6());
    }

    private static AddressPort vip(Scene scene, ServicePortRef ref) {
        Service service = scene.cluster().service(ref.service()).get();
        ServicePort port = service.port(ref.port(), ref.protocol()).get();
        return new AddressPort(
                service.clusterIps().find(address -> !address.isV6()).get(), port.port());
    }

    private static DocumentEdit edit(
            String document, int line, String what, Option<ServicePortRef> service, FindingCode code, String text) {
        return new DocumentEdit(document, line, what, service, Option.none(), HashSet.of(code), () -> text);
    }
}
