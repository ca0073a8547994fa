package dev.podpath.proxy.nftables;

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
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.proxy.nftables.eval.NftablesRules;
import dev.podpath.proxy.nftables.parse.RulesetReader;
import dev.podpath.proxy.nftables.rule.Ruleset;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Nodes for tests: two addresses on eth0, pods behind pod1 to pod6. */
final class Nodes {
    static final String ADDRESSES = """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8},{"local":"::1","prefixlen":128}]},
             {"ifname":"ext0","addr_info":[{"local":"192.168.50.1","prefixlen":24},{"local":"fd00:50::1","prefixlen":64}]},
             {"ifname":"pod1","addr_info":[{"local":"10.244.0.1","prefixlen":32},{"local":"fd00:10:244::1","prefixlen":128}]}]
            """;
    static final String ROUTES = """
            [{"dst":"default","gateway":"192.168.50.254","dev":"ext0"},{"dst":"192.168.50.0/24","dev":"ext0"},
             {"dst":"10.244.0.11","dev":"pod1"},{"dst":"10.244.0.12","dev":"pod2"},{"dst":"10.244.0.13","dev":"pod3"},
             {"dst":"default","gateway":"fd00:50::fe","dev":"ext0"},{"dst":"fd00:50::/64","dev":"ext0"},
             {"dst":"fd00:10:244::11","dev":"pod1"},{"dst":"fd00:10:244::12","dev":"pod2"}]
            """;

    private Nodes() {}

    static Document document(String text) {
        return new Document("nodes/n1/nft-ruleset.txt", text.getBytes(StandardCharsets.UTF_8));
    }

    static Reading<Ruleset> read(String text) {
        return RulesetReader.read(document(text));
    }

    static NodeState node(Map<String, String> documents) {
        Map<String, String> all = new java.util.HashMap<>();
        documents.forEach((name, text) -> all.put("nodes/n1/" + name, text));
        Snapshot snapshot = MemorySnapshot.of(all);
        Cluster cluster = new Cluster(
                new Cluster.Captured(true, true, false, true),
                "cluster.local",
                Option.none(),
                Vector.empty(),
                Vector.empty(),
                Vector.empty(),
                Vector.empty());
        return new NodeState("n1", snapshot, cluster, NodeInterfaces.read("n1", snapshot, cluster));
    }

    static NftablesRules rules(String text) {
        Reading<Ruleset> reading = read(text);
        NodeState node = node(Map.of("nft-ruleset.txt", text, "ip-addr.json", ADDRESSES, "ip-route.json", ROUTES));
        return new NftablesRules(node, reading.value());
    }

    static Packet packet(Protocol protocol, String from, String to, int port) {
        return new Packet(protocol, IpAddress.of(from), 40000, IpAddress.of(to), port);
    }

    /** A verdict in short: one word or address for each branch, {@code *} for a changed source. */
    static String brief(ProxyVerdict verdict) {
        return verdict.branches().map(Nodes::brief).mkString(" ");
    }

    private static String brief(ProxyBranch branch) {
        ProxyOutcome outcome = branch.outcome();
        String end = outcome instanceof ProxyOutcome.ToEndpoint to
                ? address(to.address())
                : outcome.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        return end + (branch.sourceNat() instanceof SourceNat.Kept ? "" : "*");
    }

    private static String address(AddressPort to) {
        return to.toString();
    }

    static Arrival pod(int number) {
        return Arrival.on(Arrival.Kind.POD, "pod" + number);
    }

    static Arrival outside() {
        return Arrival.on(Arrival.Kind.EXTERNAL, "ext0");
    }

    static Arrival own() {
        return Arrival.of(Arrival.Kind.NODE);
    }

    /** A file of the kernel's own listings; skips the test where they are not there. */
    static String sample(String name) {
        Path file = Path.of(System.getProperty("podpath.root", ".."), "..", "shared", "kernel-lab", "samples", name);
        if (!Files.isRegularFile(file) && "1".equals(System.getenv("PODPATH_REQUIRE_ORACLES"))) {
            throw new AssertionError("no " + file);
        }
        Assumptions.assumeTrue(Files.isRegularFile(file), () -> "skipped: no " + file);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
