package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.podpath.capture.aliyun.AliyunCollector;
import dev.podpath.it.golden.ExampleRequest;
import dev.podpath.it.golden.Examples;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.capture.Capture;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Progress;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is captured from a cloud's API traces like what a person put there with the vendor's command line. */
class CloudCaptureTest {
    private static final Path EXAMPLE =
            Path.of(System.getProperty("podpath.root", "..")).resolve("cli/src/main/resources/examples/ack-article");
    private static final Path ACCOUNT = EXAMPLE.resolve("aliyun/cn-hangzhou");

    @TempDir
    Path directory;

    private static void answer(HttpExchange exchange, String denied) throws IOException {
        String action = exchange.getRequestHeaders().getFirst("x-acs-action");
        if (action.equals(denied)) {
            byte[] no =
                    "{\"Code\":\"Forbidden.RAM\",\"Message\":\"User not authorized\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(403, no.length);
            exchange.getResponseBody().write(no);
            exchange.close();
            return;
        }
        Map<String, String> parameters = new java.util.TreeMap<>();
        for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
            int equals = pair.indexOf('=');
            parameters.put(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        Path file = file(action, parameters);
        byte[] body = Files.exists(file)
                ? Files.readAllBytes(file)
                : "{\"Code\":\"InvalidAction.NotFound\",\"Message\":\"none\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(Files.exists(file) ? 200 : 404, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The document of an action: its name ends with the one identifier, or with the load balancer's and the port. */
    private static Path file(String action, Map<String, String> parameters) throws IOException {
        String key = parameters.containsKey("ListenerPort")
                ? parameters.get("LoadBalancerId") + "." + parameters.get("ListenerPort")
                : parameters.entrySet().stream()
                        .filter(parameter -> parameter.getKey().endsWith("Id")
                                        && !parameter.getKey().equals("RegionId")
                                || parameter.getKey().equals("DomainName"))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("");
        String end = ("." + action + (key.isEmpty() ? "" : "." + key) + ".json").toLowerCase(Locale.ROOT);
        try (Stream<Path> files = Files.list(ACCOUNT)) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .endsWith(end))
                    .findFirst()
                    .orElse(ACCOUNT.resolve("none"));
        }
    }

    @Test
    void tracesLikeTheOneMadeByHand() throws IOException {
        Vector<NotCaptured> gaps = capture("");
        assertThat(gaps.map(gap -> gap.document().replaceAll(".*/(\\w+)\\..*", "$1"))
                        .distinct()
                        .sorted())
                .as("the example has no load balancers of the newer products")
                .containsExactly("alb", "nlb");
        copyTheCluster(true);
        Analysis captured =
                Podpath.create().open(directory.resolve("s").toString()).get();
        Analysis made = Podpath.create().open("example:ack-article").get();
        Vector<ExampleRequest> requests = Vector.ofAll(
                Examples.requests().filter(request -> request.example().equals("ack-article")));
        assertThat(requests).isNotEmpty();
        requests.forEach(request ->
                assertThat(request.json(captured)).as(request.toString()).isEqualTo(request.json(made)));
    }

    @Test
    void whatIsDeniedIsNamedByTheAnswerThatNeedsIt() throws IOException {
        Vector<NotCaptured> gaps = capture("DescribeLoadBalancers");
        assertThat(gaps.flatMap(NotCaptured::permission)).containsExactly("slb:DescribeLoadBalancers");
        copyTheCluster(false);
        Analysis captured =
                Podpath.create().open(directory.resolve("s").toString()).get();
        String trace = Vector.ofAll(Examples.requests())
                .find(request -> request.toString().equals("ack-article/app1"))
                .get()
                .json(captured);
        assertThat(trace).contains("UNKNOWN").contains("the capture lacks the permission to slb:DescribeLoadBalancers");
    }

    private Vector<NotCaptured> capture(String denied) throws IOException {
        System.setProperty("alibabacloud.accessKeyId", "id");
        System.setProperty("alibabacloud.accessKeySecret", "secret");
        System.setProperty("alibabacloud.accessKeyIdSecret", "secret");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, denied));
        server.start();
        try {
            CaptureScope scope = CaptureScope.builder()
                    .clouds(Vector.of("aliyun"))
                    .regions(Vector.of("cn-hangzhou"))
                    .endpoints(TreeMap.of(
                            "*", "http://127.0.0.1:" + server.getAddress().getPort()))
                    .cluster(false)
                    .build();
            return new Capture(Vector.of(new AliyunCollector()), Progress.SILENT, () -> false)
                    .into(directory.resolve("s"), scope)
                    .get();
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private void copyTheCluster(boolean manifest) throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path target = directory.resolve("s").resolve(EXAMPLE.relativize(file));
                boolean wanted = manifest || !file.endsWith("podpath.yaml");
                if (wanted && !file.startsWith(EXAMPLE.resolve("aliyun"))) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
