package dev.podpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    private static final String NODE = "ip-10-40-16-11.us-west-2.compute.internal";
    private static final String OTHER = "ip-10-40-32-12.us-west-2.compute.internal";
    private static final String DNAT = "--to-destination 10.40.16.32:8443";

    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName("what holds exits with 0, in every format")
    void holds() {
        Run text = Run.of("verify", "--snapshot", "example:kubeadm-plain");
        assertThat(text.out()).contains("node worker1  iptables  HOLDS").contains("Result: HOLDS");
        assertThat(text.status()).isZero();
        assertThat(json(Run.of("verify", "--snapshot", "example:kubeadm-plain", "-o", "json"))
                        .text("result"))
                .contains("HOLDS");
        assertThat(Run.of("verify", "-o", "sarif", "--snapshot", "example:kubeadm-plain")
                        .out())
                .contains("\"version\" : \"2.1.0\"");
        assertThat(Run.of("verify", "-o", "junit", "--snapshot", "example:kubeadm-plain")
                        .out())
                .contains("<testsuite name=\"worker1\"");
    }

    @Test
    @DisplayName("a rule that leads elsewhere exits with 1, and podpath packet shows the same")
    void violated() {
        Path snapshot = broken();
        Run run = Run.of("verify", "--snapshot", snapshot.toString(), "-o", "json");
        assertThat(run.status()).isEqualTo(1);
        Json report = json(run);
        assertThat(report.items("violations")).isNotEmpty();
        for (Json violation : report.items("violations")) {
            assertThat(violation.text("node")).contains(NODE);
            assertThat(violation.text("service")).contains("api/api");
        }
        String text = Run.of("verify", "--snapshot", snapshot.toString()).out();
        String command = text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("podpath packet "))
                .findFirst()
                .orElseThrow();
        Run packet = Run.of(Run.words(command.substring("podpath ".length())));
        assertThat(packet.out()).contains("10.40.16.99:8443");
        assertThat(Run.of("verify", "--snapshot", snapshot.toString(), "--node", OTHER)
                        .status())
                .isZero();
        assertThat(Run.of("verify", "--snapshot", snapshot.toString(), "--service", "kube-system/kube-dns")
                        .status())
                .isZero();
        for (Json violation : report.items("violations")) {
            assertThat(Run.of("explain", violation.textOr("", "code")).status()).isZero();
        }
    }

    @Test
    @DisplayName("shards, merged, are the whole")
    void shards() throws IOException {
        Path snapshot = broken();
        String whole = Run.of("verify", "--snapshot", snapshot.toString(), "-o", "json")
                .out();
        String[] merge = {"merge", part(snapshot, 0), part(snapshot, 1), part(snapshot, 2), "-o", "json"};
        Run merged = Run.of(merge);
        assertThat(merged.status()).isEqualTo(1);
        assertThat(timeless(merged.out())).isEqualTo(timeless(whole));
        Run missing = Run.of("merge", part(snapshot, 0), part(snapshot, 2));
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("of 3 shards one is missing: 1/3");
        Run twice = Run.of("merge", part(snapshot, 0), part(snapshot, 0));
        assertThat(twice.err()).contains("are both shard 0/3");
        assertThat(Run.of("merge", "no-such.json").err()).contains("no-such.json: cannot be read");
    }

    private String part(Path snapshot, int index) throws IOException {
        Path file = directory.resolve("part-" + index + ".json");
        Run run = Run.of("verify", "--snapshot", snapshot.toString(), "--shard", index + "/3", "-o", "json");
        Files.writeString(file, run.out());
        return file.toString();
    }

    @Test
    @DisplayName("shards of processes apart, as a job runs them, merge into the whole")
    void processes() throws IOException, InterruptedException {
        Path snapshot = broken();
        String[] merge = new String[4];
        merge[0] = "merge";
        Process[] processes = new Process[2];
        for (int index = 0; index < processes.length; index++) {
            Path file = directory.resolve("completion-" + index + ".json");
            merge[index + 1] = file.toString();
            processes[index] = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "verify",
                            "--snapshot",
                            snapshot.toString(),
                            "--shard",
                            index + "/" + processes.length,
                            "--output=json")
                    .redirectOutput(file.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
        for (Process process : processes) {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isIn(0, 1);
        }
        merge[3] = "--output=json";
        String whole = Run.of("verify", "--snapshot", snapshot.toString(), "-o", "json")
                .out();
        assertThat(timeless(Run.of(merge).out())).isEqualTo(timeless(whole));
    }

    static String timeless(String json) {
        return json.replaceAll("\"seconds\" : [0-9.]+", "\"seconds\" : 0");
    }

    @Test
    @DisplayName("what cannot be told exits with 3 and names the capture command; usage and broken documents with 2")
    void otherwise() throws IOException {
        Path snapshot = Run.copy("kubeadm-plain", directory.resolve("unknown"));
        Files.delete(snapshot.resolve("nodes/worker1/iptables-save.txt"));
        Run unknown = Run.of("verify", "--snapshot", snapshot.toString());
        assertThat(unknown.status()).isEqualTo(3);
        assertThat(unknown.out()).contains("Result: UNKNOWN").contains("iptables-save.txt");
        Files.writeString(snapshot.resolve("kubernetes/services.json"), "{\"kind\": \"List\", \"items\": [");
        assertThat(Run.of("verify", "--snapshot", snapshot.toString()).status()).isEqualTo(2);
        assertThat(Run.of("verify", "--snapshot", "example:no-such").status()).isEqualTo(2);
        assertThat(Run.of("verify", "--node", "no-such", "--snapshot", "example:kubeadm-plain")
                        .err())
                .contains("no node no-such");
        assertThat(Run.of("verify", "--service", "web", "--snapshot", "example:kubeadm-plain")
                        .err())
                .contains("'web' is no service; expected NAMESPACE/NAME");
        assertThat(Run.of("verify", "--shard", "2/2").err()).contains("'2/2' is no shard");
        assertThat(Run.of("verify", "-o", "xml").status()).isEqualTo(2);
    }

    @Test
    @DisplayName("NodeLocal DNSCache is no fault where the node has the address, and one where it has not")
    void nodeLocalDns() {
        Path snapshot = Run.copy("kubeadm-plain", directory.resolve("cached"));
        Run.edit(snapshot.resolve("nodes/worker1/iptables-save.txt"), "*filter\n", """
                *raw
                :PREROUTING ACCEPT [0:0]
                :OUTPUT ACCEPT [0:0]
                -A PREROUTING -d 10.96.0.10/32 -p udp -m udp --dport 53 -m comment --comment "NodeLocal DNS Cache: skip conntrack" -j NOTRACK
                -A OUTPUT -d 10.96.0.10/32 -p udp -m udp --dport 53 -m comment --comment "NodeLocal DNS Cache: skip conntrack" -j NOTRACK
                COMMIT
                *filter
                """);
        Path addresses = snapshot.resolve("nodes/worker1/ip-addr.json");
        Json gone = json(Run.of("verify", "--snapshot", snapshot.toString(), "-o", "json"));
        assertThat(gone.items("violations").map(violation -> violation.textOr("", "code")))
                .contains("PP-NODE-105");
        Run.edit(
                addresses,
                "[{\"ifindex\":1,",
                "[{\"ifindex\":9,\"ifname\":\"nodelocaldns\",\"addr_info\":[{\"family\":\"inet\",\"local\":\"10.96.0.10\","
                        + "\"prefixlen\":32}]},{\"ifindex\":1,");
        Run held = Run.of("verify", "--snapshot", snapshot.toString());
        assertThat(held.status()).as(held.out()).isZero();
        assertThat(held.out()).contains("such as NodeLocal DNSCache, answers packets to 10.96.0.10:53/udp");
        assertThat(addresses.toFile().delete()).isTrue();
        Run unknown = Run.of("verify", "--snapshot", snapshot.toString());
        assertThat(unknown.status()).as(unknown.out()).isEqualTo(3);
        assertThat(unknown.out()).contains("ip-addr.json");
    }

    @Test
    @DisplayName("where no snapshot is named and none is here, the example is verified, and it says so")
    void example() {
        Run run = Run.of("verify");
        assertThat(run.status()).isZero();
        assertThat(run.err()).contains("verifying the bundled example:");
    }

    private Path broken() {
        Path snapshot = Run.copy("eks-basic", directory.resolve("broken"));
        Run.edit(
                snapshot.resolve("nodes/" + NODE + "/iptables-save.txt"),
                DNAT,
                DNAT.replace("10.40.16.32", "10.40.16.99"));
        return snapshot;
    }

    static Json json(Run run) {
        return new Document("out.json", run.out().getBytes(StandardCharsets.UTF_8))
                .json()
                .get();
    }
}
