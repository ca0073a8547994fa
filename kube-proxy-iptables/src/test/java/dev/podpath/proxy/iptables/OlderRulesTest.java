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

import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.iptables.eval.Netfilter;
import org.junit.jupiter.api.Test;

/** Rules as kube-proxy 1.13 left them: KUBE-XLB, marks that drop, masquerading by one rule, probabilities of five digits. */
class OlderRulesTest {
    /** Service a: three endpoints, a node port, a balancer. Service b: of Local policy, an endpoint here. Service c: none here. */
    private static final String RULES = """
            *filter
            :INPUT ACCEPT [11:22]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :KUBE-EXTERNAL-SERVICES - [0:0]
            :KUBE-FIREWALL - [0:0]
            :KUBE-FORWARD - [0:0]
            :KUBE-SERVICES - [0:0]
            -A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
            -A INPUT -j KUBE-FIREWALL
            -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
            -A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A OUTPUT -j KUBE-FIREWALL
            -A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "ns/empty: has no endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30090 -j REJECT --reject-with icmp-port-unreachable
            -A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP
            -A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
            -A KUBE-FORWARD -s 10.244.0.0/16 -m comment --comment "kubernetes forwarding conntrack pod source rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A KUBE-FORWARD -d 10.244.0.0/16 -m comment --comment "kubernetes forwarding conntrack pod destination rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A KUBE-SERVICES -d 10.96.0.90/32 -p tcp -m comment --comment "ns/empty: has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
            COMMIT
            *nat
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-FW-A - [0:0]
            :KUBE-FW-B - [0:0]
            :KUBE-FW-C - [0:0]
            :KUBE-MARK-DROP - [0:0]
            :KUBE-MARK-MASQ - [0:0]
            :KUBE-NODEPORTS - [0:0]
            :KUBE-POSTROUTING - [0:0]
            :KUBE-SEP-1 - [0:0]
            :KUBE-SEP-2 - [0:0]
            :KUBE-SEP-3 - [0:0]
            :KUBE-SERVICES - [0:0]
            :KUBE-SVC-A - [0:0]
            :KUBE-SVC-B - [0:0]
            :KUBE-SVC-C - [0:0]
            :KUBE-XLB-B - [0:0]
            :KUBE-XLB-C - [0:0]
            -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
            -A KUBE-FW-A -m comment --comment "ns/a: loadbalancer IP" -j KUBE-MARK-MASQ
            -A KUBE-FW-A -s 198.51.100.0/24 -m comment --comment "ns/a: loadbalancer IP" -j KUBE-SVC-A
            -A KUBE-FW-A -m comment --comment "ns/a: loadbalancer IP" -j KUBE-MARK-DROP
            -A KUBE-FW-B -m comment --comment "ns/b: loadbalancer IP" -j KUBE-XLB-B
            -A KUBE-FW-B -m comment --comment "ns/b: loadbalancer IP" -j KUBE-MARK-DROP
            -A KUBE-FW-C -m comment --comment "ns/c: loadbalancer IP" -j KUBE-XLB-C
            -A KUBE-FW-C -m comment --comment "ns/c: loadbalancer IP" -j KUBE-MARK-DROP
            -A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000
            -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
            -A KUBE-NODEPORTS -p tcp -m comment --comment "ns/a:" -m tcp --dport 30080 -j KUBE-MARK-MASQ
            -A KUBE-NODEPORTS -p tcp -m comment --comment "ns/a:" -m tcp --dport 30080 -j KUBE-SVC-A
            -A KUBE-NODEPORTS -s 127.0.0.0/8 -p tcp -m comment --comment "ns/b:" -m tcp --dport 30081 -j KUBE-MARK-MASQ
            -A KUBE-NODEPORTS -p tcp -m comment --comment "ns/b:" -m tcp --dport 30081 -j KUBE-XLB-B
            -A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -m mark --mark 0x4000/0x4000 -j MASQUERADE
            -A KUBE-SEP-1 -s 10.244.0.11/32 -m comment --comment "ns/a:" -j KUBE-MARK-MASQ
            -A KUBE-SEP-1 -p tcp -m comment --comment "ns/a:" -m tcp -j DNAT --to-destination 10.244.0.11:8080
            -A KUBE-SEP-2 -s 10.244.0.12/32 -m comment --comment "ns/a:" -j KUBE-MARK-MASQ
            -A KUBE-SEP-2 -p tcp -m comment --comment "ns/a:" -m tcp -j DNAT --to-destination 10.244.0.12:8080
            -A KUBE-SEP-3 -s 10.244.7.13/32 -m comment --comment "ns/a:" -j KUBE-MARK-MASQ
            -A KUBE-SEP-3 -p tcp -m comment --comment "ns/a:" -m tcp -j DNAT --to-destination 10.244.7.13:8080
            -A KUBE-SERVICES ! -s 10.244.0.0/16 -d 10.96.0.10/32 -p tcp -m comment --comment "ns/a: cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
            -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment "ns/a: cluster IP" -m tcp --dport 80 -j KUBE-SVC-A
            -A KUBE-SERVICES -d 203.0.113.10/32 -p tcp -m comment --comment "ns/a: loadbalancer IP" -m tcp --dport 80 -j KUBE-FW-A
            -A KUBE-SERVICES -d 203.0.113.11/32 -p tcp -m comment --comment "ns/b: loadbalancer IP" -m tcp --dport 80 -j KUBE-FW-B
            -A KUBE-SERVICES -d 203.0.113.12/32 -p tcp -m comment --comment "ns/c: loadbalancer IP" -m tcp --dport 80 -j KUBE-FW-C
            -A KUBE-SERVICES -d 203.0.113.20/32 -p tcp -m comment --comment "ns/a: external IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
            -A KUBE-SERVICES -d 203.0.113.20/32 -p tcp -m comment --comment "ns/a: external IP" -m tcp --dport 80 -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j KUBE-SVC-A
            -A KUBE-SERVICES -d 203.0.113.20/32 -p tcp -m comment --comment "ns/a: external IP" -m tcp --dport 80 -m addrtype --dst-type LOCAL -j KUBE-SVC-A
            -A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
            -A KUBE-SVC-A -m comment --comment "ns/a:" -m statistic --mode random --probability 0.33332999982 -j KUBE-SEP-1
            -A KUBE-SVC-A -m comment --comment "ns/a:" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-2
            -A KUBE-SVC-A -m comment --comment "ns/a:" -j KUBE-SEP-3
            -A KUBE-SVC-B -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-1
            -A KUBE-SVC-B -j KUBE-SEP-3
            -A KUBE-SVC-C -j KUBE-SEP-3
            -A KUBE-XLB-B -s 10.244.0.0/16 -m comment --comment "Redirect pods trying to reach external loadbalancer VIP to clusterIP" -j KUBE-SVC-B
            -A KUBE-XLB-B -m comment --comment "Balancing rule 0 for ns/b:" -j KUBE-SEP-1
            -A KUBE-XLB-C -s 10.244.0.0/16 -m comment --comment "Redirect pods trying to reach external loadbalancer VIP to clusterIP" -j KUBE-SVC-C
            -A KUBE-XLB-C -m comment --comment "ns/c: has no local endpoints" -j KUBE-MARK-DROP
            COMMIT
            """;

    private static final String THREE =
            "10.244.0.11:8080%1$s %2$s | 10.244.0.12:8080%1$s %3$s | 10.244.7.13:8080%4$s %3$s";

    private static Netfilter read(String rules) {
        Reading<Netfilter> reading =
                Netfilter.read(node("iptables-save.txt", rules, "ip-addr.json", ADDRESSES, "ip-route.json", ROUTES));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.reports().head().count(Support.UNRECOGNIZED)).isZero();
        assertThat(reading.reports().head().count(Support.UNIMPLEMENTED)).isZero();
        return reading.value();
    }

    /** Shares are those of a threshold for five digits: 0.33333 of 2^31 is 715820724. */
    private static String three(String here, String there) {
        return String.format(THREE, here, "178955181/536870912", "357915731/1073741824", there);
    }

    @Test
    void clusterAddresses() {
        Netfilter node = read(RULES);
        assertThat(show(node.route(tcp("10.244.0.13", "10.96.0.10:80"), pod()))).isEqualTo(three("", ""));
        assertThat(show(node.route(tcp("192.168.50.1", "10.96.0.10:80"), self())))
                .isEqualTo(three(" M(10.244.0.1)", " M(192.168.50.1)")
                        .replaceFirst("12:8080 M\\(10.244.0.1\\)", "12:8080 M(192.168.50.1,10.244.0.1)"));
        assertThat(show(node.route(tcp("192.168.50.1", "10.96.0.90:80"), self())))
                .isEqualTo("REJECT icmp-port-unreachable");
    }

    @Test
    void nodePorts() {
        Netfilter node = read(RULES);
        assertThat(node.route(tcp("192.0.2.7", "192.168.50.1:30080"), external())
                        .branches())
                .hasSize(3)
                .allMatch(branch -> branch.sourceNat().isTranslated());
        assertThat(show(node.route(tcp("192.0.2.7", "192.168.50.1:30081"), external())))
                .as("Local policy keeps the client's address")
                .isEqualTo("10.244.0.11:8080");
        assertThat(show(node.route(tcp("192.0.2.7", "192.168.50.1:30090"), external())))
                .isEqualTo("REJECT icmp-port-unreachable");
    }

    @Test
    void balancers() {
        Netfilter node = read(RULES);
        assertThat(node.route(tcp("198.51.100.7", "203.0.113.10:80"), external())
                        .branches())
                .hasSize(3)
                .allMatch(branch -> branch.sourceNat().isTranslated());
        assertThat(show(node.route(tcp("192.0.2.7", "203.0.113.11:80"), external())))
                .isEqualTo("10.244.0.11:8080");
        assertThat(node.route(tcp("10.244.0.13", "203.0.113.11:80"), pod()).branches())
                .as("pods get all endpoints")
                .hasSize(2);
    }

    /** A packet marked to be dropped is dropped where the kubelet's rule sees it, which it is not on its way through the node. */
    @Test
    void marksDropWhereTheyAreLookedAt() {
        String onTheNode = ADDRESSES.replace(
                "{\"local\":\"127.0.0.1\"",
                "{\"local\":\"203.0.113.10\",\"prefixlen\":32},{\"local\":\"203.0.113.12\",\"prefixlen\":32},{\"local\":\"127.0.0.1\"");
        Netfilter bound = Netfilter.read(
                        node("iptables-save.txt", RULES, "ip-addr.json", onTheNode, "ip-route.json", ROUTES))
                .value();
        assertThat(show(bound.route(tcp("192.0.2.7", "203.0.113.10:80"), external())))
                .isEqualTo("DROP");
        assertThat(show(bound.route(tcp("192.0.2.7", "203.0.113.12:80"), external())))
                .isEqualTo("DROP");
        assertThat(show(read(RULES).route(tcp("192.0.2.7", "203.0.113.12:80"), external())))
                .as("forwarded, and marked for nothing")
                .startsWith("UNTOUCHED");
    }

    /** Whether a pod's packets come over a bridge the rules do not tell, and for these it decides. */
    @Test
    void externalAddresses() {
        Netfilter node = read(RULES);
        assertThat(node.route(tcp("192.0.2.7", "203.0.113.20:80"), external()).branches())
                .hasSize(3);
        assertThat(show(node.route(tcp("10.244.0.13", "203.0.113.20:80"), pod())))
                .contains("UNKNOWN");
    }

    /** What another mode or a service that is gone left behind leads nowhere. */
    @Test
    void leftoversAreLegal() {
        String more = RULES.replace(":KUBE-MARK-DROP - [0:0]\n", """
                        :KUBE-MARK-DROP - [0:0]
                        :KUBE-FIRE-WALL - [0:0]
                        :KUBE-LOAD-BALANCER - [0:0]
                        :KUBE-NODE-PORT - [0:0]
                        :KUBE-SEP-GONE - [0:0]
                        :KUBE-SVC-GONE - [0:0]
                        :KUBE-IPVS-FILTER - [0:0]
                        """).replace("-A KUBE-MARK-DROP -j", """
                        -A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ
                        -A KUBE-NODE-PORT -p tcp -m set --match-set KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ
                        -A KUBE-SEP-GONE -p tcp -m tcp -j DNAT --to-destination 10.244.9.9:8080
                        -A KUBE-SVC-GONE -j KUBE-SEP-GONE
                        -A KUBE-MARK-DROP -j""");
        assertThat(show(read(more).route(tcp("10.244.0.13", "10.96.0.10:80"), pod())))
                .isEqualTo(three("", ""));
    }
}
