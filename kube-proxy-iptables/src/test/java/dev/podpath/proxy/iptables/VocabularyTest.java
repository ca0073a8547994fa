package dev.podpath.proxy.iptables;

import static dev.podpath.proxy.iptables.Nodes.ADDRESSES;
import static dev.podpath.proxy.iptables.Nodes.ROUTES;
import static dev.podpath.proxy.iptables.Nodes.external;
import static dev.podpath.proxy.iptables.Nodes.node;
import static dev.podpath.proxy.iptables.Nodes.pod;
import static dev.podpath.proxy.iptables.Nodes.self;
import static dev.podpath.proxy.iptables.Nodes.show;
import static dev.podpath.proxy.iptables.Nodes.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.iptables.eval.Netfilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules are made of beside what kube-proxy writes: each match and target by name, as the tools print it. */
class VocabularyTest {
    private static final String NONE = ":INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n";

    private static Reading<Netfilter> read(String rules) {
        return Netfilter.read(node("iptables-save.txt", rules, "ip-addr.json", ADDRESSES, "ip-route.json", ROUTES));
    }

    private static Reading<Netfilter> filter(String... rules) {
        return read("*filter\n" + NONE + String.join("\n", rules)
                + "\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                + ":POSTROUTING ACCEPT [0:0]\nCOMMIT\n");
    }

    private static Reading<Netfilter> mangle(String rule) {
        return read("*mangle\n:PREROUTING ACCEPT [0:0]\n" + NONE + ":POSTROUTING ACCEPT [0:0]\n" + rule
                + "\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n" + NONE + "COMMIT\n");
    }

    private static ProxyVerdict fromPod(Reading<Netfilter> reading) {
        return reading.value().route(tcp("10.244.0.11", "10.244.0.12:80"), pod());
    }

    private static void level(Reading<Netfilter> reading, Support level) {
        DocumentReport report = reading.reports().head();
        assertThat(reading.problems()).isEmpty();
        assertThat(report.count(level)).isEqualTo(1);
        assertThat(report.counts().values().sum().intValue()).isEqualTo(1);
    }

    /** The kernel refuses to load these (net/netfilter/xt_nat.c, xt_MASQUERADE.c, xt_REDIRECT.c), so what they do is not known. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A POSTROUTING -p tcp -j DNAT --to-destination 10.244.0.13:81",
                "-A POSTROUTING -p tcp -j REDIRECT --to-ports 81",
                "-A PREROUTING -p tcp -j SNAT --to-source 192.0.2.1",
                "-A PREROUTING -p tcp -j MASQUERADE"
            })
    void translationsInOtherHooks(String rule) {
        ProxyVerdict verdict =
                fromPod(read("*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                        + ":POSTROUTING ACCEPT [0:0]\n" + rule + "\nCOMMIT\n*filter\n" + NONE + "COMMIT\n"));
        assertThat(verdict.kind()).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
        assertThat(verdict.branches().head().outcome())
                .matches(outcome -> outcome instanceof ProxyOutcome.Unknown unknown
                        && unknown.why().contains("where the kernel takes no such rule"));
    }

    /** Both ways are gone: only where they end differently is the verdict not known, and then it says why. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "u32 --u32 \"0x6&0xff=0x6\"",
                "bpf --bytecode \"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\"",
                "socket --transparent",
                "socket --nowildcard --restore-skmark",
                "mac --mac-source 00:11:22:33:44:55",
                "length --length 0:500",
                "string --string \"-j ACCEPT\" --algo bm --to 65535",
                "time --timestart 08:00:00 --timestop 18:00:00 --weekdays Mon,Tue",
                "tos --tos 0x10/0x3f",
                "dscp --dscp 0x2e",
                "ttl --ttl-lt 5",
                "ecn --ecn-tcp-cwr",
                "quota --quota 1000",
                "cgroup --cgroup 1048577",
                "cpu --cpu 0",
                "cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 0xdeadbeef",
                "devgroup --src-group 0x1",
                "helper --helper \"ftp\"",
                "pkttype --pkt-type unicast",
                "policy --dir in --pol ipsec --mode tunnel",
                "realm --realm 0x1",
                "tcpmss --mss 536:65535",
                "connbytes --connbytes 10000 --connbytes-mode bytes --connbytes-dir both",
                "connlabel --label \"40\"",
                "osf --genre Linux --ttl 0",
                "geoip --source-country CN"
            })
    void matchesThatAreNotModelledGoBothWays(String match) {
        Reading<Netfilter> deciding = filter("-A FORWARD -m " + match + " -j DROP");
        level(deciding, Support.UNIMPLEMENTED);
        ProxyVerdict verdict = fromPod(deciding);
        assertThat(verdict.kind()).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
        assertThat(verdict.branches().map(branch -> branch.outcome()))
                .anyMatch(outcome -> outcome instanceof ProxyOutcome.Unknown one
                        && one.why().contains(match.substring(0, match.indexOf(' '))));
        assertThat(show(fromPod(filter("-A FORWARD -m " + match + " -j ACCEPT"))))
                .as("the policy accepts as well")
                .isEqualTo("UNTOUCHED");
        assertThat(show(fromPod(filter("-A FORWARD -p udp -m " + match + " -j DROP"))))
                .as("it is not asked of another protocol")
                .isEqualTo("UNTOUCHED");
        assertThat(show(fromPod(filter("-A FORWARD -m " + match + " -p udp -j DROP"))))
                .as("nor where that is asked after it")
                .isEqualTo("UNTOUCHED");
        assertThat(fromPod(filter("-A FORWARD -m " + match.replaceFirst(" --", " ! --") + " -j DROP"))
                        .kind())
                .as("negated")
                .isEqualTo(ProxyVerdict.Kind.UNKNOWN);
    }

    /** Of other protocols than those a service can have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-p icmp -m icmp --icmp-type 8",
                "-p icmp",
                "-p 47",
                "-p esp -m esp --espspi 500",
                "-p ah -m ah --ahspi 500",
                "-p udplite -m udplite --dport 80",
                "-p dccp -m dccp --dport 80",
                "-p ospf"
            })
    void otherProtocolsAreNotThese(String match) {
        assertThat(show(fromPod(filter("-A FORWARD " + match + " -j DROP")))).isEqualTo("UNTOUCHED");
        assertThat(show(fromPod(filter(
                        "-A FORWARD " + match.replaceFirst("-p", "! -p").replaceFirst(" -m.*", "") + " -j DROP"))))
                .isEqualTo("DROP");
    }

    /** What nobody here has heard of is kept as well, and told apart from what is known and not modelled. */
    @Test
    void unheardOfMatchesGoBothWays() {
        Reading<Netfilter> reading = filter("-A FORWARD -m brandnew --shiny 3 -j DROP");
        level(reading, Support.UNRECOGNIZED);
        assertThat(fromPod(reading).kind()).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
        Reading<Netfilter> target = filter("-A FORWARD -j BRANDNEW --shiny 3");
        level(target, Support.UNRECOGNIZED);
        assertThat(fromPod(target).kind()).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOG --log-prefix \"a -j DROP \" --log-level 7",
                "NFLOG --nflog-prefix \"a b\" --nflog-group 5",
                "ULOG --ulog-nlgroup 1",
                "TRACE",
                "TCPMSS --clamp-mss-to-pmtu",
                "DSCP --set-dscp 0x2e",
                "TOS --set-tos 0x10/0x3f",
                "CLASSIFY --set-class 0001:0010",
                "CHECKSUM --checksum-fill",
                "SECMARK --selctx system_u:object_r:httpd_packet_t:s0",
                "CONNSECMARK --save",
                "TTL --ttl-set 64",
                "TEE --gateway 192.168.50.9",
                "ECN --ecn-tcp-remove",
                "IDLETIMER --timeout 10 --label x",
                "CT --helper ftp",
                "CT --ctevents new,destroy"
            })
    void targetsThatChangeNoWayAreGoneOver(String target) {
        Reading<Netfilter> reading = mangle("-A FORWARD -j " + target);
        level(reading, Support.IRRELEVANT);
        assertThat(show(fromPod(reading))).isEqualTo("UNTOUCHED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TPROXY --on-port 40000 --on-ip 127.0.0.1 --tproxy-mark 0x200/0xffffffff",
                "NFQUEUE --queue-num 1 --queue-bypass",
                "SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460",
                "SET --add-set seen src",
                "CT --zone 1"
            })
    void targetsThatAreNotModelledMakeTheRestUnknown(String target) {
        Reading<Netfilter> reading = mangle("-A FORWARD -p tcp -j " + target);
        level(reading, Support.UNIMPLEMENTED);
        ProxyVerdict verdict = fromPod(reading);
        assertThat(verdict.kind()).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
        assertThat(show(fromPod(mangle("-A FORWARD -p udp -j " + target)))).isEqualTo("UNTOUCHED");
    }

    /** A rate lets some packets through and others not: both ends are real. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit --limit 5/min --limit-burst 7",
                "hashlimit --hashlimit-above 10/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name x",
                "connlimit --connlimit-above 16 --connlimit-mask 32 --connlimit-saddr"
            })
    void ratesHaveBothEnds(String match) {
        Reading<Netfilter> reading = filter("-A FORWARD -m " + match + " -j DROP");
        level(reading, Support.LIMITED);
        ProxyVerdict verdict = fromPod(reading);
        assertThat(verdict.branches().map(branch -> branch.outcome().getClass().getSimpleName()))
                .containsExactlyInAnyOrder("Dropped", "Untouched");
        assertThat(show(fromPod(filter("-A FORWARD -m " + match + " -j ACCEPT"))))
                .isEqualTo("UNTOUCHED");
    }

    /** Only what the node sends has a socket that owns it. */
    @Test
    void ownersAreAskedOfWhatTheNodeSends() {
        Reading<Netfilter> reading = filter(
                "-A FORWARD -m owner --uid-owner 0 -j DROP",
                "-A INPUT -m owner --uid-owner 0 -j DROP",
                "-A OUTPUT -m owner --uid-owner 0 -j DROP");
        assertThat(show(fromPod(reading))).isEqualTo("UNTOUCHED");
        assertThat(reading.value()
                        .route(tcp("192.168.50.1", "10.244.0.12:80"), self())
                        .kind())
                .isEqualTo(ProxyVerdict.Kind.UNKNOWN);
        assertThat(show(fromPod(filter("-A FORWARD -m owner ! --socket-exists -j DROP"))))
                .as("there is no socket")
                .isEqualTo("DROP");
    }

    /** Whether pods are behind a bridge the rules do not tell; what comes from the world came over no bridge. */
    @Test
    void bridgePortsAreAskedOfPods() {
        Reading<Netfilter> reading = filter("-A FORWARD -m physdev --physdev-is-in -j DROP");
        assertThat(fromPod(reading).kind()).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
        assertThat(show(reading.value().route(tcp("192.0.2.7", "10.244.0.12:80"), external())))
                .isEqualTo("UNTOUCHED");
        assertThat(show(filter("-A FORWARD -m physdev ! --physdev-is-in -j DROP")
                        .value()
                        .route(tcp("192.0.2.7", "10.244.0.12:80"), external())))
                .isEqualTo("DROP");
    }

    /** The packets asked about come the way their source is routed, and the verdict says that it takes this for granted. */
    @Test
    void sourcesAreTakenForRoutedBack() {
        Reading<Netfilter> reading = mangle("-A PREROUTING -m rpfilter --validmark --invert -j DROP");
        level(reading, Support.LIMITED);
        assertThat(show(fromPod(reading))).isEqualTo("UNTOUCHED");
        assertThat(fromPod(reading).branches())
                .anyMatch(branch -> !branch.conditions().isEmpty());
    }
}
