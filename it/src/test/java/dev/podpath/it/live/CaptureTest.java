package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.capture.Capture;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Collectors;
import dev.podpath.ports.capture.NodeScope;
import dev.podpath.ports.capture.Progress;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.NotCaptured;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster is captured through its API. */
class CaptureTest {
    @TempDir
    Path directory;

    static CaptureScope.Builder scope(FakeCluster cluster) throws IOException {
        return CaptureScope.builder()
                .kubeconfig(Option.some(cluster.kubeconfig()))
                .nodes(NodeScope.all())
                .patience(Duration.ofMillis(1_200));
    }

    static Vector<NotCaptured> capture(Path out, CaptureScope scope) {
        return new Capture(collectors(), Progress.SILENT, () -> false)
                .into(out, scope)
                .getOrElseThrow(problem -> new AssertionError(problem.toString()));
    }

    static Vector<dev.podpath.ports.capture.Collector> collectors() {
        Collectors found = Collectors.of(CaptureTest.class.getClassLoader());
        assertThat(found.problems()).isEmpty();
        return found.collectors();
    }

    static Vector<String> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return Vector.ofAll(all.filter(Files::isRegularFile)
                            .map(file -> root.relativize(file).toString())
                            .toList())
                    .sorted();
        }
    }

    @Test
    void whatWasNotCapturedIsInTheManifest() throws IOException {
        try (FakeCluster cluster = ExampleCluster.of("kubeadm-plain", directory)) {
            Path out = directory.resolve("out");
            Vector<NotCaptured> gaps = capture(out, scope(cluster).build());
            Manifest manifest = Manifest.of(Snapshots.open(out.toString()).get());
            assertThat(manifest.cluster()).contains("lab");
            assertThat(manifest.notCaptured()).containsExactlyInAnyOrderElementsOf(gaps);
            assertThat(gaps.map(NotCaptured::document))
                    .containsExactlyInAnyOrder(
                            "nodes/cp1/ip6tables-save.txt",
                            "nodes/cp1/ipset-save.txt",
                            "nodes/cp1/ip-rule.json",
                            "nodes/cp1/ip-route-all.json",
                            "nodes/worker1/ip6tables-save.txt",
                            "nodes/worker1/ipset-save.txt",
                            "nodes/worker1/ip-rule.json",
                            "nodes/worker1/ip-route-all.json");
        }
    }
}
