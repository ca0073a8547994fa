package dev.podpath.it.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.k8s.ingress.nginx.conf.NginxConf;
import dev.podpath.k8s.ingress.nginx.request.Access;
import dev.podpath.k8s.ingress.nginx.request.Fate;
import dev.podpath.k8s.ingress.nginx.request.HttpArrival;
import dev.podpath.k8s.ingress.nginx.request.RequestWalk;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.ports.snapshot.Document;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The law: for every configuration and every request, the socket, server, location, rewriting and answer that are derived from
 * {@code nginx.conf} are those of nginx itself.
 */
class NginxOracleTest {
    private static final int BATCHES = 40;
    private static final int CONFIGURATIONS = 10;
    private static final int REQUESTS = 100;
    private static final int PORTS = 2;

    @TempDir
    private Path directory = Path.of("");

    private int asked;
    private int unclear;
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
        long start = System.nanoTime();
        for (int batch = 0; batch < BATCHES; batch++) {
            batch(batch, 3);
        }
        System.out.printf(
                "nginx oracle: %d configurations, %d requests, %d disagreements, %d not decided, %.1f s%n",
                BATCHES * CONFIGURATIONS, asked, disagreements.size(), unclear, (System.nanoTime() - start) / 1e9);
        assertThat(disagreements).isEmpty();
        assertThat(unclear).isZero();
    }

    /** Another program may take a port before nginx does; then others are tried. */
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
        int[] ports = NginxProcess.freePorts(CONFIGURATIONS * PORTS + 2);
        int backend = ports[ports.length - 1];
        List<RandomConf> confs = new ArrayList<>();
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < CONFIGURATIONS; i++) {
            RandomConf conf = new RandomConf(1_000L * batch + i);
            confs.add(conf);
            servers.append(conf.servers(own(ports, i), backend));
        }
        Path file = home.resolve("nginx.conf");
        String text = frame(home, servers.toString(), ports[ports.length - 2], backend);
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        HttpConf parsed =
                HttpConf.of(NginxConf.parse(new Document("nginx.conf", text.getBytes(StandardCharsets.ISO_8859_1)))
                        .get());
        try (NginxProcess running = NginxProcess.start(home, file, backend)) {
            assertThat(running).isNotNull();
            for (int i = 0; i < CONFIGURATIONS; i++) {
                for (int r = 0; r < REQUESTS; r++) {
                    compare(parsed, confs.get(i), own(ports, i), "seed " + (1_000L * batch + i));
                }
            }
        }
    }

    private static int[] own(int[] ports, int configuration) {
        return Arrays.copyOfRange(ports, configuration * PORTS, configuration * PORTS + PORTS);
    }

    private static String frame(Path home, String servers, int unused, int backend) {
        StringBuilder out = new StringBuilder("daemon off;\nmaster_process off;\npid ")
                .append(home.resolve("pid"))
                .append(
                        ";\nworker_processes 1;\nevents { worker_connections 512; }\nhttp {\n  access_log off;\n  root ")
                .append(home.resolve("none"))
                .append(";\n  server_names_hash_max_size 4096; server_names_hash_bucket_size 256;\n  types { }\n")
                .append("  default_type text/plain;\n");
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            out.append("  ")
                    .append(kind)
                    .append("_temp_path ")
                    .append(home.resolve(kind))
                    .append(";\n");
        }
        return out.append(servers)
                .append("server { listen 127.0.0.1:")
                .append(backend)
                .append(
                        "; merge_slashes off; location / { return 200 \"$http_x_id via $request_uri\"; } }\nserver { listen 127.0.0.1:")
                .append(unused)
                .append("; }\n}\n")
                .toString();
    }

    private void compare(HttpConf parsed, RandomConf conf, int[] ports, String seed) throws IOException {
        String address = conf.pick(conf.addresses());
        int port = conf.pick(ports);
        String host = conf.host();
        String target = conf.target();
        AddressPort to = new AddressPort(IpAddress.of(address), port);
        if (parsed.listener(to).isEmpty()) {
            return;
        }
        RequestHead head = conf.head();
        String request = head.method() + " " + target
                + (host.isEmpty() ? " HTTP/1.0\r\n" : " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n")
                + head.fields().map(field -> field + "\r\n").mkString()
                + "\r\n";
        String source = conf.pick(List.of("127.0.0.1", "127.0.0.2"));
        Walked walked = RequestWalk.walk(
                parsed,
                new HttpArrival(
                        to,
                        false,
                        host.isEmpty() ? Option.none() : Option.some(host),
                        target,
                        Option.some(IpAddress.of(source)),
                        head));
        asked++;
        if (walked.fate() instanceof Fate.Unclear why) {
            unclear++;
            System.out.println(seed + ": not decided: " + why.why());
            return;
        }
        NginxProcess.Answer answer = NginxProcess.ask(source, address, port, request);
        String expected = expected(walked, IpAddress.of(source));
        String actual = actual(answer);
        if (!expected.equals(actual)) {
            disagreements.add(seed + ": " + address + ":" + port + " '" + host + "' " + target + " " + head
                    + "\n  nginx: " + actual
                    + "\n  here:  " + expected + "\n  "
                    + walked.decisions()
                            .map(d -> d.text()
                                    + d.evidence()
                                            .map(e -> " [" + e.where() + "]")
                                            .mkString())
                            .mkString("\n  "));
        }
    }

    private static String expected(Walked walked, IpAddress client) {
        if (walked.fate() instanceof Fate.Answer answer) {
            String text = answer.status() < 300 ? " " + answer.text() : "";
            return answer.status()
                    + text
                    + answer.location().map(NginxOracleTest::path).getOrElse("");
        }
        Fate.Served served = (Fate.Served) walked.fate();
        if (Access.of(walked.inForce("allow", "deny"), Option.some(client)) instanceof Access.Denied) {
            return "403";
        }
        if (served.pass().isEmpty()) {
            return "404";
        }
        String id = walked.location()
                .get()
                .directive()
                .children()
                .find(line -> line.is("proxy_set_header"))
                .get()
                .args()
                .get(1);
        return "200 " + id + " via " + walked.upstreamTarget(served.pass().get());
    }

    private static String actual(NginxProcess.Answer answer) {
        return answer.status()
                + (answer.status() < 300 ? " " + answer.body() : "")
                + (answer.location().isEmpty() ? "" : path(answer.location()));
    }

    /** Only the path of a redirect: the host part has rules of its own. */
    private static String path(String location) {
        int scheme = location.indexOf("://");
        int slash = location.indexOf('/', scheme < 0 ? 0 : scheme + 3);
        return " -> " + (slash < 0 ? "" : location.substring(slash));
    }
}
