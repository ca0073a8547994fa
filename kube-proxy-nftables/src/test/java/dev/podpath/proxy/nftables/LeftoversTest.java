package dev.podpath.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ServiceProxy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What another mode left on a node is told with the line that shows it; a node without leftovers is the twin. */
class LeftoversTest {
    private static final String RULES = """
            table ip kube-proxy {
            	chain nat-prerouting {
            		type nat hook prerouting priority dstnat; policy accept;
            	}
            }
            """;
    private static final String OLD = """
            table ip nat {
            	chain KUBE-SVC-A {
            		counter packets 0 bytes 0 dnat to 10.244.0.11:8080
            	}
            }
            """;

    private static Iterable<String> findings(String... documents) {
        Map<String, String> all = new HashMap<>(Map.of("nft-ruleset.txt", RULES));
        for (int i = 0; i < documents.length; i += 2) {
            all.put(documents[i], documents[i + 1]);
        }
        ServiceProxy proxy = new NftablesMode().open(Nodes.node(all)).value().get();
        Packet packet = Nodes.packet(Protocol.TCP, "10.244.0.13", "10.96.0.10", 80);
        return proxy.route(packet, Nodes.pod(3)).findings().map(LeftoversTest::brief);
    }

    private static String brief(Finding finding) {
        assertThat(finding.code()).isEqualTo(NftablesFindings.LEFTOVERS);
        return finding.evidence().head().where();
    }

    @Test
    void nothingIsLeft() {
        assertThat(findings()).isEmpty();
        assertThat(findings("iptables-save.txt", "*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-MARK-DROP - [0:0]\nCOMMIT\n"))
                .isEmpty();
        assertThat(findings("ipvsadm-save.txt", "")).isEmpty();
    }

    @Test
    void chainsOfIptablesMode() {
        assertThat(findings("nft-ruleset.txt", RULES + OLD)).containsExactly("nodes/n1/nft-ruleset.txt:7");
        assertThat(findings("iptables-save.txt", "*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SVC-A - [0:0]\nCOMMIT\n"))
                .containsExactly("nodes/n1/iptables-save.txt:3");
    }

    @Test
    void virtualServersOfIpvsMode() {
        assertThat(findings("ipvsadm-save.txt", "-A -t 10.96.0.10:80 -s rr\n"))
                .containsExactly("nodes/n1/ipvsadm-save.txt:1");
        assertThat(findings(
                        "ipvsadm-Ln.txt",
                        "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n"
                                + "  -> RemoteAddress:Port\nTCP  10.96.0.10:80 rr\n"))
                .containsExactly("nodes/n1/ipvsadm-Ln.txt:4");
    }
}
