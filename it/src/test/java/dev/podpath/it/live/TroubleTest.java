package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.capture.Capture;
import dev.podpath.ports.capture.NodeScope;
import dev.podpath.ports.capture.Progress;
import dev.podpath.ports.request.PacketRequest;
import dev.podpath.ports.request.Source;
import dev.podpath.ports.request.TraceRequest;
import dev.podpath.ports.snapshot.NotCaptured;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that denies, breaks, stalls and forgets: the snapshot is whole or says what it lacks, and nothing hangs. */
class TroubleTest {
    private static final Podpath PODPATH = Podpath.create();
    private static final String PODS = "/api/v1/pods";

    @TempDir
    Path directory;

    private FakeCluster cluster;
    private Path whole;

    @BeforeEach
    void capture() throws IOException {
        cluster = ExampleCluster.of("kubeadm-plain", directory);
        whole = directory.resolve("whole");
        CaptureTest.capture(whole, CaptureTest.scope(cluster).build());
    }

    @AfterEach
    void close() throws IOException {
        cluster.close();
    }

    private Vector<NotCaptured> again(String out) throws IOException {
        return CaptureTest.capture(
                directory.resolve(out), CaptureTest.scope(cluster).build());
    }

    private void same(String out) throws IOException {
        Vector<String> files = CaptureTest.files(whole);
        assertThat(CaptureTest.files(directory.resolve(out))).isEqualTo(files);
        for (String file : files.remove("podpath.yaml")) {
            assertThat(directory.resolve(out).resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    /** Fails the first so many requests of a path. */
    private AtomicInteger first(int times, String path, TinyServer.Handler how) {
        AtomicInteger count = new AtomicInteger();
        cluster.fault = (request, reply) -> {
            if (request.path().equals(path) && count.getAndIncrement() < times) {
                how.answer(request, reply);
                throw new FakeCluster.Answered();
            }
        };
        return count;
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void whatPassesIsAskedForAgain(int status) throws IOException {
        first(2, PODS, (request, reply) -> FakeCluster.status(reply, status, "later", "Retry-After: 0"));
        again("again");
        same("again");
    }

    @Test
    void aConnectionThatIsCutInTheMiddleOfAPage() throws IOException {
        AtomicInteger cut = new AtomicInteger();
        first(
                3,
                PODS,
                (request, reply) -> reply.cut(
                        "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"met",
                        20 + 15 * cut.getAndIncrement()));
        again("again");
        same("again");
    }

    @Test
    void anAnswerThatStandsStill() throws IOException {
        first(1, PODS, (request, reply) -> reply.stall("{\"kind\":\"PodList\",\"items\":[]}", 10, 4_000));
        again("again");
        same("again");
    }

    @Test
    void noAnswerAtAll() throws IOException {
        first(1, "/api/v1/services", (request, reply) -> TinyServer.Reply.pause(2_000));
        again("again");
        same("again");
    }

    @Test
    void aListThatTheServerForgot() throws IOException {
        for (int i = 0; i < 1_200; i++) {
            cluster.add(
                    "services",
                    "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"namespace\":\"n\",\"name\":\"s" + i
                            + "\"},\"spec\":{\"clusterIP\":\"None\"}}");
        }
        again("before");
        AtomicInteger gone = new AtomicInteger();
        cluster.fault = (request, reply) -> {
            if (!request.parameter("continue").isEmpty() && gone.getAndIncrement() % 2 == 1) {
                FakeCluster.status(reply, 410, "The provided continue parameter is too old");
                throw new FakeCluster.Answered();
            }
        };
        again("after");
        assertThat(gone).hasValueGreaterThan(1);
        assertThat(directory.resolve("after/kubernetes/services.json"))
                .hasSameBinaryContentAs(directory.resolve("before/kubernetes/services.json"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aDeniedListIsAnUnknownThatNamesThePermission(int status) throws IOException {
        first(
                99,
                "/apis/discovery.k8s.io/v1/endpointslices",
                (request, reply) ->
                        FakeCluster.status(reply, status, "endpointslices.discovery.k8s.io is forbidden: User \"me\""));
        Vector<NotCaptured> gaps = again("denied");
        assertThat(gaps.map(NotCaptured::permission)).contains(Option.some("list endpointslices in discovery.k8s.io"));
        assertThat(missing(trace("denied", "http://10.103.12.40/", "node:worker1"))
                        .map(Missing::capture))
                .anyMatch(text -> text.contains("permission to list endpointslices in discovery.k8s.io"));
    }

    @Test
    void aDeniedExecIsAskedForOnceAndNamedEverywhere() throws IOException {
        AtomicInteger execs = new AtomicInteger();
        cluster.fault = (request, reply) -> {
            if (request.upgrades()) {
                execs.incrementAndGet();
                FakeCluster.status(
                        reply, 403, "pods \"kube-proxy\" is forbidden: cannot create resource \"pods/exec\"");
                throw new FakeCluster.Answered();
            }
        };
        CaptureTest.capture(
                directory.resolve("noexec"),
                CaptureTest.scope(cluster).parallelism(1).build());
        assertThat(execs).hasValue(1);
        Analysis analysis = PODPATH.analyse(
                Snapshots.open(directory.resolve("noexec").toString()).get());
        PacketRequest request = PacketRequest.parse("cp1", "external", "198.51.100.7:4711", "192.0.2.11:30080/tcp")
                .get();
        assertThat(analysis.packet(request)
                        .get()
                        .decisions()
                        .flatMap(decision -> decision.missing())
                        .map(Missing::capture))
                .anyMatch(text -> text.contains("permission to create pods/exec in kube-system"));
        assertThat(missing(trace("noexec", "http://10.103.12.40/", "node:worker1"))
                        .map(Missing::capture))
                .anyMatch(text -> text.contains("permission to create pods/exec in kube-system"));
    }

    @Test
    void anExecThatIsCutIsRepeated() throws IOException {
        AtomicInteger cut = new AtomicInteger();
        cluster.fault = (request, reply) -> {
            if (request.upgrades() && cut.getAndIncrement() < 2) {
                reply.upgrade();
                byte[] part = "something that is no frame\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
                reply.message(1, part, 0, part.length);
                reply.drop();
                throw new FakeCluster.Answered();
            }
        };
        again("again");
        same("again");
    }

    @Test
    void aCaptureThatStoppedGoesOn() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        cluster.fault = (request, reply) -> asked.incrementAndGet();
        Path out = directory.resolve("stopped");
        assertThat(new Capture(CaptureTest.collectors(), Progress.SILENT, () -> asked.get() >= 5)
                        .into(out, CaptureTest.scope(cluster).build())
                        .isLeft())
                .isTrue();
        assertThat(CaptureTest.files(out)).contains("kubernetes/pods.json");
        int before = cluster.asked().size();
        cluster.fault = (request, reply) -> {};
        again("stopped");
        same("stopped");
        assertThat(cluster.asked().subList(before, cluster.asked().size()))
                .doesNotContain("GET " + PODS, "GET /api/v1/nodes");
        assertThat(Files.exists(out.resolve(".podpath-capture"))).isFalse();
    }

    @Test
    void onlyTheNodesOnThePath() throws IOException {
        TraceRequest request = TraceRequest.parse(
                        "http://10.103.12.40/", Source.parse("node:worker1").get())
                .get();
        Path out = directory.resolve("path");
        new Capture(CaptureTest.collectors(), Progress.SILENT, () -> false)
                .into(
                        out,
                        CaptureTest.scope(cluster).build().at(NodeScope.onPath()),
                        new dev.podpath.ports.OnPath(PODPATH, Vector.of(request)))
                .get();
        assertThat(CaptureTest.files(out).filter(file -> file.startsWith("nodes/")))
                .isNotEmpty()
                .allMatch(file -> file.startsWith("nodes/worker1/"));
        assertThat(trace("path", "http://10.103.12.40/", "node:worker1").outcomes())
                .isEqualTo(
                        trace("whole", "http://10.103.12.40/", "node:worker1").outcomes());
    }

    @Test
    void whatIsInOtherNamespacesIsUnknownAndNotAbsent() throws IOException {
        Vector<NotCaptured> gaps = CaptureTest.capture(
                directory.resolve("some"),
                CaptureTest.scope(cluster).namespaces(Vector.of("default")).build());
        assertThat(gaps).contains(NotCaptured.partial("kubernetes/services.json", "namespaces default"));
        Analysis analysis = PODPATH.analyse(
                Snapshots.open(directory.resolve("some").toString()).get());
        assertThat(analysis.cluster().services()).isNotEmpty();
        assertThat(analysis.cluster().captured().services()).isFalse();
        assertThat(analysis.cluster().captured().nodes()).isTrue();
        assertThat(PODPATH.analyse(Snapshots.open(whole.toString()).get())
                        .cluster()
                        .captured()
                        .services())
                .isTrue();
    }

    @Test
    void aServerThatIsNotThere() throws IOException {
        Path kubeconfig = cluster.kubeconfig();
        cluster.close();
        assertThat(new Capture(CaptureTest.collectors(), Progress.SILENT, () -> false)
                        .into(
                                directory.resolve("nobody"),
                                dev.podpath.ports.capture.CaptureScope.builder()
                                        .kubeconfig(Option.some(kubeconfig))
                                        .patience(java.time.Duration.ofMillis(300))
                                        .build())
                        .getLeft()
                        .found())
                .contains("does not answer");
    }

    private Trace trace(String snapshot, String url, String from) {
        Analysis analysis = PODPATH.analyse(
                Snapshots.open(directory.resolve(snapshot).toString()).get());
        return analysis.trace(TraceRequest.parse(url, Source.parse(from).get()).get())
                .getOrElseThrow(problem -> new AssertionError(problem));
    }

    private static Vector<Missing> missing(Trace trace) {
        return trace.hops().flatMap(hop -> hop.hop().decisions()).flatMap(decision -> decision.missing());
    }
}
