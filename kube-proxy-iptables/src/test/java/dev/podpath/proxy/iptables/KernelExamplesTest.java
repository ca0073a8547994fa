package dev.podpath.proxy.iptables;

import static dev.podpath.proxy.iptables.Nodes.external;
import static dev.podpath.proxy.iptables.Nodes.lab;
import static dev.podpath.proxy.iptables.Nodes.pod;
import static dev.podpath.proxy.iptables.Nodes.self;
import static dev.podpath.proxy.iptables.Nodes.show;
import static dev.podpath.proxy.iptables.Nodes.tcp;
import static dev.podpath.proxy.iptables.Nodes.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.packet.Arrival;
import dev.podpath.proxy.iptables.eval.Netfilter;
import org.junit.jupiter.api.Test;

/** Single truths of the kernel's packet filter, each seen on a running kernel. */
@SuppressWarnings("StringConcatToTextBlock")
class KernelExamplesTest {
    private static Netfilter nat(String... rules) {
        return lab("*nat\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT\n:U -\n:V -\n"
                + String.join("\n", rules)
                + "\nCOMMIT\n*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n");
    }

    private static Netfilter filter(String... rules) {
        return lab("*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n:U -\n:V -\n"
                + String.join("\n", rules)
                + "\nCOMMIT\n*nat\n:PREROUTING ACCEPT\nCOMMIT\n");
    }

    @Test
    void loopbackAddressesAreNotMasqueradedTo() {
        Netfilter node = nat("-A POSTROUTING -j MASQUERADE");
        assertThat(show(node.route(tcp("192.168.50.1", "192.168.50.1:80"), self())))
                .isEqualTo("UNTOUCHED M(192.168.50.1,10.244.0.1)");
    }

    @Test
    void aLoopedBackPacketIsTranslatedOnce() {
        Netfilter node = nat(
                "-A OUTPUT -d 192.168.50.1/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080",
                "-A PREROUTING -p tcp -j DNAT --to-destination 10.244.0.11");
        assertThat(show(node.route(tcp("192.168.50.1", "192.168.50.1:80"), self())))
                .isEqualTo("127.0.0.1:8080");
    }

    @Test
    void gotoDoesNotComeBack() {
        Netfilter node =
                filter("-A FORWARD -g U", "-A FORWARD -j DROP", "-A U -j V", "-A U -p udp -j DROP", "-A V -j RETURN");
        assertThat(show(node.route(tcp("10.244.0.11", "10.244.0.12:80"), pod())))
                .isEqualTo("UNTOUCHED");
        assertThat(show(node.route(udp("10.244.0.11", "10.244.0.12:80"), pod())))
                .isEqualTo("DROP");
    }

    @Test
    void untrackedPacketsMeetNoTranslation() {
        Netfilter node = lab("*raw\n:PREROUTING ACCEPT\n:OUTPUT ACCEPT\n-A PREROUTING -p udp -j CT --notrack\nCOMMIT\n"
                + "*nat\n:PREROUTING ACCEPT\n-A PREROUTING -j DNAT --to-destination 10.244.0.11\nCOMMIT\n"
                + "*filter\n:FORWARD ACCEPT\n-A FORWARD -m conntrack --ctstate UNTRACKED -j DROP\nCOMMIT\n");
        assertThat(show(node.route(udp("192.168.50.2", "10.244.0.12:53"), external())))
                .isEqualTo("DROP");
        assertThat(show(node.route(tcp("192.168.50.2", "10.244.0.12:53"), external())))
                .isEqualTo("10.244.0.11:53");
    }

    @Test
    void whatCannotBeEvaluatedIsUnknownOnlyWhereItMatters() {
        Netfilter node = filter(
                "-A FORWARD -p tcp -m bpf --bytecode \"1,6 0 0 0\" -j DROP",
                "-A FORWARD -p udp -m bpf --bytecode \"1,6 0 0 0\" -j ACCEPT");
        assertThat(show(node.route(tcp("10.244.0.11", "10.244.0.12:80"), pod())))
                .isEqualTo("UNKNOWN");
        assertThat(show(node.route(udp("10.244.0.11", "10.244.0.12:80"), pod())))
                .isEqualTo("UNTOUCHED");
    }

    @Test
    void anUnknownRuleThatOnlyMarksMakesTheSourceUnknown() {
        Netfilter node = nat(
                "-A PREROUTING -m bpf --bytecode \"1,6 0 0 0\" -j MARK --set-xmark 0x1/0x1",
                "-A PREROUTING -d 10.96.0.10/32 -j DNAT --to-destination 10.244.0.11",
                "-A POSTROUTING -m mark --mark 0x1/0x1 -j MASQUERADE");
        assertThat(show(node.route(tcp("192.168.50.2", "10.96.0.10:80"), external())))
                .isEqualTo("10.244.0.11:80 M?");
    }

    @Test
    void interfacesOfOneKindAreNamedByAPrefix() {
        Netfilter node = filter("-A FORWARD -i pod+ -j DROP");
        assertThat(show(node.route(tcp("10.244.0.11", "10.244.0.12:80"), Arrival.on(Arrival.Kind.POD, "pod1"))))
                .isEqualTo("DROP");
        assertThat(show(node.route(tcp("192.168.50.2", "10.244.0.12:80"), external())))
                .isEqualTo("UNTOUCHED");
    }

    @Test
    void aRuleOfTheCloudsNetworkThatSkipsLocalDestinations() {
        Netfilter node = nat(
                "-A POSTROUTING -m comment --comment \"AWS SNAT CHAIN\" -j U",
                "-A U -d 10.244.0.0/16 -m comment --comment \"AWS SNAT CHAIN\" -j RETURN",
                "-A U ! -o vlan+ -m comment --comment \"AWS, SNAT\" -m addrtype ! --dst-type LOCAL -j SNAT --to-source"
                        + " 192.168.50.1 --random-fully");
        assertThat(show(node.route(tcp("10.244.0.11", "198.51.100.9:443"), pod())))
                .isEqualTo("UNTOUCHED S(192.168.50.1)");
        assertThat(show(node.route(tcp("10.244.0.11", "10.244.0.12:443"), pod())))
                .isEqualTo("UNTOUCHED");
    }

    @Test
    void aTruncatedTableIsUnknown() {
        Netfilter node = lab("*nat\n:PREROUTING ACCEPT\n-A PREROUTING -d 10.96.0.10/32 -j DNAT --to-des");
        assertThat(show(node.route(tcp("192.168.50.2", "10.96.0.10:80"), external())))
                .isEqualTo("UNKNOWN");
    }

    @Test
    void rulesOfIpv6ThatWereNotCapturedAreMissing() {
        Netfilter node = filter();
        assertThat(show(node.route(tcp("fd00:50::2", "[fd00:96::10]:80"), external())))
                .isEqualTo("UNKNOWN");
    }

    @Test
    void loopsOfChainsEnd() {
        Netfilter node = filter("-A FORWARD -j U", "-A U -j V", "-A V -j U");
        assertThat(show(node.route(tcp("10.244.0.11", "10.244.0.12:80"), pod())))
                .isEqualTo("UNKNOWN");
    }

    @Test
    void tooManyWaysEnd() {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            rules.append("-A FORWARD -m statistic --mode random --probability 0.5 -j MARK --set-xmark 0x")
                    .append(Integer.toHexString(1 << i % 31))
                    .append("/0x0\n");
        }
        assertThat(show(filter(rules.toString()).route(tcp("10.244.0.11", "10.244.0.12:80"), pod())))
                .isEqualTo("UNKNOWN");
    }
}
