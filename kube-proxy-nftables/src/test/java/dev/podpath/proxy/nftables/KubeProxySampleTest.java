package dev.podpath.proxy.nftables;

import static dev.podpath.core.net.Protocol.SCTP;
import static dev.podpath.core.net.Protocol.TCP;
import static dev.podpath.core.net.Protocol.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.nftables.eval.NftablesRules;
import dev.podpath.proxy.nftables.rule.Ruleset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule set of kube-proxy's shape, in every form nft lists it. */
class KubeProxySampleTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nft-list-ruleset.kube-proxy.txt",
                "nft-nn-a-list-ruleset.kube-proxy.txt",
                "nft-s-list-ruleset.kube-proxy.txt",
                "nft-j-list-ruleset.kube-proxy.json"
            })
    void everyRuleIsUnderstood(String name) {
        Reading<Ruleset> reading = Nodes.read(Nodes.sample(name));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.reports().head().count(Support.FULL))
                .isEqualTo(reading.value().ruleCount());
        assertThat(reading.value().ruleCount()).isGreaterThan(60);
        assertThat(reading.value().tables()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nft-list-ruleset.kube-proxy.txt",
                "nft-nn-a-list-ruleset.kube-proxy.txt",
                "nft-j-list-ruleset.kube-proxy.json"
            })
    void packetsEndAsKubeProxyMeans(String name) {
        NftablesRules rules = Nodes.rules(Nodes.sample(name));
        String web = "10.244.0.11:8080 10.244.0.12:8080 10.244.0.13:8080";
        String masked = "10.244.0.11:8080* 10.244.0.12:8080* 10.244.0.13:8080*";
        check(rules, TCP, "10.244.0.14", "10.96.0.10", 80, Nodes.pod(4), web);
        check(rules, TCP, "10.244.0.12", "10.96.0.10", 80, Nodes.pod(2), web.replace("12:8080", "12:8080*"));
        check(rules, TCP, "198.51.100.2", "10.96.0.10", 80, Nodes.outside(), masked);
        check(rules, TCP, "192.168.50.1", "10.96.0.10", 80, Nodes.own(), masked);
        check(rules, TCP, "10.244.0.14", "10.96.0.30", 80, Nodes.pod(4), "rejected");
        check(rules, TCP, "10.244.0.14", "10.96.0.10", 81, Nodes.pod(4), "rejected");
        check(rules, UDP, "10.244.0.14", "10.96.0.10", 80, Nodes.pod(4), "rejected");
        check(rules, TCP, "10.244.0.14", "10.96.0.99", 80, Nodes.pod(4), "dropped");
        check(rules, TCP, "10.244.0.14", "10.112.0.1", 80, Nodes.pod(4), "untouched");
        check(rules, UDP, "10.244.0.14", "10.96.0.53", 53, Nodes.pod(4), "10.244.0.11:53 10.244.0.12:53");
        check(rules, SCTP, "10.244.0.14", "10.96.0.60", 9999, Nodes.pod(4), "10.244.0.13:9999");
        check(rules, TCP, "198.51.100.2", "203.0.113.10", 80, Nodes.outside(), masked);
        check(rules, TCP, "192.168.50.9", "203.0.113.10", 80, Nodes.outside(), "dropped");
        check(rules, TCP, "198.51.100.2", "192.168.50.1", 30080, Nodes.outside(), masked);
        check(rules, TCP, "198.51.100.2", "192.168.50.1", 30081, Nodes.outside(), "dropped");
        check(rules, TCP, "198.51.100.2", "10.244.0.1", 30080, Nodes.outside(), "untouched");
        check(
                rules,
                TCP,
                "fd00:10:244::12",
                "fd00:96::10",
                80,
                Nodes.pod(2),
                "[fd00:10:244::11]:8080 [fd00:10:244::12]:8080*");
        check(rules, TCP, "fd00:10:244::12", "fd00:96::30", 80, Nodes.pod(2), "rejected");
        ProxyVerdict sticky = rules.route(Nodes.packet(TCP, "10.244.0.14", "10.96.0.40", 80), Nodes.pod(4));
        assertThat(sticky.affinitySeconds()).contains(10800);
        assertThat(sticky.branches().head().conditions()).hasSize(1);
    }

    private static void check(
            NftablesRules rules,
            Protocol protocol,
            String from,
            String to,
            int port,
            Arrival arrival,
            String expected) {
        Packet packet = Nodes.packet(protocol, from, to, port);
        ProxyVerdict verdict = rules.route(packet, arrival);
        assertThat(Nodes.brief(verdict)).as("%s: %s", packet, verdict).isEqualTo(expected);
        assertThat(rules.ends(packet, arrival)).as("%s", packet).isEqualTo(Ends.of(verdict));
    }

    @Test
    void sharesAreExact() {
        NftablesRules rules = Nodes.rules(Nodes.sample("nft-list-ruleset.kube-proxy.txt"));
        ProxyVerdict verdict = rules.route(Nodes.packet(TCP, "10.244.0.14", "10.96.0.10", 80), Nodes.pod(4));
        assertThat(verdict.branches().map(branch -> branch.share().toString()))
                .containsExactly("715827883/2147483648", "1431655765/4294967296", "1431655765/4294967296");
    }
}
