package dev.podpath.proxy.iptables;

import static dev.podpath.proxy.iptables.Nodes.external;
import static dev.podpath.proxy.iptables.Nodes.lab;
import static dev.podpath.proxy.iptables.Nodes.pod;
import static dev.podpath.proxy.iptables.Nodes.self;
import static dev.podpath.proxy.iptables.Nodes.show;
import static dev.podpath.proxy.iptables.Nodes.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.proxy.iptables.eval.Netfilter;
import org.junit.jupiter.api.Test;

/** What simulators of kube-proxy's rules commonly get wrong, one test each. */
class KubeProxyTruthsTest {
    private static final String HEAD = """
            *filter
            :INPUT ACCEPT [0:0]
            :FORWARD %s [0:0]
            :OUTPUT ACCEPT [0:0]
            :KUBE-EXTERNAL-SERVICES - [0:0]
            :KUBE-FORWARD - [0:0]
            :KUBE-PROXY-FIREWALL - [0:0]
            :KUBE-SERVICES - [0:0]
            -A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
            -A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
            -A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
            -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
            -A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
            -A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
            -A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name  ct_state_invalid_dropped_pkts -j DROP
            -A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
            -A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            %sCOMMIT
            *nat
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-MARK-MASQ - [0:0]
            :KUBE-NODEPORTS - [0:0]
            :KUBE-POSTROUTING - [0:0]
            :KUBE-SERVICES - [0:0]
            %s-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
            -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
            -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
            -A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
            -A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
            %s-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
            COMMIT
            """;

    private static final String CHAINS = """
            :KUBE-SVC-A - [0:0]
            :KUBE-SVL-A - [0:0]
            :KUBE-EXT-A - [0:0]
            :KUBE-FW-A - [0:0]
            :KUBE-SEP-1 - [0:0]
            :KUBE-SEP-2 - [0:0]
            """;

    private static final String ENDPOINTS = """
            -A KUBE-SEP-1 -s 10.244.0.11/32 -m comment --comment ns/a -j KUBE-MARK-MASQ
            -A KUBE-SEP-1 -p tcp -m comment --comment ns/a -m tcp -j DNAT --to-destination 10.244.0.11:8080
            -A KUBE-SEP-2 -s 10.244.0.12/32 -m comment --comment ns/a -j KUBE-MARK-MASQ
            -A KUBE-SEP-2 -p tcp -m comment --comment ns/a -m tcp -j DNAT --to-destination 10.244.0.12:8080
            -A KUBE-SVC-A ! -s 10.244.0.0/16 -d 10.96.0.10/32 -p tcp -m comment --comment "ns/a cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
            -A KUBE-SVC-A -m comment --comment "ns/a -> 10.244.0.11:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-1
            -A KUBE-SVC-A -m comment --comment "ns/a -> 10.244.0.12:8080" -j KUBE-SEP-2
            -A KUBE-SVL-A -m comment --comment "ns/a -> 10.244.0.11:8080" -j KUBE-SEP-1
            -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment "ns/a cluster IP" -m tcp --dport 80 -j KUBE-SVC-A
            """;

    private static final String EXT_CLUSTER = """
            -A KUBE-EXT-A -m comment --comment "masquerade traffic for ns/a external destinations" -j KUBE-MARK-MASQ
            -A KUBE-EXT-A -j KUBE-SVC-A
            """;

    private static final String EXT_LOCAL = """
            -A KUBE-EXT-A -s 10.244.0.0/16 -m comment --comment "pod traffic for ns/a external destinations" -j KUBE-SVC-A
            -A KUBE-EXT-A -m comment --comment "masquerade LOCAL traffic" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ
            -A KUBE-EXT-A -m comment --comment "route LOCAL traffic" -m addrtype --src-type LOCAL -j KUBE-SVC-A
            -A KUBE-EXT-A -j KUBE-SVL-A
            """;

    private static final String LB_VIP =
            "-A KUBE-SERVICES -d 203.0.113.10/32 -p tcp -m comment --comment \"ns/a loadbalancer IP\" -m tcp --dport 80 -j ";

    private static final String NODE_PORT =
            "-A KUBE-NODEPORTS -p tcp -m comment --comment ns/a -m tcp --dport 30080 -j KUBE-EXT-A\n";

    private static final String BOTH = "10.244.0.11:8080%s 1/2 | 10.244.0.12:8080%s 1/2";

    private static Netfilter rules(String filter, String nat) {
        return rules("ACCEPT", filter, nat);
    }

    private static Netfilter rules(String forward, String filter, String nat) {
        return lab(String.format(HEAD, forward, filter, CHAINS, ENDPOINTS + nat));
    }

    @Test
    void filterSeesTheDestinationAfterTranslation() {
        Netfilter node = rules(
                "-A KUBE-PROXY-FIREWALL -d 203.0.113.10/32 -p tcp -m tcp --dport 80 -j DROP\n",
                EXT_CLUSTER + "-A KUBE-FW-A -s 198.51.100.0/24 -j KUBE-EXT-A\n-A KUBE-FW-A\n" + LB_VIP + "KUBE-FW-A\n");
        assertThat(show(node.route(tcp("198.51.100.7", "203.0.113.10:80"), external())))
                .startsWith("10.244.0.11:8080 M");
        assertThat(show(node.route(tcp("192.0.2.7", "203.0.113.10:80"), external())))
                .isEqualTo("DROP");
    }

    @Test
    void localPolicyWithoutLocalEndpointDropsOutsidersOnly() {
        Netfilter node = rules(
                "-A KUBE-EXTERNAL-SERVICES -d 203.0.113.10/32 -p tcp -m tcp --dport 80 -j DROP\n",
                EXT_LOCAL.replace("-A KUBE-EXT-A -j KUBE-SVL-A\n", "") + LB_VIP + "KUBE-EXT-A\n");
        assertThat(show(node.route(tcp("192.0.2.7", "203.0.113.10:80"), external())))
                .isEqualTo("DROP");
        assertThat(show(node.route(tcp("10.244.0.13", "203.0.113.10:80"), pod())))
                .isEqualTo(String.format(BOTH, "", ""));
    }

    @Test
    void localPolicyLeadsPodsAndTheNodeToAllEndpoints() {
        Netfilter node = rules("", EXT_LOCAL + LB_VIP + "KUBE-EXT-A\n");
        assertThat(show(node.route(tcp("192.0.2.7", "203.0.113.10:80"), external())))
                .isEqualTo("10.244.0.11:8080");
        assertThat(show(node.route(tcp("10.244.0.13", "203.0.113.10:80"), pod())))
                .isEqualTo(String.format(BOTH, "", ""));
        assertThat(show(node.route(tcp("192.168.50.1", "203.0.113.10:80"), self())))
                .isEqualTo(String.format(BOTH, " M(10.244.0.1)", " M(192.168.50.1,10.244.0.1)"));
    }

    @Test
    void internalPolicyDoesNotTouchTheOtherAddresses() {
        Netfilter node = lab(String.format(
                HEAD,
                "ACCEPT",
                "",
                CHAINS,
                ENDPOINTS.replace("--dport 80 -j KUBE-SVC-A\n", "--dport 80 -j KUBE-SVL-A\n")
                        + EXT_CLUSTER
                        + LB_VIP
                        + "KUBE-EXT-A\n"));
        assertThat(show(node.route(tcp("10.244.0.13", "10.96.0.10:80"), pod()))).isEqualTo("10.244.0.11:8080");
        assertThat(node.route(tcp("10.244.0.13", "203.0.113.10:80"), pod()).branches())
                .hasSize(2);
    }

    @Test
    void hairpinMasqueradesTheOneEndpointThatIsTheClient() {
        Netfilter node = rules("", "");
        assertThat(show(node.route(tcp("10.244.0.11", "10.96.0.10:80"), pod())))
                .isEqualTo("10.244.0.11:8080 M(10.244.0.1) 1/2 | 10.244.0.12:8080 1/2");
    }

    @Test
    void marksToMasqueradeComeFromThreeChains() {
        Netfilter node = rules("", EXT_CLUSTER + LB_VIP + "KUBE-EXT-A\n");
        String both = String.format(BOTH, " M(10.244.0.1)", " M(192.168.50.1,10.244.0.1)");
        assertThat(show(node.route(tcp("10.244.0.13", "203.0.113.10:80"), pod())))
                .as("KUBE-EXT: whoever comes by an external address")
                .isEqualTo(both);
        assertThat(show(node.route(tcp("192.0.2.7", "10.96.0.10:80"), external())))
                .as("KUBE-SVC: who is no pod and comes by the cluster's address")
                .isEqualTo(both);
        assertThat(show(node.route(tcp("10.244.0.12", "10.96.0.10:80"), pod())))
                .as("KUBE-SEP: the endpoint itself, and for this endpoint only")
                .matches("10\\.244\\.0\\.11:8080 1/2 \\| 10\\.244\\.0\\.12:8080 M\\(.*\\) 1/2");
    }

    /** No endpoint on any node is refused; none on this one is dropped, for a balancer is to try another node. */
    @Test
    void noneAnywhereIsRefusedAndNoneHereIsDropped() {
        String refused =
                "-A KUBE-EXTERNAL-SERVICES -d 203.0.113.10/32 -p tcp -m comment --comment \"ns/a has no endpoints\""
                        + " -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\n";
        assertThat(show(rules(refused, "").route(tcp("192.0.2.7", "203.0.113.10:80"), external())))
                .isEqualTo("REJECT icmp-port-unreachable");
        String dropped = "-A KUBE-EXTERNAL-SERVICES -d 203.0.113.10/32 -p tcp -m comment --comment \"ns/a has no local"
                + " endpoints\" -m tcp --dport 80 -j DROP\n";
        Netfilter local = rules(
                dropped, EXT_LOCAL.replace("-A KUBE-EXT-A -j KUBE-SVL-A\n", "") + LB_VIP + "KUBE-EXT-A\n" + NODE_PORT);
        assertThat(show(local.route(tcp("192.0.2.7", "203.0.113.10:80"), external())))
                .isEqualTo("DROP");
        assertThat(local.route(tcp("192.168.50.1", "203.0.113.10:80"), self()).branches())
                .as("the node itself reaches endpoints elsewhere")
                .hasSize(2);
    }

    @Test
    void nodePortOfClusterPolicyMasqueradesPodsToo() {
        Netfilter node = rules("", EXT_CLUSTER + NODE_PORT);
        ProxyVerdict verdict = node.route(tcp("10.244.0.13", "192.168.50.1:30080"), pod());
        assertThat(verdict.branches())
                .hasSize(2)
                .allMatch(branch -> branch.sourceNat().isTranslated());
    }

    @Test
    void sourceRangesApplyToPodsAndFallThrough() {
        Netfilter node = rules(
                "-A KUBE-PROXY-FIREWALL -d 203.0.113.10/32 -p tcp -m tcp --dport 80 -j DROP\n",
                EXT_CLUSTER
                        + NODE_PORT
                        + "-A KUBE-FW-A -s 198.51.100.0/24 -j KUBE-EXT-A\n-A KUBE-FW-A -m comment --comment other\n"
                        + LB_VIP
                        + "KUBE-FW-A\n");
        assertThat(show(node.route(tcp("10.244.0.13", "203.0.113.10:80"), pod())))
                .isEqualTo("DROP");
        assertThat(show(node.route(tcp("192.0.2.7", "192.168.50.1:30080"), external())))
                .startsWith("10.244.0.11:8080 M");
    }

    @Test
    void probabilitiesAreConditionalAndAffinityComesFirst() {
        Netfilter node = lab(String.format(HEAD, "ACCEPT", "", CHAINS + ":KUBE-SEP-3 - [0:0]\n", """
                -A KUBE-SEP-1 -p tcp -m recent --set --name KUBE-SEP-1 --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.244.0.11:80
                -A KUBE-SEP-2 -p tcp -m recent --set --name KUBE-SEP-2 --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.244.0.12:80
                -A KUBE-SEP-3 -p tcp -m recent --set --name KUBE-SEP-3 --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.244.0.13:80
                -A KUBE-SVC-A -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-1 --mask 255.255.255.255 --rsource -j KUBE-SEP-1
                -A KUBE-SVC-A -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-2 --mask 255.255.255.255 --rsource -j KUBE-SEP-2
                -A KUBE-SVC-A -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-3 --mask 255.255.255.255 --rsource -j KUBE-SEP-3
                -A KUBE-SVC-A -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-1
                -A KUBE-SVC-A -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-2
                -A KUBE-SVC-A -j KUBE-SEP-3
                -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-A
                """));
        ProxyVerdict verdict = node.route(tcp("10.244.0.14", "10.96.0.10:80"), pod());
        assertThat(show(verdict))
                .isEqualTo("10.244.0.11:80 715827883/2147483648 | 10.244.0.12:80 1431655765/4294967296"
                        + " | 10.244.0.13:80 1431655765/4294967296");
        assertThat(verdict.branches()).allMatch(branch -> branch.conditions().exists(text -> text.contains("new")));
        assertThat(verdict.decisions().head().evidence()).hasSize(3);
    }

    @Test
    void everyLocalAddressReachesNodePorts() {
        Netfilter node = rules("", EXT_CLUSTER + NODE_PORT);
        assertThat(node.route(tcp("10.244.0.13", "10.244.0.1:30080"), pod()).kind())
                .isEqualTo(ProxyVerdict.Kind.ENDPOINTS);
        assertThat(node.route(tcp("127.0.0.1", "127.0.0.1:30080"), self()).kind())
                .isEqualTo(ProxyVerdict.Kind.ENDPOINTS);
        assertThat(show(node.route(tcp("192.0.2.7", "192.168.50.9:30080"), external())))
                .isEqualTo("UNTOUCHED");
    }

    @Test
    void commentsAreNotNeededAndOrphansAreLegal() {
        String bare = String.format(HEAD, "ACCEPT", "", CHAINS + ":KUBE-SVC-ORPHAN - [0:0]\n", ENDPOINTS)
                .replaceAll(" -m comment --comment (\"[^\"]*\"|\\S+)", "");
        assertThat(show(lab(bare).route(tcp("10.244.0.13", "10.96.0.10:80"), pod())))
                .isEqualTo(String.format(BOTH, "", ""));
    }

    @Test
    void serviceWithoutEndpointsIsRejectedForPodsAndTheNode() {
        Netfilter node = rules(
                "-A KUBE-SERVICES -d 10.96.0.30/32 -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\n",
                "");
        assertThat(show(node.route(tcp("10.244.0.13", "10.96.0.30:80"), pod())))
                .isEqualTo("REJECT icmp-port-unreachable");
        assertThat(show(node.route(tcp("192.168.50.1", "10.96.0.30:80"), self())))
                .isEqualTo("REJECT icmp-port-unreachable");
    }

    @Test
    void packetsOfTheNodeEnterByOutputAndAreMasqueraded() {
        ProxyVerdict verdict = rules("", "").route(tcp("192.168.50.1", "10.96.0.10:80"), self());
        assertThat(verdict.branches())
                .hasSize(2)
                .allMatch(branch -> branch.sourceNat() instanceof SourceNat.Masquerade)
                .allMatch(branch -> branch.trail().head().chain().equals("OUTPUT"));
    }

    @Test
    void anEmptiedEndpointChainIsNoBlackHole() {
        Netfilter node = lab(String.format(HEAD, "ACCEPT", "", CHAINS, ENDPOINTS.replaceAll("-A KUBE-SEP-1 .*\n", "")));
        assertThat(show(node.route(tcp("10.244.0.13", "10.96.0.10:80"), pod()))).isEqualTo("10.244.0.12:8080");
    }

    @Test
    void forwardPolicyDropLetsMasqueradedPacketsPassOnly() {
        Netfilter node = rules("DROP", "", "");
        assertThat(show(node.route(tcp("10.244.0.13", "10.96.0.10:80"), pod()))).isEqualTo("DROP");
        assertThat(show(node.route(tcp("192.0.2.7", "10.96.0.10:80"), external())))
                .isEqualTo(String.format(BOTH, " M(10.244.0.1)", " M(192.168.50.1,10.244.0.1)"));
    }

    @Test
    void withoutALocalDetectorPodsAreOutsiders() {
        Netfilter node = rules(
                "", EXT_LOCAL.replaceFirst("-A KUBE-EXT-A -s 10.244.0.0/16 [^\n]*\n", "") + LB_VIP + "KUBE-EXT-A\n");
        assertThat(show(node.route(tcp("10.244.0.13", "203.0.113.10:80"), pod())))
                .isEqualTo("10.244.0.11:8080");
        assertThat(node.route(tcp("192.168.50.1", "203.0.113.10:80"), self()).branches())
                .hasSize(2);
    }

    @Test
    void aNodeInTheSourceRangesLetsTheBalancerComeFromItsOwnAddress() {
        Netfilter node = rules(
                "-A KUBE-PROXY-FIREWALL -d 203.0.113.10/32 -p tcp -m tcp --dport 80 -j DROP\n",
                EXT_CLUSTER
                        + "-A KUBE-FW-A -s 192.168.50.0/24 -j KUBE-EXT-A\n-A KUBE-FW-A -s 203.0.113.10/32 -j KUBE-EXT-A\n"
                        + "-A KUBE-FW-A -m comment --comment other\n"
                        + LB_VIP
                        + "KUBE-FW-A\n");
        assertThat(show(node.route(tcp("203.0.113.10", "203.0.113.10:80"), external())))
                .startsWith("10.244.0.11:8080 M");
        assertThat(show(node.route(tcp("203.0.113.11", "203.0.113.10:80"), external())))
                .isEqualTo("DROP");
    }

    /** What the source ranges refuse goes on down KUBE-SERVICES, and is local there if the node has the address. */
    @Test
    void aBalancerAddressOnTheNodeReachesNodePorts() {
        String text = String.format(
                HEAD,
                "ACCEPT",
                "",
                CHAINS,
                ENDPOINTS
                        + EXT_CLUSTER
                        + NODE_PORT
                        + "-A KUBE-FW-A -s 198.51.100.0/24 -j KUBE-EXT-A\n-A KUBE-FW-A\n"
                        + LB_VIP
                        + "KUBE-FW-A\n");
        String bound = Nodes.ADDRESSES.replace(
                "{\"local\":\"127.0.0.1\"", "{\"local\":\"203.0.113.10\",\"prefixlen\":32},{\"local\":\"127.0.0.1\"");
        Netfilter node = Netfilter.read(
                        Nodes.node("iptables-save.txt", text, "ip-addr.json", bound, "ip-route.json", Nodes.ROUTES))
                .value();
        assertThat(show(node.route(tcp("192.0.2.7", "203.0.113.10:30080"), external())))
                .startsWith("10.244.0.11:8080 M");
        assertThat(show(lab(text).route(tcp("192.0.2.7", "203.0.113.10:30080"), external())))
                .isEqualTo("UNTOUCHED");
    }

    /** Between the two commits of a sync a refusal may stand beside endpoints: translated first, it is not met. */
    @Test
    void tablesAreCommittedOneByOne() {
        String reject = "-A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j REJECT\n";
        assertThat(show(rules(reject, "").route(tcp("10.244.0.13", "10.96.0.10:80"), pod())))
                .isEqualTo(String.format(BOTH, "", ""));
        String gone = ENDPOINTS.replaceFirst("-A KUBE-SERVICES -d 10.96.0.10/32 [^\n]*\n", "");
        assertThat(show(lab(String.format(HEAD, "ACCEPT", "", CHAINS, gone))
                        .route(tcp("10.244.0.13", "10.96.0.10:80"), pod())))
                .as("and here neither serves nor refuses")
                .isEqualTo("UNTOUCHED");
    }
}
