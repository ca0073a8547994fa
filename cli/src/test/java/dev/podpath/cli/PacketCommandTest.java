package dev.podpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.trace.Fraction;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/packet-json.md says. */
class PacketCommandTest {
    private static final String PLAIN = "example:kubeadm-plain";
    private static final String HELLO = "10.103.12.40:80/TCP";

    @TempDir
    private Path directory = Path.of("");

    private static Run packet(String snapshot, String in, String from, String to, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("packet", "--snapshot", snapshot, "--node", "worker1", "--in", in, "--src", from, "--dst", to));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    private static Json json(Run run) {
        return new Document("stdout.json", run.out().getBytes(StandardCharsets.UTF_8))
                .json()
                .getOrElseThrow(problem -> new AssertionError(problem + "\n" + run.err()));
    }

    @Test
    @DisplayName("endpoints with exact shares that sum to 1, and the trail with places")
    void endpoints() {
        Run run = packet(PLAIN, "pod", "10.244.1.5", HELLO, "-o", "json");
        Json json = json(run);
        assertThat(run.status()).isZero();
        assertThat(json.integer("formatVersion")).contains(1);
        assertThat(json.text("verdict")).contains("ENDPOINTS");
        assertThat(json.items("endpoints")).hasSize(3).allSatisfy(endpoint -> {
            assertThat(endpoint.integer("port")).contains(8080);
            assertThat(endpoint.at("masquerade").isPresent()).isTrue();
        });
        Fraction sum = json.items("endpoints")
                .map(endpoint -> endpoint.textOr("", "share").split("/"))
                .map(parts -> Fraction.of(Long.parseLong(parts[0]), parts.length == 1 ? 1 : Long.parseLong(parts[1])))
                .foldLeft(Fraction.ZERO, Fraction::plus);
        assertThat(sum).isEqualTo(Fraction.ONE);
        assertThat(json.items("trail")).isNotEmpty().allSatisfy(step -> {
            for (String field : List.of("table", "chain", "document", "rule")) {
                assertThat(step.text(field)).as(field).isNotEmpty();
            }
            assertThat(step.integer("line")).isNotEmpty();
        });
        for (String list : List.of("conditions", "unknowns", "assumptions", "decisions", "findings", "others")) {
            assertThat(json.at(list).isArray()).as(list).isTrue();
        }
    }

    @Test
    @DisplayName("masquerade is per endpoint: the sender itself is masqueraded, the others are not")
    void hairpin() {
        Json json = json(packet(PLAIN, "pod", "10.244.1.10", HELLO, "-o", "json"));
        assertThat(json.isTrue("masquerade")).isTrue();
        assertThat(json.items("endpoints").filter(endpoint -> endpoint.isTrue("masquerade")))
                .hasSize(1)
                .allSatisfy(endpoint -> assertThat(endpoint.text("address")).contains("10.244.1.10"));
    }

    @Test
    @DisplayName("refused, dropped and untouched packets are verdicts, and exit with 0")
    void otherVerdicts() throws IOException {
        Run refused = packet(PLAIN, "node", "192.0.2.21", "10.99.200.3:80/tcp", "-o", "json");
        assertThat(json(refused).text("verdict")).contains("REJECT");
        assertThat(refused.status()).isZero();
        Run untouched = packet(PLAIN, "pod", "10.244.1.5", "198.18.0.1:443", "-o", "json");
        assertThat(json(untouched).text("verdict")).contains("ACCEPT");
        assertThat(untouched.status()).isZero();

        Path dropping = Run.copy("kubeadm-plain", directory.resolve("dropping"));
        Path rules = dropping.resolve("nodes/worker1/iptables-save.txt");
        Files.writeString(rules, Files.readString(rules) + "*raw\n:PREROUTING DROP [0:0]\nCOMMIT\n");
        Run dropped = packet(dropping.toString(), "pod", "10.244.1.5", HELLO, "-o", "json");
        assertThat(json(dropped).text("verdict")).contains("DROP");
        assertThat(dropped.status()).isZero();
    }

    @Test
    @DisplayName("what cannot be told exits with 3 and names what is unknown")
    void unknown() {
        Path snapshot = Run.copy("kubeadm-plain", directory.resolve("unknown"));
        Run.edit(
                snapshot.resolve("nodes/worker1/iptables-save.txt"),
                "-A PREROUTING -m comment --comment \"kubernetes service portals\"",
                "-A PREROUTING -m invented --with this -j DROP\n"
                        + "-A PREROUTING -m comment --comment \"kubernetes service portals\"");
        Run run = packet(snapshot.toString(), "pod", "10.244.1.5", HELLO, "-o", "json");
        assertThat(run.status()).isEqualTo(3);
        assertThat(json(run).text("verdict")).contains("UNKNOWN");
        assertThat(json(run).at("unknowns").toString() + run.out()).contains("invented");
        assertThat(packet(PLAIN, "pod", "10.244.1.5", HELLO, "--node", "nowhere")
                        .status())
                .isIn(2, 3);
    }

    @Test
    @DisplayName("where no mode is recognized, the documents that could not be read are named with line and reason")
    void unreadableRules() throws IOException {
        Path snapshot = withoutMode("listing");
        Files.writeString(
                snapshot.resolve("nodes/worker1/iptables-save.txt"),
                "Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination\n");
        Run run = packet(snapshot.toString(), "pod", "10.244.1.5", HELLO);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("iptables-save.txt:1", "found Chain", "*table");
    }

    @Test
    @DisplayName("where documents of two modes were captured, both are named and the question which is in force asked")
    void severalModes() throws IOException {
        Path snapshot = withoutMode("several");
        Files.writeString(
                snapshot.resolve("nodes/worker1/nft-ruleset.txt"),
                "table ip kube-proxy {\n\tchain services {\n\t}\n}\n");
        Run run = packet(snapshot.toString(), "pod", "10.244.1.5", HELLO);
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).contains("iptables mode and of nftables mode", "proxy-mode.txt");
    }

    @Test
    @DisplayName("rules pasted into indented text are read as they are")
    void indentedRules() throws IOException {
        Path snapshot = withoutMode("indented");
        Path rules = snapshot.resolve("nodes/worker1/iptables-save.txt");
        Files.writeString(rules, Files.readString(rules).indent(2));
        Run run = packet(snapshot.toString(), "pod", "10.244.1.5", HELLO);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("10.244.0.10:8080");
    }

    /** Nothing but the documents of the nodes' rules tells the mode. */
    private Path withoutMode(String name) throws IOException {
        Path snapshot = Run.copy("kubeadm-plain", directory.resolve(name));
        Files.deleteIfExists(snapshot.resolve("nodes/worker1/proxy-mode.txt"));
        Files.deleteIfExists(snapshot.resolve("kubernetes/configmaps.json"));
        return snapshot;
    }

    @Test
    @DisplayName("where the node's addresses were not captured the Node object stands in, and that is said")
    void withoutAddresses() throws IOException {
        Path snapshot = Run.copy("kubeadm-plain", directory.resolve("addresses"));
        Files.delete(snapshot.resolve("nodes/worker1/ip-addr.json"));
        Json json = json(packet(snapshot.toString(), "pod", "10.244.1.5", HELLO, "-o", "json"));
        assertThat(json.text("verdict")).contains("ENDPOINTS");
        assertThat(json.items("assumptions").flatMap(Json::text).mkString("; ")).contains("ip-addr.json");
    }

    @Test
    @DisplayName("bad input exits with 2 and says what was expected")
    void badInput() {
        for (String[] wrong : new String[][] {
            {"pod", "10.244.1.5", "10.103.12.40/TCP"},
            {"pod", "10.244.1.5", "10.103.12.40:80/ICMP"},
            {"pod", "nobody", HELLO},
            {"sideways", "10.244.1.5", HELLO},
            {"pod", "fd00::5", HELLO},
            {"pod", "10.244.1.5", "10.103.12.40:99999"}
        }) {
            Run run = packet(PLAIN, wrong[0], wrong[1], wrong[2]);
            assertThat(run.status()).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(run.err()).as(String.join(" ", wrong)).isNotBlank();
            assertThat(run.out()).as(String.join(" ", wrong)).isEmpty();
        }
        assertThat(packet("example:no-such", "pod", "10.244.1.5", HELLO).status())
                .isEqualTo(2);
    }

    @Test
    @DisplayName("every way in is taken, and the text shows shares, rules and places")
    void text() {
        for (String in : List.of("pod", "node", "external", "other-node", "pod@cni0")) {
            Run run = packet(PLAIN, in, in.startsWith("node") ? "192.0.2.21" : "10.244.1.5", HELLO);
            assertThat(run.status()).as(in + run.err()).isZero();
            assertThat(run.out())
                    .as(in)
                    .contains("10.244.0.10:8080", "nodes/worker1/iptables-save.txt:", "KUBE-SVC-STDNOFAI3EEZDIVA");
        }
    }
}
