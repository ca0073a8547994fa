package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.capture.Capture;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Collectors;
import dev.podpath.ports.capture.NodeScope;
import dev.podpath.ports.capture.Progress;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 5,000 nodes and 100,000 pods go through a small heap. */
class LargeClusterTest {
    private static final int NODES = 5_000;
    private static final int PODS = 100_000;
    private static final int ASKED = 60;
    private static final String FILLER = "x".repeat(1_500);

    @TempDir
    Path directory;

    /** The process under test. */
    public static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            CaptureScope scope = CaptureScope.builder()
                    .kubeconfig(Option.some(Path.of(arguments[0])))
                    .nodes(NodeScope.only(Vector.range(0, ASKED).map(i -> "node-" + i)))
                    .build();
            new Capture(Collectors.of(Program.class.getClassLoader()).collectors(), Progress.SILENT, () -> false)
                    .into(Path.of(arguments[1]), scope)
                    .getOrElseThrow(problem -> new IllegalStateException(problem.toString()));
        }
    }

    @Test
    void aHeapOf128MegabytesIsEnough() throws Exception {
        try (TinyServer server = new TinyServer(LargeClusterTest::answer)) {
            Path kubeconfig = directory.resolve("kubeconfig");
            Files.writeString(kubeconfig, """
                    clusters: [{name: c, cluster: {server: "%s"}}]
                    contexts: [{name: c, context: {cluster: c, user: u}}]
                    users: [{name: u, user: {token: t}}]
                    current-context: c
                    """.formatted(server.url()));
            Path out = directory.resolve("out");
            Path log = directory.resolve("log");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Program.class.getName(),
                            kubeconfig.toString(),
                            out.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
            assertThat(Files.size(out.resolve("kubernetes/pods.json"))).isGreaterThan(PODS * (long) FILLER.length());
            assertThat(count(out.resolve("kubernetes/pods.json"), "            \"kind\": \"Pod\","))
                    .isEqualTo(PODS);
            assertThat(count(out.resolve("kubernetes/nodes.json"), "            \"kind\": \"Node\","))
                    .isEqualTo(NODES);
            File[] nodes = out.resolve("nodes").toFile().listFiles();
            assertThat(nodes).hasSize(ASKED);
            assertThat(out.resolve("nodes/node-7/iptables-save.txt")).hasSize(20_000_000);
        }
    }

    private static long count(Path file, String line) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line::equals).count();
        }
    }

    private static void answer(TinyServer.Request request, TinyServer.Reply reply) throws IOException {
        switch (request.path()) {
            case "/version" -> reply.send(200, "{\"gitVersion\":\"v1.31.4\"}");
            case "/api/v1/nodes" -> list(request, reply, "Node", NODES);
            case "/api/v1/pods" -> list(request, reply, "Pod", PODS);
            default -> {
                if (request.upgrades()) {
                    exec(request, reply);
                } else {
                    FakeCluster.status(reply, 404, "not found");
                }
            }
        }
    }

    private static void list(TinyServer.Request request, TinyServer.Reply reply, String kind, int total)
            throws IOException {
        int from = request.query().containsKey("continue") ? Integer.parseInt(request.parameter("continue")) : 0;
        int to = Math.min(total, from + Integer.parseInt(request.parameter("limit")));
        try (OutputStream out = reply.stream()) {
            out.write(bytes("{\"kind\":\"" + kind + "List\",\"apiVersion\":\"v1\",\"metadata\":{\"continue\":\""
                    + (to < total ? to : "") + "\"},\"items\":["));
            for (int i = from; i < to; i++) {
                out.write(bytes((i > from ? "," : "") + (kind.equals("Node") ? node(i) : pod(i))));
            }
            out.write(bytes("]}"));
        }
    }

    private static String node(int i) {
        return "{\"metadata\":{\"name\":\"node-" + i + "\"},\"status\":{\"images\":\"" + FILLER + "\"}}";
    }

    private static String pod(int i) {
        boolean proxy = i < NODES;
        return "{\"metadata\":{\"namespace\":\"" + (proxy ? "kube-system" : "team") + "\",\"name\":\""
                + (proxy ? "kube-proxy-" : "pod-") + i + "\"},\"spec\":{\"nodeName\":\"node-" + i % NODES
                + "\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]},\"status\":{\"phase\":\"Running\",\"message\":\""
                + FILLER + "\"}}";
    }

    /** A node whose rules are 20 MB. */
    private static void exec(TinyServer.Request request, TinyServer.Reply reply) throws IOException {
        reply.upgrade();
        String script = request.query().get("command").get(2);
        String mark = script.substring(3, script.indexOf('\'', 3));
        boolean large = request.path().contains("/kube-proxy-7/");
        message(reply, mark + " begin iptables-save.txt\n");
        byte[] rules =
                bytes("-A KUBE-SERVICES -m comment --comment \"a rule like many\" -j ACCEPT, filled up a little\n"
                        .repeat(200));
        int left = large ? 20_000_000 : 100;
        while (left > 0) {
            int part = Math.min(left, rules.length);
            reply.message(1, rules, 0, part);
            left -= part;
        }
        message(reply, "\n" + mark + " end iptables-save.txt 0\n");
        byte[] status = bytes("{\"status\":\"Success\"}");
        reply.message(3, status, 0, status.length);
        reply.closeSocket();
    }

    private static void message(TinyServer.Reply reply, String text) throws IOException {
        reply.message(1, bytes(text), 0, bytes(text).length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
