package dev.podpath.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.plugin.ProxyModeProvider;
import io.vavr.collection.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What a node in IPVS mode does with packets, told from a few texts. */
class IpvsModeTest {
    private static final String SAVED = """
            -A -t 10.96.0.10:80 -s rr
            -a -t 10.96.0.10:80 -r 10.244.0.11:8080 -m -w 1
            -a -t 10.96.0.10:80 -r 10.244.0.12:8080 -m -w 1
            -a -t 10.96.0.10:80 -r 10.244.0.13:8080 -m -w 0
            -A -t 10.96.0.11:80 -s wrr
            -a -t 10.96.0.11:80 -r 10.244.0.11:8080 -m -w 3
            -a -t 10.96.0.11:80 -r 10.244.0.12:8080 -m -w 1
            -A -t 10.96.0.12:80 -s rr
            -A -t 10.96.0.13:80 -s rr -p 10800
            -a -t 10.96.0.13:80 -r 10.244.0.11:8080 -m -w 1
            -a -t 10.96.0.13:80 -r 10.244.0.12:8080 -m -w 0
            -A -t 10.96.0.14:80 -s lc
            -a -t 10.96.0.14:80 -r 10.244.0.11:8080 -m -w 1
            -a -t 10.96.0.14:80 -r 10.244.0.12:8080 -m -w 1
            -A -t 10.96.0.99:80 -s rr
            -a -t 10.96.0.99:80 -r 10.244.0.11:8080 -m -w 1
            -A -t [fd00:96::10]:80 -s rr
            """;

    private static final String ADDRESSES = """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},
             {"ifname":"eth0","addr_info":[{"local":"192.168.50.1","prefixlen":24},{"local":"192.168.50.9","prefixlen":24}]},
             {"ifname":"kube-ipvs0","addr_info":[{"local":"10.96.0.10","prefixlen":32},{"local":"10.96.0.11","prefixlen":32},
              {"local":"10.96.0.12","prefixlen":32},{"local":"10.96.0.13","prefixlen":32},{"local":"10.96.0.14","prefixlen":32},
              {"local":"192.168.50.9","prefixlen":32},{"local":"fd00:96::10","prefixlen":128}]}]
            """;

    private static final String RULES = """
            *filter
            :INPUT ACCEPT [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            COMMIT
            *nat
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-MARK-MASQ - [0:0]
            -A PREROUTING ! -s 10.244.0.0/16 -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ
            -A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE
            -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
            COMMIT
            """;

    private static final Map<String, String> FILES =
            Map.of("ipvsadm-save.txt", SAVED, "ip-addr.json", ADDRESSES, "iptables-save.txt", RULES);

    private static final Arrival OUTSIDE = Arrival.of(Arrival.Kind.EXTERNAL);
    private static final Arrival POD = Arrival.of(Arrival.Kind.POD);
    private static final Arrival NODE = Arrival.of(Arrival.Kind.NODE);

    private static ServiceProxy with(String name, String text) {
        return Nodes.proxy(HashMap.ofAll(FILES).put(name, text).toJavaMap());
    }

    @Test
    void theModeIsFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(ProxyModeProvider.class).stream()
                        .map(provider -> provider.get().id()))
                .contains("ipvs");
    }

    @Test
    void rrSharesAmongServersOfSomeWeightAndMasqueradesByMark() {
        ProxyVerdict outside = Nodes.proxy(FILES).route(Nodes.tcp("198.51.100.7", "10.96.0.10:80"), OUTSIDE);
        assertThat(Nodes.ways(outside)).containsExactly("1/2 10.244.0.11:8080", "1/2 10.244.0.12:8080");
        assertThat(outside.branches().map(ProxyBranch::sourceNat)).allMatch(nat -> nat instanceof SourceNat.Masquerade);
        assertThat(outside.branches().head().trail().map(step -> step.evidence().excerpt()))
                .contains("-A -t 10.96.0.10:80 -s rr", "-a -t 10.96.0.10:80 -r 10.244.0.11:8080 -m -w 1");
        assertThat(Nodes.said(outside)).contains("on kube-ipvs0", "virtual server TCP 10.96.0.10:80", "no dump shows");

        ProxyVerdict pod = Nodes.proxy(FILES).route(Nodes.tcp("10.244.0.14", "10.96.0.10:80"), POD);
        assertThat(pod.branches().map(ProxyBranch::sourceNat)).allMatch(nat -> nat instanceof SourceNat.Kept);
    }

    @Test
    void wrrSharesByWeight() {
        ProxyVerdict verdict = Nodes.proxy(FILES).route(Nodes.tcp("10.244.0.14", "10.96.0.11:80"), POD);
        assertThat(Nodes.ways(verdict)).containsExactly("1/4 10.244.0.12:8080", "3/4 10.244.0.11:8080");
    }

    @Test
    void aVirtualServerWithoutServersRefuses() {
        ServiceProxy proxy = Nodes.proxy(FILES);
        assertThat(Nodes.ways(proxy.route(Nodes.tcp("10.244.0.14", "10.96.0.12:80"), POD)))
                .containsExactly("1 rejected icmp-port-unreachable");
        assertThat(Nodes.ways(proxy.route(Nodes.tcp("fd00:50::2", "[fd00:96::10]:80"), OUTSIDE)))
                .containsExactly("1 rejected icmp6-port-unreachable");
    }

    @Test
    void anAddressOnNoInterfaceIsServedToTheNodeItselfAlone() {
        ServiceProxy proxy = Nodes.proxy(FILES);
        ProxyVerdict outside = proxy.route(Nodes.tcp("198.51.100.7", "10.96.0.99:80"), OUTSIDE);
        assertThat(Nodes.ways(outside)).containsExactly("1 untouched");
        assertThat(Nodes.said(outside)).contains("is on no interface of the node");
        assertThat(Nodes.ways(proxy.route(Nodes.tcp("192.168.50.1", "10.96.0.99:80"), NODE)))
                .containsExactly("1 10.244.0.11:8080");
    }

    @Test
    void aConnectionFromPort20IsNotBalanced() {
        ProxyVerdict verdict = Nodes.proxy(FILES).route(Nodes.tcp("198.51.100.7:20", "10.96.0.10:80"), OUTSIDE);
        assertThat(Nodes.ways(verdict)).containsExactly("1 untouched");
        assertThat(Nodes.said(verdict)).contains("source port 20");
    }

    @Test
    void aPersistentClientIsKeptUnlessItsServerIsDrained() {
        ProxyVerdict unknown = Nodes.proxy(FILES).route(Nodes.tcp("198.51.100.7", "10.96.0.13:80"), OUTSIDE);
        assertThat(Nodes.ways(unknown)).containsExactly("1 10.244.0.11:8080");
        assertThat(unknown.branches().head().conditions().mkString()).contains("without a persistence record");
        assertThat(unknown.decisions().flatMap(Decision::missing).map(Missing::what))
                .contains("nodes/n1/ipvsadm-Lnc.txt");

        String connections = """
                IPVS connection entries
                pro expire state       source             virtual            destination
                TCP 179:56 ASSURED     198.51.100.7:0     10.96.0.13:80      10.244.0.12:8080
                TCP 14:56  ESTABLISHED 198.51.100.7:41008 10.96.0.13:80      10.244.0.12:8080
                """;
        ProxyVerdict drained =
                with("ipvsadm-Lnc.txt", connections).route(Nodes.tcp("198.51.100.7", "10.96.0.13:80"), OUTSIDE);
        assertThat(Nodes.ways(drained)).containsExactly("1 10.244.0.11:8080");
        assertThat(Nodes.said(drained)).contains("which has weight 0", "expire_quiescent_template is 1");

        ServiceProxy kept = Nodes.proxy(HashMap.ofAll(FILES)
                .put("ipvsadm-Lnc.txt", connections)
                .put("sysctl.txt", "net.ipv4.vs.expire_quiescent_template = 0\nnet.ipv4.vs.expire_nodest_conn = 0\n")
                .toJavaMap());
        assertThat(Nodes.ways(kept.route(Nodes.tcp("198.51.100.7", "10.96.0.13:80"), OUTSIDE)))
                .containsExactly("1 10.244.0.12:8080");
        assertThat(Nodes.ways(kept.route(Nodes.tcp("198.51.100.7:41008", "10.96.0.13:80"), OUTSIDE)))
                .containsExactly("1 10.244.0.12:8080");
    }

    @Test
    void leastConnectionIsExactOnceTheConnectionsAreListed() {
        ServiceProxy saved = Nodes.proxy(FILES);
        ProxyVerdict open = saved.route(Nodes.tcp("10.244.0.14", "10.96.0.14:80"), POD);
        assertThat(Nodes.ways(open)).containsExactly("unknown 10.244.0.11:8080", "unknown 10.244.0.12:8080");
        assertThat(open.decisions().flatMap(Decision::missing).map(Missing::capture))
                .anyMatch(command -> command.startsWith("ipvsadm -Ln --nosort"));

        String listing = """
                IP Virtual Server version 1.2.1 (size=4096)
                Prot LocalAddress:Port Scheduler Flags
                  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
                TCP  10.96.0.14:80 lc
                  -> 10.244.0.11:8080             Masq    1      5          0
                  -> 10.244.0.12:8080             Masq    1      4          200
                """;
        ProxyVerdict known =
                with("ipvsadm-Ln-other.txt", listing).route(Nodes.tcp("10.244.0.14", "10.96.0.14:80"), POD);
        assertThat(Nodes.ways(known)).containsExactly("1 10.244.0.12:8080");
    }

    @Test
    void withoutThePacketFilterTheServersAreKnownAndTheSourceIsNot() {
        ServiceProxy proxy = Nodes.proxy(Map.of("ipvsadm-save.txt", SAVED));
        ProxyVerdict verdict = proxy.route(Nodes.tcp("198.51.100.7", "10.96.0.10:80"), OUTSIDE);
        assertThat(Nodes.ways(verdict)).containsExactly("1/2 10.244.0.11:8080", "1/2 10.244.0.12:8080");
        assertThat(verdict.branches().map(ProxyBranch::sourceNat)).allMatch(nat -> nat instanceof SourceNat.Unknown);
        assertThat(verdict.decisions().flatMap(Decision::missing).map(Missing::what))
                .contains("nodes/n1/iptables-save.txt", "nodes/n1/ipset-save.txt");
        assertThat(Nodes.said(verdict)).contains("ip-addr.json (ip -j addr) was not captured");
    }

    @Test
    void withoutAddressesTheVirtualOnesAreTakenToBeBound() {
        ServiceProxy proxy = Nodes.proxy(Map.of("ipvsadm-save.txt", SAVED, "iptables-save.txt", RULES));
        ProxyVerdict verdict = proxy.route(Nodes.tcp("198.51.100.7", "10.96.0.10:80"), OUTSIDE);
        assertThat(Nodes.ways(verdict)).containsExactly("1/2 10.244.0.11:8080", "1/2 10.244.0.12:8080");
        assertThat(Nodes.said(verdict)).contains("are on kube-ipvs0, where kube-proxy puts them");
    }

    @Test
    void anAddressOfTheNodeOnTheDummyInterfaceIsFound() {
        ServiceProxy proxy = Nodes.proxy(FILES);
        assertThat(proxy.route(Nodes.tcp("198.51.100.7", "192.168.50.9:22"), OUTSIDE)
                        .findings()
                        .map(Finding::code))
                .containsExactly(IpvsFindings.NODE_ADDRESS_ON_DUMMY);
        assertThat(proxy.route(Nodes.tcp("198.51.100.7", "192.168.50.1:22"), OUTSIDE)
                        .findings())
                .isEmpty();
    }

    @Test
    void whatCannotBeReadIsNotGuessed() {
        String broken = SAVED.replace(
                "-r 10.244.0.12:8080 -m -w 1\n-a -t 10.96.0.10:80 -r 10.244.0.13",
                "-r somewhere -m -w 1\n-a -t 10.96.0.10:80 -r 10.244.0.13");
        var reading =
                Nodes.open(Map.of("ipvsadm-save.txt", broken, "ip-addr.json", ADDRESSES, "iptables-save.txt", RULES));
        assertThat(reading.problems()
                        .map(problem ->
                                problem.document() + ":" + problem.line().getOrElse(0)))
                .containsExactly("nodes/n1/ipvsadm-save.txt:3");
        ServiceProxy proxy = reading.value().get();
        assertThat(Nodes.ways(proxy.route(Nodes.tcp("10.244.0.14", "10.96.0.10:80"), POD))
                        .head())
                .contains("unknown: virtual server TCP 10.96.0.10:80 cannot be read as a whole");
        assertThat(Nodes.ways(proxy.route(Nodes.tcp("10.244.0.14", "10.96.0.11:80"), POD)))
                .containsExactly("1/4 10.244.0.12:8080", "3/4 10.244.0.11:8080");
    }

    @Test
    void withoutATableThereIsNoProxy() {
        Decision none = Nodes.open(Map.of("iptables-save.txt", RULES)).value().getLeft();
        assertThat(none.missing().map(Missing::what)).contains("nodes/n1/ipvsadm-Ln.txt");
    }
}
