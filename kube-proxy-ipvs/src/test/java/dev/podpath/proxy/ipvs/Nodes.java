package dev.podpath.proxy.ipvs;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** Nodes made of texts, and packets and verdicts in few words. */
final class Nodes {
    private Nodes() {}

    /** Where the shared reference data is; the test is skipped where it is absent. */
    static Path shared(String path) {
        Path found =
                Path.of(System.getProperty("podpath.root", "."), "..", "shared").resolve(path);
        boolean there = Files.exists(found);
        if (!there && "1".equals(System.getenv("PODPATH_REQUIRE_ORACLES"))) {
            throw new AssertionError("missing " + found);
        }
        Assumptions.assumeTrue(there, () -> "skipped: " + found + " is not there");
        return found;
    }

    static NodeState node(Map<String, String> files) {
        Map<String, String> documents = new TreeMap<>();
        files.forEach((name, text) -> documents.put("nodes/n1/" + name, text));
        Snapshot snapshot = MemorySnapshot.of(documents);
        return new NodeState("n1", snapshot, Cluster.unknown(), NodeInterfaces.read("n1", snapshot, Cluster.unknown()));
    }

    static Reading<Either<Decision, ServiceProxy>> open(Map<String, String> files) {
        return new IpvsMode().open(node(files));
    }

    static ServiceProxy proxy(Map<String, String> files) {
        return open(files).value().get();
    }

    /** A TCP packet, from {@code A} or {@code A:PORT} to {@code B:PORT}. */
    static Packet tcp(String from, String to) {
        AddressPort source = AddressPort.parse(from).getOrElse(() -> new AddressPort(IpAddress.of(from), 0));
        AddressPort destination = AddressPort.parse(to).get();
        return new Packet(Protocol.TCP, source.address(), source.port(), destination.address(), destination.port());
    }

    /** Each branch as text: share and outcome. */
    static Vector<String> ways(ProxyVerdict verdict) {
        return verdict.branches()
                .map(branch -> branch.share() + " " + word(branch.outcome()))
                .sorted();
    }

    private static String word(ProxyOutcome outcome) {
        if (outcome instanceof ProxyOutcome.ToEndpoint to) {
            return to.address().toString();
        }
        if (outcome instanceof ProxyOutcome.Rejected rejected) {
            return "rejected " + rejected.with();
        }
        if (outcome instanceof ProxyOutcome.Unknown unknown) {
            return "unknown: " + unknown.why();
        }
        return outcome instanceof ProxyOutcome.Dropped ? "dropped" : "untouched";
    }

    /** Everything that was said. */
    static String said(ProxyVerdict verdict) {
        return verdict.decisions()
                .map(Decision::text)
                .appendAll(verdict.assumptions())
                .mkString("\n");
    }
}
