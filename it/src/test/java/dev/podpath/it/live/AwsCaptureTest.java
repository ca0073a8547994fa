package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.podpath.capture.aws.AwsCollector;
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
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.Ec2Response;
import software.amazon.awssdk.services.elasticloadbalancing.model.ElasticLoadBalancingResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Response;
import software.amazon.awssdk.services.route53.model.Route53Response;

/**
 * What is captured from an account is, member by member, what the vendor's command line prints, and traces like it. A local
 * server answers with the content of the example, in the services' own protocols.
 */
class AwsCaptureTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path EXAMPLE =
            Path.of(System.getProperty("podpath.root", "..")).resolve("cli/src/main/resources/examples/eks-basic");
    private static final Path ACCOUNT = EXAMPLE.resolve("aws");
    private static final Path REGION = ACCOUNT.resolve("us-west-2");

    @TempDir
    Path directory;

    @Test
    void tracesLikeTheOneMadeByHand() throws IOException {
        Vector<NotCaptured> gaps = capture();
        assertThat(gaps).isEmpty();
        try (Stream<Path> files = Files.walk(ACCOUNT)) {
            for (Path made : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (made.getFileName().toString().startsWith("eks.")) {
                    continue;
                }
                JsonNode captured = JSON.readTree(directory
                        .resolve("s/aws")
                        .resolve(ACCOUNT.relativize(made))
                        .toFile());
                assertThat(captured).as(made.toString()).isEqualTo(JSON.readTree(made.toFile()));
            }
        }
        copyTheCluster();
        Analysis captured =
                Podpath.create().open(directory.resolve("s").toString()).get();
        Analysis made = Podpath.create().open("example:eks-basic").get();
        Vector<ExampleRequest> requests = Vector.ofAll(
                Examples.requests().filter(request -> request.example().equals("eks-basic")));
        assertThat(requests).isNotEmpty();
        requests.forEach(request ->
                assertThat(outcomes(request, captured)).as(request.toString()).isEqualTo(outcomes(request, made)));
    }

    /** Without the lines and excerpts of evidence, because members may come in another order. */
    private static JsonNode outcomes(ExampleRequest request, Analysis analysis) {
        try {
            JsonNode trace = JSON.readTree(request.json(analysis));
            for (String name : new String[] {"line", "excerpt"}) {
                trace.findParents(name)
                        .forEach(parent -> ((com.fasterxml.jackson.databind.node.ObjectNode) parent).remove(name));
            }
            return trace;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> parameters = new java.util.TreeMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        byte[] answer;
        try {
            answer = (parameters.containsKey("Action")
                            ? query(parameters)
                            : names(exchange.getRequestURI().getPath()))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (ReflectiveOperationException | RuntimeException e) {
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
            throw new AssertionError(e);
        }
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static String names(String path) throws IOException, ReflectiveOperationException {
        String zone = path.replaceFirst(".*/hostedzone/?", "").replace("/rrset", "");
        String action = path.endsWith("/rrset") ? "ListResourceRecordSets" : "ListHostedZones";
        String document = path.endsWith("/rrset") ? "list-resource-record-sets." + zone : "list-hosted-zones";
        return "<" + action + "Response>"
                + WireXml.members(
                        model(Route53Response.class, action),
                        JSON.readTree(ACCOUNT.resolve("global/route53." + document + ".json")
                                .toFile()),
                        "member")
                + "<IsTruncated>false</IsTruncated></" + action + "Response>";
    }

    private static String query(Map<String, String> parameters) throws IOException, ReflectiveOperationException {
        String action = parameters.get("Action");
        String subject = parameters.getOrDefault(
                "LoadBalancerArn",
                parameters.getOrDefault("TargetGroupArn", parameters.getOrDefault("ListenerArn", "")));
        String[] segments = subject.split("/", -1);
        String key = subject.isEmpty() || parameters.containsKey("ListenerArn")
                ? segments[segments.length - 1]
                : segments[segments.length - 2];
        String version = parameters.get("Version");
        Class<? extends SdkPojo> service = version.equals("2016-11-15")
                ? Ec2Response.class
                : version.equals("2012-06-01")
                        ? ElasticLoadBalancingResponse.class
                        : ElasticLoadBalancingV2Response.class;
        String command = version.equals("2016-11-15") ? "ec2" : version.equals("2012-06-01") ? "elb" : "elbv2";
        Path file = REGION.resolve(command + "."
                + action.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT)
                + (key.isEmpty() ? "" : "." + key) + ".json");
        boolean ec2 = command.equals("ec2");
        String content = Files.exists(file)
                ? WireXml.members(model(service, action), JSON.readTree(file.toFile()), ec2 ? "item" : "member")
                : "";
        return "<" + action + "Response>"
                + (ec2 ? content : "<" + action + "Result>" + content + "</" + action + "Result>") + "</" + action
                + "Response>";
    }

    private static SdkPojo model(Class<? extends SdkPojo> service, String action) throws ReflectiveOperationException {
        Class<?> response = Class.forName(service.getPackageName() + "." + action + "Response");
        return (SdkPojo) response.getMethod("builder").invoke(null);
    }

    private Vector<NotCaptured> capture() throws IOException {
        System.setProperty("aws.accessKeyId", "id");
        System.setProperty("aws.secretAccessKey", "secret");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", AwsCaptureTest::answer);
        server.start();
        try {
            CaptureScope scope = CaptureScope.builder()
                    .clouds(Vector.of("aws"))
                    .regions(Vector.of("us-west-2"))
                    .endpoints(TreeMap.of(
                            "*", "http://127.0.0.1:" + server.getAddress().getPort()))
                    .cluster(false)
                    .build();
            return new Capture(Vector.of(new AwsCollector()), Progress.SILENT, () -> false)
                    .into(directory.resolve("s"), scope)
                    .get();
        } finally {
            server.stop(0);
            threads.shutdownNow();
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    private void copyTheCluster() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path target = directory.resolve("s").resolve(EXAMPLE.relativize(file));
                if (!file.startsWith(ACCOUNT)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
