package dev.podpath.it.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.k8s.ingress.nginx.conf.NginxConf;
import dev.podpath.k8s.ingress.nginx.predict.ControllerFlags;
import dev.podpath.k8s.ingress.nginx.predict.ControllerSettings;
import dev.podpath.k8s.ingress.nginx.predict.IngressObject;
import dev.podpath.k8s.ingress.nginx.predict.Prediction;
import dev.podpath.k8s.ingress.nginx.request.Access;
import dev.podpath.k8s.ingress.nginx.request.Fate;
import dev.podpath.k8s.ingress.nginx.request.HttpArrival;
import dev.podpath.k8s.ingress.nginx.request.RequestWalk;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The law: what is predicted from Ingress objects is a configuration that nginx accepts, and nginx chooses by it as is chosen here. What is said
 * to be refused, nginx refuses.
 */
class PredictedConfsOracleTest {
    private static final int BATCHES = 24;
    private static final int CONFIGURATIONS = 12;
    private static final int REQUESTS = 60;
    private static final AddressPort HTTP = new AddressPort(IpAddress.of("10.0.0.1"), 80);

    @TempDir
    private Path directory = Path.of("");

    private int asked;
    private int refused;
    private final List<String> disagreements = new ArrayList<>();

    @Test
    @Timeout(300)
    void agreesWithNginx() throws IOException, InterruptedException {
        if (NginxProcess.binary().isEmpty()) {
            assertThat(System.getenv("PODPATH_REQUIRE_ORACLES"))
                    .as("nginx is required and not installed")
                    .isNotEqualTo("1");
            Assumptions.abort("nginx is not installed: apt-get install nginx-light");
        }
        for (int batch = 0; batch < BATCHES; batch++) {
            batch(batch, 3);
        }
        System.out.printf(
                "predicted configurations: %d, %d requests, %d refused by both, %d disagreements%n",
                BATCHES * CONFIGURATIONS, asked, refused, disagreements.size());
        assertThat(disagreements).isEmpty();
        assertThat(asked).isGreaterThan(10_000);
        assertThat(refused).isPositive();
    }

    private void batch(int batch, int attempts) throws IOException, InterruptedException {
        try {
            batch(batch);
        } catch (NginxProcess.PortTaken e) {
            if (attempts == 1) {
                throw e;
            }
            batch(batch, attempts - 1);
        }
    }

    private void batch(int batch) throws IOException, InterruptedException {
        Path home = Files.createDirectories(directory.resolve("n" + batch));
        int[] ports = NginxProcess.freePorts(CONFIGURATIONS * 2 + 1);
        int backend = ports[ports.length - 1];
        List<Prediction> predictions = new ArrayList<>();
        List<RandomIngresses> sets = new ArrayList<>();
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < CONFIGURATIONS; i++) {
            RandomIngresses set = new RandomIngresses(1_000L * batch + i);
            Prediction prediction = predict(set.json());
            sets.add(set);
            predictions.add(prediction);
            String text = adapted(prediction, "c" + i, ports[2 * i], ports[2 * i + 1], backend);
            if (prediction.refused().isEmpty()) {
                servers.append(text);
            } else {
                refused++;
                assertThat(accepts(Files.createDirectories(home.resolve("r" + i)), text, backend))
                        .as("nginx accepts %s", text)
                        .isFalse();
            }
        }
        Path file = home.resolve("nginx.conf");
        Files.writeString(file, frame(home, servers.toString(), backend), StandardCharsets.UTF_8);
        try (NginxProcess running = NginxProcess.start(home, file, backend)) {
            assertThat(running).isNotNull();
            for (int i = 0; i < CONFIGURATIONS; i++) {
                if (predictions.get(i).refused().isEmpty()) {
                    HttpConf parsed = HttpConf.of(
                            NginxConf.parse(predictions.get(i).conf()).get());
                    for (int r = 0; r < REQUESTS; r++) {
                        compare(parsed, sets.get(i), ports[2 * i], "seed " + (1_000L * batch + i));
                    }
                }
            }
        }
    }

    private static Prediction predict(String json) {
        Vector<IngressObject> objects = new Document("ingresses.json", json.getBytes(StandardCharsets.UTF_8))
                .json()
                .get()
                .items()
                .map(item -> new IngressObject(item, "nginx.ingress.kubernetes.io"));
        return Prediction.of(
                "predicted",
                objects,
                new ObjectList(false, Vector.empty(), Vector.empty()),
                ControllerFlags.defaults(),
                ControllerSettings.defaults(),
                Cluster.unknown());
    }

    /** The predicted servers on ports of their own, with a backend that says which upstream was chosen. */
    private static String adapted(Prediction prediction, String name, int http, int internal, int backend) {
        StringBuilder out = new StringBuilder();
        String text = new String(prediction.conf().bytes(), StandardCharsets.UTF_8);
        String[] lines = text.split("\n", -1);
        for (int i = 1; i < lines.length - 2; i++) {
            String line = lines[i].strip();
            boolean left = line.startsWith("listen") && (line.contains("[::]") || line.contains("ssl"))
                    || line.startsWith("port_in_redirect")
                    || line.startsWith("balancer_by_lua_file");
            if (left) {
                continue;
            }
            if (line.startsWith("proxy_pass")) {
                out.append("proxy_set_header X-Id $proxy_upstream_name; proxy_set_header Host x;\n");
            }
            out.append(line.replace("listen 80", "listen 127.0.0.1:" + http)
                            .replace("listen 8181", "listen 127.0.0.1:" + internal)
                            .replace("server 0.0.0.1;", "server 127.0.0.1:" + backend + ";")
                            .replace("upstream_balancer", name))
                    .append('\n');
        }
        return out.toString();
    }

    private static boolean accepts(Path home, String servers, int backend) throws IOException, InterruptedException {
        Path file = home.resolve("nginx.conf");
        Files.writeString(file, frame(home, servers, backend), StandardCharsets.UTF_8);
        Process test = new ProcessBuilder(
                        NginxProcess.binary().get().toString(),
                        "-t",
                        "-p",
                        home + "/",
                        "-c",
                        file.toString(),
                        "-e",
                        home.resolve("error.log").toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output.log").toFile())
                .start();
        return test.waitFor() == 0;
    }

    private static String frame(Path home, String servers, int backend) {
        StringBuilder out = new StringBuilder("daemon off;\nmaster_process off;\npid ")
                .append(home.resolve("pid"))
                .append(";\nworker_processes 1;\nevents { worker_connections 512; }\nhttp {\n access_log off;\n root ")
                .append(home.resolve("none"))
                .append(";\n port_in_redirect off; types { }\n server_names_hash_bucket_size 256;\n");
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            out.append(kind).append("_temp_path ").append(home.resolve(kind)).append(";\n");
        }
        return out.append(servers)
                .append("server { listen 127.0.0.1:")
                .append(backend)
                .append("; merge_slashes off; location / { return 200 \"$http_x_id via $request_uri\"; } }\n}\n")
                .toString();
    }

    private void compare(HttpConf parsed, RandomIngresses set, int port, String seed) throws IOException {
        String host = set.host();
        String target = set.target();
        String source = set.pick(List.of("127.0.0.1", "127.0.0.2"));
        Walked walked = RequestWalk.walk(
                parsed, new HttpArrival(HTTP, false, Option.some(host), target, Option.some(IpAddress.of(source))));
        asked++;
        NginxProcess.Answer answer = NginxProcess.ask(
                source,
                "127.0.0.1",
                port,
                "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        String expected = expected(walked, IpAddress.of(source));
        String actual = answer.status()
                + (answer.status() < 300 ? " " + answer.body() : "")
                + (answer.location().isEmpty() ? "" : " -> " + answer.location());
        if (!expected.equals(actual)) {
            disagreements.add(seed + ": '" + host + "' " + target + "\n  nginx: " + actual + "\n  here:  " + expected);
        }
    }

    private static String expected(Walked walked, IpAddress client) {
        if (walked.fate() instanceof Fate.Unclear unclear) {
            return "unclear: " + unclear.why();
        }
        if (walked.fate() instanceof Fate.Answer answer) {
            return answer.status()
                    + (answer.status() < 300 ? " " + answer.text() : "")
                    + answer.location()
                            .map(to -> " -> "
                                    + (to.startsWith("/")
                                            ? "http://" + walked.text("$host").get() + to
                                            : to))
                            .getOrElse("");
        }
        Fate.Served served = (Fate.Served) walked.fate();
        if (Access.of(walked.inForce("allow", "deny"), Option.some(client)) instanceof Access.Denied) {
            return "403";
        }
        if (served.pass().isEmpty()) {
            return "404";
        }
        return "200 " + walked.variable("proxy_upstream_name").get() + " via "
                + walked.upstreamTarget(served.pass().get());
    }
}
