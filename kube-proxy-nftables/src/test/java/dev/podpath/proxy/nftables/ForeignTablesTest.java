package dev.podpath.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.nftables.eval.NftablesRules;
import org.junit.jupiter.api.Test;

/** Tables of others on the node: they decide with kube-proxy's in the order of hooks and priorities, and no more than they say. */
class ForeignTablesTest {
    private static final String PROXY = """
            table ip kube-proxy {
            	map service-ips {
            		type ipv4_addr . inet_proto . inet_service : verdict
            		elements = { 10.96.0.10 . tcp . 80 : goto service-A }
            	}

            	chain endpoint-1 {
            		meta l4proto tcp dnat to 10.244.0.11:8080
            	}

            	chain service-A {
            		numgen random mod 1 vmap { 0 : goto endpoint-1 }
            	}

            	chain nat-prerouting {
            		type nat hook prerouting priority dstnat; policy accept;
            		ip daddr . meta l4proto . th dport vmap @service-ips
            	}
            }
            """;
    private static final String REACHED = "10.244.0.11:8080";

    private static ProxyVerdict verdict(String foreign, Arrival arrival, String from) {
        assertThat(Nodes.read(PROXY + foreign).problems()).as(foreign).isEmpty();
        NftablesRules rules = Nodes.rules(PROXY + foreign);
        return rules.route(Nodes.packet(Protocol.TCP, from, "10.96.0.10", 80), arrival);
    }

    /** From pod 3 to the service. */
    private static String pod(String foreign) {
        return Nodes.brief(verdict(foreign, Nodes.pod(3), "10.244.0.13"));
    }

    private static String outside(String foreign) {
        return Nodes.brief(verdict(foreign, Nodes.outside(), "198.51.100.2"));
    }

    private static String base(String type, String hook, String priority, String policy, String... rules) {
        return "table ip other {\n\tchain base {\n\t\ttype " + type + " hook " + hook + " priority " + priority
                + "; policy " + policy + ";\n\t\t" + String.join("\n\t\t", rules) + "\n\t}\n}\n";
    }

    @Test
    void nothingElse() {
        assertThat(pod("")).isEqualTo(REACHED);
    }

    /** An accept ends one base chain; a drop ends the packet, whatever others said before. */
    @Test
    void acceptEndsItsChainAndDropEndsThePacket() {
        String accept = base("filter", "forward", "filter - 5", "accept", "accept");
        String drop = base("filter", "forward", "filter", "drop").replace("other", "firewall");
        assertThat(pod(accept)).isEqualTo(REACHED);
        assertThat(pod(accept + drop)).isEqualTo("dropped");
        assertThat(pod(drop)).isEqualTo("dropped");
    }

    /** Before the translation the service's address is seen, after it the endpoint's. */
    @Test
    void prioritiesDecideWhichAddressIsSeen() {
        String service = "ip daddr 10.96.0.10 drop";
        String endpoint = "ip daddr 10.244.0.11 tcp dport 8080 drop";
        assertThat(pod(base("filter", "prerouting", "raw", "accept", service))).isEqualTo("dropped");
        assertThat(pod(base("filter", "prerouting", "dstnat - 1", "accept", service)))
                .isEqualTo("dropped");
        assertThat(pod(base("filter", "prerouting", "dstnat + 1", "accept", service)))
                .isEqualTo(REACHED);
        assertThat(pod(base("filter", "prerouting", "dstnat + 1", "accept", endpoint)))
                .isEqualTo("dropped");
        assertThat(pod(base("filter", "forward", "filter", "accept", service))).isEqualTo(REACHED);
        assertThat(pod(base("filter", "forward", "filter", "accept", endpoint))).isEqualTo("dropped");
        assertThat(pod(base("filter", "forward", "filter", "accept", "ct original ip daddr 10.96.0.10 drop")))
                .isNotEqualTo(REACHED);
        assertThat(pod(base("filter", "input", "filter", "drop"))).isEqualTo(REACHED);
        assertThat(pod(base("filter", "output", "filter", "drop"))).isEqualTo(REACHED);
    }

    /** What translates first wins: later chains of type nat are no longer asked. */
    @Test
    void theFirstTranslationWins() {
        String other = "ip daddr 10.96.0.10 tcp dport 80 dnat to 10.244.0.12:9";
        assertThat(pod(base("nat", "prerouting", "dstnat - 5", "accept", other)))
                .isEqualTo("10.244.0.12:9");
        assertThat(pod(base("nat", "prerouting", "dstnat + 5", "accept", other)))
                .isEqualTo(REACHED);
    }

    /** Docker's tables as nft prints what iptables-nft wrote: policy DROP, and what comes from its bridge alone. */
    @Test
    void docker() {
        String docker = """
                table ip nat {
                	chain DOCKER {
                		iifname "docker0" counter packets 0 bytes 0 return
                	}

                	chain PREROUTING {
                		type nat hook prerouting priority dstnat; policy accept;
                		fib daddr type local counter packets 7 bytes 420 jump DOCKER
                	}

                	chain POSTROUTING {
                		type nat hook postrouting priority srcnat; policy accept;
                		oifname != "docker0" ip saddr 172.17.0.0/16 counter packets 0 bytes 0 masquerade
                	}
                }
                table ip filter {
                	chain DOCKER-USER {
                		counter packets 9 bytes 9 return
                	}

                	chain FORWARD {
                		type filter hook forward priority filter; policy drop;
                		counter packets 9 bytes 9 jump DOCKER-USER
                		oifname "docker0" ct state established,related counter packets 0 bytes 0 accept
                		iifname "docker0" counter packets 0 bytes 0 accept
                		LAST
                	}
                }
                """;
        assertThat(pod(docker.replace("LAST", "ip saddr 10.244.0.0/16 accept"))).isEqualTo(REACHED);
        assertThat(pod(docker.replace("LAST", "iifname \"cni0\" accept"))).isEqualTo("dropped");
        assertThat(outside(docker.replace("LAST", "ip saddr 10.244.0.0/16 accept")))
                .isEqualTo("dropped");
    }

    /** firewalld's table of the family inet: new connections are forwarded from trusted sources, others refused. */
    @Test
    void firewalld() {
        String firewalld = """
                table inet firewalld {
                	chain filter_FORWARD {
                		type filter hook forward priority filter + 10; policy accept;
                		ct state { established, related } accept
                		ct status dnat accept
                		iifname "lo" accept
                		ct state invalid drop
                		jump filter_FORWARD_POLICIES
                		reject with icmpx admin-prohibited
                	}

                	chain filter_FORWARD_POLICIES {
                		ip saddr 10.244.0.0/16 accept
                		ip6 saddr fd00:10:244::/64 accept
                	}
                }
                """;
        assertThat(pod(firewalld)).isEqualTo(REACHED);
        String strict = firewalld.replace("\t\tct status dnat accept\n", "");
        assertThat(pod(strict)).isEqualTo(REACHED);
        assertThat(outside(strict)).isEqualTo("rejected");
    }

    /** A match that nft cannot print is not known; it makes UNKNOWN what it can decide, and only that. */
    @Test
    void matchesOfXtables() {
        for (String unknown : new String[] {
            "xt match \"comment\" drop", "ip daddr 10.244.0.11 xt match \"set\" drop", "xt target \"TPROXY\""
        }) {
            String table = base("filter", "forward", "filter", "accept", unknown);
            ProxyVerdict verdict = verdict(table, Nodes.pod(3), "10.244.0.13");
            assertThat(verdict.kind()).as(unknown).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
            assertThat(verdict.branches().map(branch -> branch.outcome()))
                    .anyMatch(outcome -> outcome instanceof ProxyOutcome.Unknown one
                            && one.why().contains("nft-ruleset.txt"));
            assertThat(Nodes.read(table).reports().head().count(Support.UNIMPLEMENTED))
                    .isOne();
        }
        assertThat(pod(base("filter", "forward", "filter", "accept", "ip daddr 192.0.2.1 xt match \"set\" drop")))
                .isEqualTo(REACHED);
        assertThat(pod(base("filter", "input", "filter", "accept", "xt match \"set\" drop")))
                .isEqualTo(REACHED);
    }

    /** Tables of other families, of a device, or asleep have no say. */
    @Test
    void tablesWithoutASay() {
        assertThat(
                        pod(
                                "table ip6 other {\n\tchain base {\n\t\ttype filter hook forward priority 0; policy drop;\n\t}\n}\n"))
                .isEqualTo(REACHED);
        assertThat(
                        pod(
                                "table arp other {\n\tchain base {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n"))
                .isEqualTo(REACHED);
        String asleep = base("filter", "forward", "filter", "drop").replace("other {", "other {\n\tflags dormant");
        assertThat(pod(asleep)).isEqualTo(REACHED);
        String inet = base("filter", "forward", "filter", "drop").replace("ip other", "inet other");
        assertThat(pod(inet)).isEqualTo("dropped");
    }
}
