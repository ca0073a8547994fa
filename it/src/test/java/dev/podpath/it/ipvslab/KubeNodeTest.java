package dev.podpath.it.ipvslab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.testkit.contract.WrittenNode;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One node with kube-proxy's IPVS table, sets and rules: what the kernel did with packets, and what the plugin says. */
class KubeNodeTest {
    private static final String PACKETS = """
            web1 ext0 tcp 192.168.50.2 41001 10.96.0.10 80
            web2 ext0 tcp 192.168.50.2 41002 10.96.0.10 80
            web3 ext0 tcp 192.168.50.2 41003 10.96.0.10 80
            nodeport ext0 tcp 192.168.50.2 41004 192.168.50.1 30080
            empty ext0 tcp 192.168.50.2 41005 10.96.0.30 80
            vip-wrong-port ext0 tcp 192.168.50.2 41006 10.96.0.10 81
            lb-allowed ext0 tcp 198.51.100.7 41007 203.0.113.10 80
            lb-allowed2 ext0 tcp 198.51.100.7 41008 203.0.113.10 80
            lb-denied ext0 tcp 192.168.50.2 41009 203.0.113.10 80
            dns ext0 udp 192.168.50.2 41010 10.96.0.53 53
            sport20 ext0 tcp 192.168.50.2 20 10.96.0.10 80
            pod4-web pod4 tcp 10.244.0.14 42001 10.96.0.10 80
            hp1 pod1 tcp 10.244.0.11 42011 10.96.0.10 80
            hp2 pod1 tcp 10.244.0.11 42012 10.96.0.10 80
            hp3 pod1 tcp 10.244.0.11 42013 10.96.0.10 80
            node-web local tcp 10.96.0.10 43001 10.96.0.10 80
            node-web2 local tcp 192.168.50.1 43002 10.96.0.10 80
            node-nodeport local tcp 192.168.50.1 43003 192.168.50.1 30080
            node-nodeport-lo local tcp 127.0.0.1 43004 127.0.0.1 30080
            node-empty local tcp 192.168.50.1 43005 10.96.0.30 80
            """;

    @Test
    void everyPacketGoesWhereTheKernelSentIt() throws IOException {
        Path samples = Oracles.shared("kernel-lab/samples");
        ServiceProxy proxy = open(samples);
        Map<String, String> answers = new TreeMap<>();
        Files.readAllLines(samples.resolve("kube-ipvs-oracle-answers.txt"))
                .forEach(line -> answers.put(line.split(" ")[0], line.substring(line.indexOf(' ') + 1)));
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (String line : PACKETS.split("\n")) {
            String[] words = line.split(" ");
            Packet packet = new Packet(
                    Protocol.parse(words[2]).get(),
                    IpAddress.of(words[3]),
                    Integer.parseInt(words[4]),
                    IpAddress.of(words[5]),
                    Integer.parseInt(words[6]));
            Arrival arrival = words[1].equals("local")
                    ? Arrival.of(Arrival.Kind.NODE)
                    : Arrival.on(words[1].equals("ext0") ? Arrival.Kind.EXTERNAL : Arrival.Kind.POD, words[1]);
            ProxyVerdict verdict = proxy.route(packet, arrival);
            String answer = answers.getOrDefault(words[0], "no answer");
            compared++;
            if (!verdict.branches().exists(branch -> says(branch, packet, answer))
                    || verdict.kind() == ProxyVerdict.Kind.UNKNOWN) {
                wrong.add(line + ": kernel: " + answer + "; verdict: " + verdict.branches());
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(compared).isEqualTo(20);
    }

    /** Whether a branch says what happened. */
    private static boolean says(ProxyBranch branch, Packet packet, String answer) {
        String event = answer.split(" \\|\\| ")[0];
        String[] words = event.split(" ");
        ProxyOutcome outcome = branch.outcome();
        if (event.contains("LOCAL ")) {
            return outcome instanceof ProxyOutcome.Untouched;
        }
        if (event.contains("ICMP ")) {
            return outcome instanceof ProxyOutcome.Rejected;
        }
        if (words[0].equals("NONE")) {
            return outcome instanceof ProxyOutcome.Dropped;
        }
        if (!(outcome instanceof ProxyOutcome.ToEndpoint to)) {
            return false;
        }
        IpAddress source = IpAddress.of(words[3]);
        boolean sameSource = source.equals(packet.source());
        boolean sourceHolds = branch.sourceNat() instanceof SourceNat.Masquerade masquerade
                ? masquerade.candidates().contains(source)
                : branch.sourceNat() instanceof SourceNat.Kept && sameSource;
        return to.address().toString().equals(words[5] + ":" + words[6]) && sourceHolds;
    }

    private static ServiceProxy open(Path samples) throws IOException {
        Map<String, String> documents = new TreeMap<>();
        documents.put("ipvsadm-save.txt", Files.readString(samples.resolve("kube-ipvs.ipvsadm-save-n.txt")));
        documents.put("ipset-save.txt", Files.readString(samples.resolve("kube-ipvs.ipset-save.txt")));
        documents.put("iptables-save.txt", Files.readString(samples.resolve("kube-ipvs.iptables-save.txt")));
        documents.put("ip-addr.json", addresses(Files.readAllLines(samples.resolve("kube-ipvs.ip-addr.txt"))));
        documents.put("ip-route.json", routes(Files.readAllLines(samples.resolve("kube-ipvs.ip-route.txt"))));
        NodeState node = WrittenNode.of(Cluster.unknown(), "n1", HashMap.ofAll(documents));
        return new IpvsMode().open(node).value().get();
    }

    /** What {@code ip -j addr} would have printed. */
    private static String addresses(List<String> lines) {
        StringBuilder json = new StringBuilder("[");
        for (String line : lines) {
            String[] words = line.strip().split(" +");
            if (!line.startsWith(" ")) {
                json.append(json.length() == 1 ? "" : "]},")
                        .append("{\"ifname\":\"")
                        .append(words[1], 0, words[1].length() - 1)
                        .append("\",\"addr_info\":[");
            } else if (words[0].startsWith("inet")) {
                String[] prefix = words[1].split("/");
                json.append(json.charAt(json.length() - 1) == '[' ? "" : ",")
                        .append("{\"local\":\"")
                        .append(prefix[0])
                        .append("\",\"prefixlen\":")
                        .append(prefix[1])
                        .append('}');
            }
        }
        return json + "]}]";
    }

    /** What {@code ip -j route} would have printed of the main table. */
    private static String routes(List<String> lines) {
        List<String> entries = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            if (line.contains(" table ") || words.length < 3) {
                continue;
            }
            String via = words[1].equals("via") ? "\"gateway\":\"" + words[2] + "\"," : "";
            entries.add("{\"dst\":\"" + words[0] + "\"," + via + "\"dev\":\"" + words[via.isEmpty() ? 2 : 4] + "\"}");
        }
        return "[" + String.join(",", entries) + "]";
    }
}
