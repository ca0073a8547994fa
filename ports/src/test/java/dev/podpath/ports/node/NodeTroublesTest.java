package dev.podpath.ports.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.ContainerPort;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** Each trouble put into a healthy node is found, and the healthy node has none. */
class NodeTroublesTest {
    private static final String ENTRY = "udp      17 28 src=10.244.1.5 dst=10.96.0.10 sport=40000 dport=53"
            + " src=10.244.2.%d dst=10.244.1.5 sport=5353 dport=40000 [ASSURED] mark=0 use=1\n";
    private static final String FORWARD =
            "*nat\n:KUBE-SEP-AAAAAAAAAAAAAAAA - [0:0]\nCOMMIT\n*filter\n:FORWARD ACCEPT [0:0]\n:KUBE-FORWARD - [0:0]\n"
                    + "-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP\n"
                    + "-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT\nCOMMIT\n";
    private static final String SYSCTL = "net.netfilter.nf_conntrack_count = 1200\n"
            + "net.netfilter.nf_conntrack_max = 131072\nnet.netfilter.nf_conntrack_tcp_be_liberal = 0\n";
    private static final String LINKS =
            "[{\"ifname\":\"eth0\",\"mtu\":1500,\"addr_info\":[{\"local\":\"192.168.1.10\",\"prefixlen\":24}]},"
                    + "{\"ifname\":\"flannel.1\",\"mtu\":1450,\"addr_info\":[]},"
                    + "{\"ifname\":\"tunl0\",\"mtu\":1500,\"flags\":[\"NOARP\"],\"link_type\":\"ipip\",\"addr_info\":[]}]";

    @Example
    @Label("a healthy node has none")
    void clean() {
        assertThat(codes(Map.of())).isEmpty();
        assertThat(troubles(new HashMap<>())).isEmpty();
    }

    @Example
    @Label("a tracked connection that leads to a pod that is gone is PP-NODE-033")
    void deadConnection() {
        Vector<Finding> found = with(Map.of("conntrack.txt", ENTRY.formatted(9) + ENTRY.formatted(77)));
        assertThat(found.map(one -> one.code().code())).containsExactly("PP-NODE-033");
        assertThat(found.head().message()).contains("10.244.2.77:5353").contains("kube-system/dns");
        assertThat(found.head().evidence().map(Evidence::toString).mkString()).contains("77");
    }

    @Example
    @Label("a node port that a pod of the node has as its host port is PP-NODE-032")
    void portTwice() {
        ContainerPort taken = new ContainerPort("", Protocol.UDP, 5353, Option.some(30053));
        Vector<Finding> found = ofPod(pod("n1", "Running", false, taken));
        assertThat(found.map(one -> one.code().code())).containsExactly("PP-NODE-032");
        assertThat(found.head().message())
                .contains("30053/UDP")
                .contains("kube-system/dns")
                .contains("app/other");
        assertThat(ofPod(pod("n1", "Running", true, new ContainerPort("", Protocol.UDP, 30053, Option.none()))))
                .hasSize(1);
        assertThat(ofPod(pod("n2", "Running", false, taken))).isEmpty();
        assertThat(ofPod(pod("n1", "Succeeded", false, taken))).isEmpty();
        assertThat(ofPod(pod("n1", "Running", false, new ContainerPort("", Protocol.TCP, 5353, Option.some(30053)))))
                .isEmpty();
        assertThat(ofPod(pod("n1", "Running", false, new ContainerPort("", Protocol.UDP, 30053, Option.none()))))
                .isEmpty();
    }

    private static Pod pod(String node, String phase, boolean hostNetwork, ContainerPort port) {
        return Pod.builder()
                .namespace("app")
                .name("other")
                .node(Option.some(node))
                .phase(phase)
                .hostNetwork(hostNetwork)
                .ports(Vector.of(port))
                .evidence(Evidence.pointer("kubernetes/pods.json", "/items/0", ""))
                .build();
    }

    private static Vector<Finding> ofPod(Pod pod) {
        return troubles(new HashMap<>(), cluster(Vector.of(pod)));
    }

    @Example
    @Label("packets of state INVALID that nobody drops are PP-NODE-035, unless the kernel is liberal")
    void invalid() {
        String without = FORWARD.replace("-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP\n", "");
        assertThat(codes(Map.of("iptables-save.txt", without))).containsExactly("PP-NODE-035");
        assertThat(codes(Map.of(
                        "iptables-save.txt", without, "sysctl.txt", SYSCTL.replace("liberal = 0", "liberal = 1"))))
                .isEmpty();
    }

    @Example
    @Label("a table of connections that is nearly full is PP-NODE-036")
    void full() {
        assertThat(codes(Map.of("sysctl.txt", SYSCTL.replace("1200", "131000"))))
                .containsExactly("PP-NODE-036");
        assertThat(codes(Map.of("sysctl.txt", SYSCTL.replace("1200", "100000"))))
                .isEmpty();
    }

    @Example
    @Label("a tunnel whose packets do not fit below is PP-NODE-040")
    void tunnel() {
        assertThat(codes(Map.of("ip-addr.json", LINKS.replace("1450", "1500")))).containsExactly("PP-NODE-040");
        assertThat(codes(Map.of("ip-addr.json", LINKS.replace("[\"NOARP\"]", "[\"NOARP\",\"UP\"]"))))
                .containsExactly("PP-NODE-040");
    }

    @Property(tries = 100)
    @Label("any text of any document is read or left alone")
    void anyText(@ForAll String text) {
        for (String name : new String[] {"conntrack.txt", "sysctl.txt", "iptables-save.txt", "ip-addr.json"}) {
            assertThat(with(Map.of(name, text))).isNotNull();
        }
        assertThat(with(Map.of(
                        "conntrack.txt", "udp " + text + " src=" + text + " dst=10.96.0.10 dport=53 src=" + text)))
                .isNotNull();
    }

    private static Vector<String> codes(Map<String, String> changed) {
        return with(changed).map(one -> one.code().code());
    }

    private static Vector<Finding> with(Map<String, String> changed) {
        Map<String, String> documents = new HashMap<>(Map.of(
                "conntrack.txt",
                ENTRY.formatted(9),
                "iptables-save.txt",
                FORWARD,
                "sysctl.txt",
                SYSCTL,
                "ip-addr.json",
                LINKS));
        documents.putAll(changed);
        return troubles(documents);
    }

    private static Vector<Finding> troubles(Map<String, String> documents) {
        return troubles(documents, cluster(Vector.empty()));
    }

    private static Vector<Finding> troubles(Map<String, String> documents, Cluster cluster) {
        Map<String, String> paths = new HashMap<>();
        documents.forEach((name, text) -> paths.put("nodes/n1/" + name, text));
        Snapshot snapshot = MemorySnapshot.of(paths);
        return NodeTroubles.of(new NodeState("n1", snapshot, cluster, NodeInterfaces.read("n1", snapshot, cluster)));
    }

    private static Cluster cluster(Vector<Pod> pods) {
        Evidence where = Evidence.pointer("kubernetes/services.json", "/items/0", "");
        ServiceKey key = new ServiceKey("kube-system", "dns");
        Service service = Service.builder()
                .key(key)
                .type(Service.Type.CLUSTER_IP)
                .clusterIps(Vector.of(IpAddress.of("10.96.0.10")))
                .ports(Vector.of(new ServicePort("dns", Protocol.UDP, 53, "5353", Option.some(30053))))
                .evidence(where)
                .build();
        Endpoint endpoint = Endpoint.builder()
                .service(key)
                .portName("dns")
                .protocol(Protocol.UDP)
                .address(new AddressPort(IpAddress.of("10.244.2.9"), 5353))
                .evidence(where)
                .build();
        Node node = Node.builder()
                .name("n1")
                .internalAddresses(Vector.of(IpAddress.of("192.168.1.10")))
                .evidence(where)
                .build();
        return new Cluster(
                Cluster.Captured.ALL,
                "cluster.local",
                Option.none(),
                Vector.of(service),
                Vector.of(endpoint),
                pods,
                Vector.of(node));
    }
}
