package dev.podpath.proxy.iptables;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.proxy.iptables.eval.Netfilter;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** Nodes made of texts, and packets and verdicts in few words. */
public final class Nodes {
    /** Addresses of the laboratory's node: ext0 towards the world, and the gateway address of its pods. */
    public static final String ADDRESSES = """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8},{"local":"::1","prefixlen":128}]},
             {"ifname":"ext0","addr_info":[{"local":"192.168.50.1","prefixlen":24},{"local":"fd00:50::1","prefixlen":64}]},
             {"ifname":"pod1","addr_info":[{"local":"10.244.0.1","prefixlen":32},{"local":"fd00:10:244::1","prefixlen":128}]}]
            """;

    /** Routes of the laboratory's node. */
    public static final String ROUTES = """
            [{"dst":"default","gateway":"192.168.50.254","dev":"ext0"},{"dst":"192.168.50.0/24","dev":"ext0"},
             {"dst":"10.244.0.11","dev":"pod1"},{"dst":"10.244.0.12","dev":"pod2"},{"dst":"10.244.0.13","dev":"pod3"},
             {"dst":"10.244.0.14","dev":"pod4"},{"dst":"10.244.0.15","dev":"pod5"},{"dst":"10.244.0.16","dev":"pod6"},
             {"dst":"default","gateway":"fd00:50::fe","dev":"ext0"},{"dst":"fd00:50::/64","dev":"ext0"},
             {"dst":"fd00:10:244::11","dev":"pod1"},{"dst":"fd00:10:244::12","dev":"pod2"}]
            """;

    private Nodes() {}

    /** Where the shared reference data is; the test is skipped where it is absent. */
    public static Path shared(String path) {
        Path found =
                Path.of(System.getProperty("podpath.root", "."), "..", "shared").resolve(path);
        boolean there = Files.exists(found);
        if (!there && "1".equals(System.getenv("PODPATH_REQUIRE_ORACLES"))) {
            throw new AssertionError("missing " + found);
        }
        Assumptions.assumeTrue(there, () -> "skipped: " + found + " is not there");
        return found;
    }

    /** The text of a shared file. */
    public static String read(Path path) {
        try {
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A node with these documents below its directory, file name and text in turn. */
    public static NodeState node(String... files) {
        Map<String, Document> documents = new TreeMap<>();
        for (int i = 0; i < files.length; i += 2) {
            String path = "nodes/n1/" + files[i];
            documents.put(path, new Document(path, files[i + 1].getBytes(StandardCharsets.ISO_8859_1)));
        }
        Snapshot snapshot = new Snapshot() {
            @Override
            public String origin() {
                return "test";
            }

            @Override
            public Vector<String> paths() {
                return Vector.ofAll(documents.keySet());
            }

            @Override
            public Option<Document> document(String path) {
                return Option.of(documents.get(path));
            }
        };
        Cluster cluster = Cluster.unknown();
        return new NodeState("n1", snapshot, cluster, NodeInterfaces.read("n1", snapshot, cluster));
    }

    /** The laboratory's node with these IPv4 rules. */
    public static Netfilter lab(String rules, String... more) {
        String[] files = new String[more.length + 6];
        files[0] = "iptables-save.txt";
        files[1] = rules;
        files[2] = "ip-addr.json";
        files[3] = ADDRESSES;
        files[4] = "ip-route.json";
        files[5] = ROUTES;
        System.arraycopy(more, 0, files, 6, more.length);
        return Netfilter.read(node(files)).value();
    }

    /** {@code tcp}, a source address, a destination address and port. */
    public static Packet tcp(String source, String destination) {
        return packet(Protocol.TCP, source, destination);
    }

    /** As {@link #tcp}, over UDP. */
    public static Packet udp(String source, String destination) {
        return packet(Protocol.UDP, source, destination);
    }

    /** A packet with an open source port. */
    public static Packet packet(Protocol protocol, String source, String destination) {
        return Packet.of(
                protocol, IpAddress.of(source), AddressPort.parse(destination).get());
    }

    /** From outside. */
    public static Arrival external() {
        return Arrival.of(Arrival.Kind.EXTERNAL);
    }

    /** From a pod of the node. */
    public static Arrival pod() {
        return Arrival.of(Arrival.Kind.POD);
    }

    /** From the node itself. */
    public static Arrival self() {
        return Arrival.of(Arrival.Kind.NODE);
    }

    /** A verdict as one line: the branches in order, each outcome, {@code M} where masqueraded, and its share. */
    public static String show(ProxyVerdict verdict) {
        return verdict.branches().map(Nodes::show).mkString(" | ");
    }

    private static String show(ProxyBranch branch) {
        ProxyOutcome outcome = branch.outcome();
        String end = outcome instanceof ProxyOutcome.ToEndpoint to
                ? to.address().toString()
                : outcome instanceof ProxyOutcome.Rejected rejected
                        ? "REJECT " + rejected.with()
                        : outcome instanceof ProxyOutcome.Dropped
                                ? "DROP"
                                : outcome instanceof ProxyOutcome.Untouched ? "UNTOUCHED" : "UNKNOWN";
        SourceNat nat = branch.sourceNat();
        String source = nat instanceof SourceNat.Kept
                ? ""
                : nat instanceof SourceNat.Masquerade masquerade
                        ? " M" + masquerade.candidates().mkString("(", ",", ")")
                        : nat instanceof SourceNat.Snat snat
                                ? " S" + snat.addresses().mkString("(", ",", ")")
                                : " M?";
        return end + source + (branch.share().toString().equals("1") ? "" : " " + branch.share());
    }
}
