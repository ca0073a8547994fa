package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.trace.Trace;
import dev.podpath.it.golden.ExampleRequest;
import dev.podpath.it.golden.Examples;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By hand, through the API, by the script: the same documents, the same answers. */
class ThreeWaysTest {
    private static final Podpath PODPATH = Podpath.create();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"kubeadm-plain", "kubeadm-nftables", "ack-article", "eks-basic"})
    void theSameDocumentsAndTheSameAnswers(String example) throws Exception {
        try (FakeCluster cluster = ExampleCluster.of(example, directory)) {
            Path kubectl = FakeKubectl.make(cluster, directory, cluster.roots());
            Path byApi = directory.resolve("api");
            Path byScript = directory.resolve("script");
            CaptureTest.capture(byApi, CaptureTest.scope(cluster).build());
            script(CaptureTest.scope(cluster).build(), kubectl, byScript);

            Vector<String> documents = CaptureTest.files(byApi);
            assertThat(CaptureTest.files(byScript)).isEqualTo(documents);
            for (String document : documents.remove("podpath.yaml")) {
                assertThat(byScript.resolve(document)).as(document).hasSameTextualContentAs(byApi.resolve(document));
            }
            assertThat(gaps(byScript)).isEqualTo(gaps(byApi));

            Snapshot byHand = ExampleCluster.example(example);
            for (Document document : byHand.under("")) {
                if (document.path().matches("(aliyun|aws|dns)/.*")) {
                    Files.createDirectories(byApi.resolve(document.path()).getParent());
                    Files.write(byApi.resolve(document.path()), document.bytes());
                }
            }
            for (String table : documents.filter(path -> path.endsWith("/proc-net-ip_vs"))) {
                // The example has the tool's listing only; the kernel's file beside it is empty here.
                Files.delete(byApi.resolve(table));
            }
            Snapshot captured = Snapshots.open(byApi.toString()).get();
            for (ExampleRequest request :
                    Examples.requests().filter(r -> r.example().equals(example)).toList()) {
                assertThat(story(request.trace(PODPATH.analyse(captured))))
                        .as(request.toString())
                        .isEqualTo(story(request.trace(PODPATH.analyse(byHand))));
            }
        }
    }

    /** The program itself, where there is one: what is written here after its manner is what it prints. */
    @Test
    void theRealKubectlSaysTheSame() throws Exception {
        Assumptions.assumeTrue(realKubectl(), "no kubectl of version 1.22 or newer on the PATH");
        try (FakeCluster cluster = ExampleCluster.of("kubeadm-plain", directory)) {
            cluster.anonymous = true;
            cluster.objects("services")
                    .get(0)
                    .withObject("/metadata/annotations")
                    .put("odd", "a<b>&\u2028\t\"c\"\\ ü");
            Path byApi = directory.resolve("api");
            Path byScript = directory.resolve("script");
            CaptureTest.capture(byApi, CaptureTest.scope(cluster).build());
            String said = script(CaptureTest.scope(cluster).build(), Path.of("kubectl"), byScript);
            assertThat(CaptureTest.files(byScript)).as(said).isEqualTo(CaptureTest.files(byApi));
            for (String document : CaptureTest.files(byApi).remove("podpath.yaml")) {
                assertThat(byScript.resolve(document)).as(document).hasSameTextualContentAs(byApi.resolve(document));
            }
        }
    }

    private static boolean realKubectl() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("kubectl", "version", "--client", "-o", "json").start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 && said.matches("(?s).*\"minor\": \"(2[2-9]|[3-9][0-9]).*");
        } catch (IOException e) {
            return false;
        }
    }

    /** What a trace says, without the lines its documents happen to have. */
    private static String story(Trace trace) {
        return trace.hops()
                        .map(hop -> hop.id() + " " + hop.hop().title() + "\n"
                                + hop.hop()
                                        .decisions()
                                        .map(decision -> "  " + decision.action() + " " + decision.text() + " "
                                                + decision.evidence().map(evidence -> evidence.document()))
                                        .mkString("\n"))
                        .mkString("\n")
                + "\n" + trace.outcomes() + "\n"
                + trace.findings().map(f -> f.finding().code());
    }

    private static Vector<String> gaps(Path snapshot) throws IOException {
        return Vector.ofAll(Files.readAllLines(snapshot.resolve("podpath.yaml")))
                .filter(line -> line.contains("document:") || line.contains("reason:"))
                .sorted();
    }

    static String script(CaptureScope scope, Path kubectl, Path out) throws IOException, InterruptedException {
        Path script = out.resolveSibling(out.getFileName() + ".sh");
        Files.writeString(
                script,
                CaptureTest.collectors()
                        .flatMap(collector -> collector.script(scope))
                        .head());
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString(), out.toString());
        builder.environment().put("KUBECTL", kubectl.toString());
        Path log = out.resolveSibling(out.getFileName() + ".log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return Files.readString(log);
    }
}
