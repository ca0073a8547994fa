package dev.podpath.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.Protocol;
import org.junit.jupiter.api.Test;

/** A listing without elements ({@code nft -t}) says nothing of where packets go; sets that are empty say that nothing happens. */
class TerseTest {
    private static final String EMPTY = """
            table ip kube-proxy {
            	map service-ips {
            		type ipv4_addr . inet_proto . inet_service : verdict
            	}

            	chain nat-prerouting {
            		type nat hook prerouting priority dstnat; policy accept;
            		ip daddr . meta l4proto . th dport vmap @service-ips
            	}

            	chain mark-for-masquerade {
            		meta mark set meta mark | 0x00004000
            	}

            	chain reject-chain {
            		reject
            	}

            	chain service-gone {
            	}
            }
            """;

    private static String route(String rules) {
        return Nodes.brief(
                Nodes.rules(rules).route(Nodes.packet(Protocol.TCP, "10.244.0.13", "10.96.0.10", 80), Nodes.pod(3)));
    }

    @Test
    void emptySets() {
        assertThat(route(EMPTY)).isEqualTo("untouched");
    }

    @Test
    void elementsThatWereNotListed() {
        String choice = "\t\tnumgen random mod 1 vmap { 0 : goto reject-chain }\n";
        String marked = "\t\tip daddr 10.96.0.10 jump mark-for-masquerade\n";
        for (String rules : new String[] {choice, marked, marked + choice}) {
            assertThat(route(EMPTY.replace("service-gone {\n", "service-gone {\n" + rules)))
                    .isEqualTo("unknown");
        }
    }
}
