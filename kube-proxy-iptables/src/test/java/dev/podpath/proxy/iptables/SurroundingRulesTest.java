package dev.podpath.proxy.iptables;

import static dev.podpath.proxy.iptables.Nodes.ADDRESSES;
import static dev.podpath.proxy.iptables.Nodes.ROUTES;
import static dev.podpath.proxy.iptables.Nodes.external;
import static dev.podpath.proxy.iptables.Nodes.node;
import static dev.podpath.proxy.iptables.Nodes.pod;
import static dev.podpath.proxy.iptables.Nodes.self;
import static dev.podpath.proxy.iptables.Nodes.show;
import static dev.podpath.proxy.iptables.Nodes.tcp;
import static dev.podpath.proxy.iptables.Nodes.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.iptables.eval.Netfilter;
import org.junit.jupiter.api.Test;

/** What network plugins and others write around kube-proxy's rules is read whole, and decides where it should. */
class SurroundingRulesTest {
    private static final String ENDPOINT = "10.244.0.11:8080";

    /** Rules of a table: what is declared, and what is appended, before those of kube-proxy. */
    private record Part(String chains, String rules) {
        static final Part NONE = new Part("", "");
    }

    private static String dump(Part filter, Part nat, String tables) {
        return tables
                + "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:KUBE-FORWARD - [0:0]\n"
                + ":KUBE-FIREWALL - [0:0]\n"
                + filter.chains()
                + filter.rules()
                + """
                -A INPUT -j KUBE-FIREWALL
                -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
                -A OUTPUT -j KUBE-FIREWALL
                -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
                -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
                -A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
                -A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
                COMMIT
                *nat
                :PREROUTING ACCEPT [0:0]
                :INPUT ACCEPT [0:0]
                :OUTPUT ACCEPT [0:0]
                :POSTROUTING ACCEPT [0:0]
                :KUBE-MARK-MASQ - [0:0]
                :KUBE-POSTROUTING - [0:0]
                :KUBE-SEP-1 - [0:0]
                :KUBE-SERVICES - [0:0]
                :KUBE-SVC-A - [0:0]
                """
                + nat.chains()
                + nat.rules()
                + """
                -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
                -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
                -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
                -A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
                -A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
                -A KUBE-SEP-1 -s 10.244.0.11/32 -j KUBE-MARK-MASQ
                -A KUBE-SEP-1 -p tcp -m tcp -j DNAT --to-destination 10.244.0.11:8080
                -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment "ns/a cluster IP" -m tcp --dport 80 -j KUBE-SVC-A
                -A KUBE-SVC-A ! -s 10.244.0.0/16 -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ
                -A KUBE-SVC-A -j KUBE-SEP-1
                COMMIT
                """;
    }

    /** The node with these rules, of which so many cannot be evaluated. */
    private static Netfilter read(int unknown, String rules, String... more) {
        String[] files = {"iptables-save.txt", rules, "ip-addr.json", ADDRESSES, "ip-route.json", ROUTES, "", ""};
        System.arraycopy(more, 0, files, 6, more.length);
        String[] given = new String[6 + more.length];
        System.arraycopy(files, 0, given, 0, given.length);
        Reading<Netfilter> reading = Netfilter.read(node(given));
        assertThat(reading.problems()).isEmpty();
        DocumentReport report = reading.reports().head();
        assertThat(report.count(Support.UNRECOGNIZED)).isZero();
        assertThat(report.count(Support.UNIMPLEMENTED)).isEqualTo(unknown);
        assertThat(report.counts().values().sum().intValue()).isEqualTo((int)
                rules.lines().filter(line -> line.startsWith("-A")).count());
        return reading.value();
    }

    private static String fromPod(Netfilter node) {
        return show(node.route(tcp("10.244.0.13", "10.96.0.10:80"), pod()));
    }

    @Test
    void flannel() {
        Netfilter node =
                read(0, dump(new Part(":FLANNEL-FWD - [0:0]\n", """
                                -A FORWARD -m comment --comment "flanneld forward" -j FLANNEL-FWD
                                -A FLANNEL-FWD -s 10.244.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT
                                -A FLANNEL-FWD -d 10.244.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT
                                """), new Part(":FLANNEL-POSTRTG - [0:0]\n", """
                                -A POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG
                                -A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 -m comment --comment "flanneld masq" -j RETURN
                                -A FLANNEL-POSTRTG -s 10.244.0.0/24 -d 10.244.0.0/16 -m comment --comment "flanneld masq" -j RETURN
                                -A FLANNEL-POSTRTG -s 10.244.0.0/16 -d 10.244.0.0/24 -m comment --comment "flanneld masq" -j RETURN
                                -A FLANNEL-POSTRTG ! -s 10.244.0.0/16 -d 10.244.0.0/24 -m comment --comment "flanneld masq" -j RETURN
                                -A FLANNEL-POSTRTG -s 10.244.0.0/16 ! -d 224.0.0.0/4 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
                                -A FLANNEL-POSTRTG ! -s 10.244.0.0/16 -d 10.244.0.0/16 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
                                """), ""));
        assertThat(fromPod(node)).isEqualTo(ENDPOINT);
        assertThat(show(node.route(tcp("10.244.0.13", "8.8.8.8:443"), pod())))
                .as("to the world with the node's address")
                .isEqualTo("UNTOUCHED M(192.168.50.1)");
        assertThat(show(node.route(tcp("10.244.0.13", "10.244.0.11:80"), pod())))
                .isEqualTo("UNTOUCHED");
    }

    @Test
    void calico() {
        String sets = """
                create cali40masq-ipam-pools hash:net family inet hashsize 1024 maxelem 1048576
                add cali40masq-ipam-pools 10.244.0.0/16
                create cali40all-ipam-pools hash:net family inet hashsize 1024 maxelem 1048576
                add cali40all-ipam-pools 10.244.0.0/16
                create cali40s:allowed hash:net family inet hashsize 1024 maxelem 1048576
                add cali40s:allowed 10.244.0.13
                """;
        Netfilter node = read(
                0,
                dump(new Part("""
                                :cali-FORWARD - [0:0]
                                :cali-to-wl-dispatch - [0:0]
                                :cali-tw-cali0a1 - [0:0]
                                :cali-pi-_policy - [0:0]
                                """, """
                                -A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD
                                -A cali-FORWARD -m comment --comment "cali:vjrMJCRpqwy5oRoX" -j MARK --set-xmark 0x0/0xe0000
                                -A cali-FORWARD -o pod+ -m comment --comment "cali:jxvuJjmmRV135nVu" -j cali-to-wl-dispatch
                                -A cali-FORWARD -m comment --comment "cali:MH9kMp5aNICL-Olv" -m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT
                                -A cali-to-wl-dispatch -o pod1 -m comment --comment "cali:HWe-xRxE5Dk5d9r1" -g cali-tw-cali0a1
                                -A cali-tw-cali0a1 -m comment --comment "cali:u1" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
                                -A cali-tw-cali0a1 -m comment --comment "cali:u2" -m conntrack --ctstate INVALID -j DROP
                                -A cali-tw-cali0a1 -m comment --comment "cali:u3" -j MARK --set-xmark 0x0/0x10000
                                -A cali-tw-cali0a1 -m comment --comment "cali:u4" -j cali-pi-_policy
                                -A cali-tw-cali0a1 -m comment --comment "cali:u5" -m comment --comment "Return if policy accepted" -m mark --mark 0x10000/0x10000 -j RETURN
                                -A cali-tw-cali0a1 -m comment --comment "cali:u6" -m comment --comment "Drop if no policies passed packet" -j DROP
                                -A cali-pi-_policy -p tcp -m comment --comment "cali:p1" -m set --match-set cali40s:allowed src -m multiport --dports 8080 -j MARK --set-xmark 0x10000/0x10000
                                """), new Part(":cali-POSTROUTING - [0:0]\n:cali-nat-outgoing - [0:0]\n", """
                                -A POSTROUTING -m comment --comment "cali:O3lYWMrLQYEMJtB5" -j cali-POSTROUTING
                                -A cali-POSTROUTING -m comment --comment "cali:Z-c7XtVd2Bq7s_hA" -j cali-nat-outgoing
                                -A cali-nat-outgoing -m comment --comment "cali:flqWnvo8yq4ULQLa" -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE --random-fully
                                """), """
                        *raw
                        :PREROUTING ACCEPT [0:0]
                        :OUTPUT ACCEPT [0:0]
                        :cali-PREROUTING - [0:0]
                        :cali-rpf-skip - [0:0]
                        -A PREROUTING -m comment --comment "cali:6gwbT8clXdHdC1b1" -j cali-PREROUTING
                        -A cali-PREROUTING -m comment --comment "cali:XFX5xbM8B9qR10JG" -j MARK --set-xmark 0x0/0xf0000
                        -A cali-PREROUTING -i pod+ -m comment --comment "cali:EWMPb0zVROM-woQp" -j MARK --set-xmark 0x40000/0x40000
                        -A cali-PREROUTING -m comment --comment "cali:V6ooGP15glg7wm91" -m mark --mark 0x40000/0x40000 -m rpfilter --validmark --invert -j cali-rpf-skip
                        -A cali-PREROUTING -m comment --comment "cali:ZxuSMkvI-sZEi5Cj" -m mark --mark 0x0/0x40000 -j RETURN
                        COMMIT
                        """),
                "ipset-save.txt",
                sets);
        assertThat(fromPod(node)).as("policy lets it in").isEqualTo(ENDPOINT);
        assertThat(show(node.route(tcp("10.244.0.14", "10.96.0.10:80"), pod())))
                .as("policy does not")
                .isEqualTo("DROP");
        assertThat(show(node.route(tcp("10.244.0.13", "8.8.8.8:443"), pod()))).isEqualTo("UNTOUCHED M(192.168.50.1)");
        assertThat(read(0, dump(new Part("", "-A FORWARD -m set --match-set cali40gone dst -j DROP\n"), Part.NONE, ""))
                        .route(tcp("10.244.0.13", "10.96.0.10:80"), pod())
                        .kind()
                        .name())
                .as("without ipset save membership is not known")
                .isEqualTo("UNKNOWN");
    }

    @Test
    void cilium() {
        Netfilter node = read(
                2,
                dump(
                        new Part(":CILIUM_FORWARD - [0:0]\n:CILIUM_INPUT - [0:0]\n", """
                                -A INPUT -m comment --comment "cilium-feeder: CILIUM_INPUT" -j CILIUM_INPUT
                                -A FORWARD -m comment --comment "cilium-feeder: CILIUM_FORWARD" -j CILIUM_FORWARD
                                -A CILIUM_FORWARD -o cilium_host -m comment --comment "cilium: any->cluster on cilium_host forward accept" -j ACCEPT
                                -A CILIUM_FORWARD -i lxc+ -m comment --comment "cilium: cluster->any on lxc+ forward accept" -j ACCEPT
                                -A CILIUM_INPUT -m mark --mark 0x200/0xf00 -m comment --comment "cilium: ACCEPT for proxy traffic" -j ACCEPT
                                """),
                        new Part(":CILIUM_POST_nat - [0:0]\n", """
                                -A POSTROUTING -m comment --comment "cilium-feeder: CILIUM_POST_nat" -j CILIUM_POST_nat
                                -A CILIUM_POST_nat -s 10.244.0.0/24 -m set --match-set cilium_node_set_v4 dst -m comment --comment "exclude traffic to cluster nodes from masquerade" -j ACCEPT
                                -A CILIUM_POST_nat -s 10.244.0.0/24 ! -d 10.244.0.0/16 ! -o cilium_+ -m comment --comment "cilium masquerade non-cluster" -j MASQUERADE
                                -A CILIUM_POST_nat -m mark --mark 0xa00/0xe00 -o cilium_host -m comment --comment "exclude proxy return traffic from masquerade" -j ACCEPT
                                """),
                        """
                        *raw
                        :PREROUTING ACCEPT [0:0]
                        :OUTPUT ACCEPT [0:0]
                        :CILIUM_PRE_raw - [0:0]
                        -A PREROUTING -m comment --comment "cilium-feeder: CILIUM_PRE_raw" -j CILIUM_PRE_raw
                        -A CILIUM_PRE_raw -m mark --mark 0x200/0xf00 -m comment --comment "cilium: NOTRACK for proxy traffic" -j CT --notrack
                        COMMIT
                        *mangle
                        :PREROUTING ACCEPT [0:0]
                        :INPUT ACCEPT [0:0]
                        :FORWARD ACCEPT [0:0]
                        :OUTPUT ACCEPT [0:0]
                        :POSTROUTING ACCEPT [0:0]
                        :CILIUM_PRE_mangle - [0:0]
                        -A PREROUTING -m comment --comment "cilium-feeder: CILIUM_PRE_mangle" -j CILIUM_PRE_mangle
                        -A CILIUM_PRE_mangle ! -o lo -m mark --mark 0x100/0xf00 -m socket --transparent -m comment --comment "cilium: any->pod redirect proxied traffic to host proxy" -j MARK --set-xmark 0x200/0xffffffff
                        -A CILIUM_PRE_mangle -p tcp -m mark --mark 0x3a9c0200 -m comment --comment "cilium: TPROXY to host proxy" -j TPROXY --on-port 40000 --on-ip 127.0.0.1 --tproxy-mark 0x200/0xffffffff
                        COMMIT
                        """),
                "ipset-save.txt",
                "create cilium_node_set_v4 hash:ip family inet\nadd cilium_node_set_v4 192.168.50.9\n");
        assertThat(fromPod(node))
                .as("the two rules about the proxy of Cilium never match: nothing gave the mark")
                .isEqualTo(ENDPOINT);
        assertThat(show(node.route(tcp("10.244.0.13", "8.8.8.8:443"), pod()))).isEqualTo("UNTOUCHED M(192.168.50.1)");
        assertThat(show(node.route(tcp("10.244.0.13", "192.168.50.9:443"), pod())))
                .isEqualTo("UNTOUCHED");
    }

    @Test
    void terway() {
        Netfilter node =
                read(0, dump(new Part(":TERWAY-FWD - [0:0]\n", """
                                -A FORWARD -m comment --comment "terway forward" -j TERWAY-FWD
                                -A TERWAY-FWD -i cali+ -j ACCEPT
                                """), new Part(":TERWAY-EGRESS - [0:0]\n", """
                                -A POSTROUTING -j TERWAY-EGRESS
                                -A TERWAY-EGRESS -d 10.0.0.0/8 -j RETURN
                                -A TERWAY-EGRESS -d 192.168.0.0/16 -j RETURN
                                -A TERWAY-EGRESS -s 10.244.0.0/24 -m addrtype ! --dst-type LOCAL -j MASQUERADE
                                """), """
                        *mangle
                        :PREROUTING ACCEPT [0:0]
                        :INPUT ACCEPT [0:0]
                        :FORWARD ACCEPT [0:0]
                        :OUTPUT ACCEPT [0:0]
                        :POSTROUTING ACCEPT [0:0]
                        :terway-mark - [0:0]
                        -A PREROUTING -i ext0 -m comment --comment "mark packets that came by the primary interface" -j terway-mark
                        -A PREROUTING -i pod+ -m comment --comment "answers leave by it" -j CONNMARK --restore-mark --nfmask 0x20 --ctmask 0x20
                        -A terway-mark -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x20/0x20
                        COMMIT
                        """));
        assertThat(fromPod(node)).isEqualTo(ENDPOINT);
        assertThat(show(node.route(tcp("10.244.0.13", "8.8.8.8:443"), pod()))).isEqualTo("UNTOUCHED M(192.168.50.1)");
        assertThat(show(node.route(tcp("10.244.0.13", "10.99.1.1:443"), pod()))).isEqualTo("UNTOUCHED");
    }

    @Test
    void awsVpcCni() {
        Netfilter node = read(
                0, dump(Part.NONE, new Part(":AWS-SNAT-CHAIN-0 - [0:0]\n:AWS-CONNMARK-CHAIN-0 - [0:0]\n", """
                                -A PREROUTING -i pod+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0
                                -A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
                                -A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0
                                -A AWS-CONNMARK-CHAIN-0 -d 10.244.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN
                                -A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80
                                -A AWS-SNAT-CHAIN-0 -d 10.244.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN
                                -A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 192.168.50.1 --random-fully
                                """), """
                        *mangle
                        :PREROUTING ACCEPT [0:0]
                        :INPUT ACCEPT [0:0]
                        :FORWARD ACCEPT [0:0]
                        :OUTPUT ACCEPT [0:0]
                        :POSTROUTING ACCEPT [0:0]
                        -A PREROUTING -i ext0 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80
                        -A PREROUTING -i pod+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
                        COMMIT
                        """));
        assertThat(fromPod(node)).isEqualTo(ENDPOINT);
        assertThat(show(node.route(tcp("10.244.0.13", "8.8.8.8:443"), pod()))).isEqualTo("UNTOUCHED S(192.168.50.1)");
    }

    /** To v1.16.0 each range outside which addresses are translated leads to the next chain, and the last one translates. */
    @Test
    void awsVpcCniInItsOldForm() {
        Netfilter old = read(
                0,
                dump(
                        Part.NONE,
                        new Part(
                                ":AWS-SNAT-CHAIN-0 - [0:0]\n:AWS-SNAT-CHAIN-1 - [0:0]\n:AWS-SNAT-CHAIN-2 - [0:0]\n",
                                """
                                -A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0
                                -A AWS-SNAT-CHAIN-0 ! -d 10.244.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-1
                                -A AWS-SNAT-CHAIN-1 ! -d 10.50.0.0/16 -m comment --comment "AWS SNAT CHAIN EXCLUSION" -j AWS-SNAT-CHAIN-2
                                -A AWS-SNAT-CHAIN-2 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 192.168.50.1 --random-fully
                                """),
                        ""));
        assertThat(fromPod(old)).isEqualTo(ENDPOINT);
        assertThat(show(old.route(tcp("10.244.0.13", "8.8.8.8:443"), pod()))).isEqualTo("UNTOUCHED S(192.168.50.1)");
        assertThat(show(old.route(tcp("10.244.0.13", "10.50.1.1:443"), pod()))).isEqualTo("UNTOUCHED");
        assertThat(show(old.route(tcp("10.244.0.13", "10.244.3.3:443"), pod()))).isEqualTo("UNTOUCHED");
    }

    /** With AWS_VPC_K8S_CNI_EXTERNALSNAT the chain is not there, and a pod's packet leaves as it is. */
    @Test
    void awsVpcCniWithExternalTranslation() {
        Netfilter node = read(0, dump(Part.NONE, Part.NONE, ""));
        assertThat(show(node.route(tcp("10.244.0.13", "8.8.8.8:443"), pod()))).isEqualTo("UNTOUCHED");
    }

    @Test
    void ipMasqAgent() {
        Netfilter node = read(0, dump(Part.NONE, new Part(":IP-MASQ-AGENT - [0:0]\n", """
                                -A POSTROUTING -m comment --comment "ip-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ-AGENT chain" -m addrtype ! --dst-type LOCAL -j IP-MASQ-AGENT
                                -A IP-MASQ-AGENT -d 169.254.0.0/16 -m comment --comment "ip-masq-agent: local traffic is not subject to MASQUERADE" -j RETURN
                                -A IP-MASQ-AGENT -d 10.0.0.0/8 -m comment --comment "ip-masq-agent: local traffic is not subject to MASQUERADE" -j RETURN
                                -A IP-MASQ-AGENT -m comment --comment "ip-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain)" -j MASQUERADE
                                """), ""));
        assertThat(fromPod(node)).isEqualTo(ENDPOINT);
        assertThat(show(node.route(tcp("10.244.0.13", "10.9.9.9:443"), pod()))).isEqualTo("UNTOUCHED");
        assertThat(show(node.route(tcp("10.244.0.13", "8.8.8.8:443"), pod()))).isEqualTo("UNTOUCHED M(192.168.50.1)");
    }

    /** NodeLocal DNSCache exempts its addresses from connection tracking, so that nat never sees them. */
    @Test
    void nodeLocalDns() {
        String rules = dump(new Part("", """
                                -A INPUT -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -m comment --comment "NodeLocal DNS Cache: allow DNS traffic" -j ACCEPT
                                -A INPUT -d 169.254.20.10/32 -p udp -m udp --dport 53 -m comment --comment "NodeLocal DNS Cache: allow DNS traffic" -j ACCEPT
                                """), Part.NONE, """
                        *raw
                        :PREROUTING ACCEPT [0:0]
                        :OUTPUT ACCEPT [0:0]
                        -A PREROUTING -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -m comment --comment "NodeLocal DNS Cache: skip conntrack" -j NOTRACK
                        -A PREROUTING -d 169.254.20.10/32 -p udp -m udp --dport 53 -m comment --comment "NodeLocal DNS Cache: skip conntrack" -j NOTRACK
                        -A OUTPUT -s 169.254.20.10/32 -p udp -m udp --sport 53 -m comment --comment "NodeLocal DNS Cache: skip conntrack" -j NOTRACK
                        -A OUTPUT -d 169.254.20.10/32 -p udp -m udp --dport 53 -m comment --comment "NodeLocal DNS Cache: skip conntrack" -j NOTRACK
                        COMMIT
                        """);
        Netfilter node = read(0, rules);
        assertThat(fromPod(node)).as("nat is not consulted").isEqualTo("UNTOUCHED");
        assertThat(show(node.route(udp("10.244.0.13", "169.254.20.10:53"), pod())))
                .isEqualTo("UNTOUCHED");
        assertThat(show(node.route(tcp("192.168.50.1", "10.96.0.10:80"), self())))
                .as("what the node sends is tracked")
                .startsWith(ENDPOINT);
    }

    @Test
    void docker() {
        Netfilter node = read(
                0,
                dump(
                                new Part(
                                        ":DOCKER - [0:0]\n:DOCKER-ISOLATION-STAGE-1 - [0:0]\n:DOCKER-USER - [0:0]\n",
                                        """
                                        -A FORWARD -j DOCKER-USER
                                        -A FORWARD -j DOCKER-ISOLATION-STAGE-1
                                        -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
                                        -A FORWARD -o docker0 -j DOCKER
                                        -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
                                        -A FORWARD -i docker0 -o docker0 -j ACCEPT
                                        -A DOCKER-ISOLATION-STAGE-1 -j RETURN
                                        -A DOCKER-USER -j RETURN
                                        """),
                                new Part(":DOCKER - [0:0]\n", """
                                        -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
                                        -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
                                        -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
                                        -A DOCKER -i docker0 -j RETURN
                                        -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.2:80
                                        """),
                                "")
                        .replace(":FORWARD ACCEPT", ":FORWARD DROP"));
        assertThat(fromPod(node))
                .as("docker's policy drops what nobody accepts")
                .isEqualTo("DROP");
        assertThat(show(node.route(tcp("192.0.2.7", "10.96.0.10:80"), external())))
                .as("kube-proxy accepts what it marked")
                .startsWith(ENDPOINT + " M");
        assertThat(show(node.route(tcp("10.244.0.13", "192.168.50.1:8081"), pod())))
                .isEqualTo("DROP");
    }
}
