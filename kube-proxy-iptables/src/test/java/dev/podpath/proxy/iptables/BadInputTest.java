package dev.podpath.proxy.iptables;

import static dev.podpath.proxy.iptables.Nodes.ADDRESSES;
import static dev.podpath.proxy.iptables.Nodes.ROUTES;
import static dev.podpath.proxy.iptables.Nodes.external;
import static dev.podpath.proxy.iptables.Nodes.node;
import static dev.podpath.proxy.iptables.Nodes.pod;
import static dev.podpath.proxy.iptables.Nodes.show;
import static dev.podpath.proxy.iptables.Nodes.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.proxy.iptables.eval.Netfilter;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Documents that are damaged in known ways: a problem with its place, and UNKNOWN with the reason where it matters. */
class BadInputTest {
    private static final String RULES = """
            *filter
            :INPUT ACCEPT [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :KUBE-SERVICES - [0:0]
            -A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES
            -A KUBE-SERVICES -d 10.96.0.30/32 -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
            COMMIT
            *nat
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-SEP-1 - [0:0]
            :KUBE-SERVICES - [0:0]
            :KUBE-SVC-A - [0:0]
            -A PREROUTING -j KUBE-SERVICES
            -A OUTPUT -j KUBE-SERVICES
            -A KUBE-SEP-1 -p tcp -m tcp -j DNAT --to-destination 10.244.0.11:8080
            -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-A
            -A KUBE-SVC-A -j KUBE-SEP-1
            COMMIT
            """;

    private static Reading<Netfilter> read(String rules) {
        return Netfilter.read(node("iptables-save.txt", rules, "ip-addr.json", ADDRESSES, "ip-route.json", ROUTES));
    }

    private static ProxyVerdict toService(String rules) {
        return read(rules).value().route(tcp("10.244.0.13", "10.96.0.10:80"), pod());
    }

    private static void problem(String rules, int line, String found) {
        assertThat(read(rules).problems().map(Object::toString))
                .anyMatch(message -> message.startsWith("nodes/n1/iptables-save.txt:" + line + ": found ")
                        && message.contains(found)
                        && message.contains("expected"));
    }

    private static void unknown(ProxyVerdict verdict, String why) {
        assertThat(verdict.kind()).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
        assertThat(verdict.branches().map(branch -> branch.outcome()))
                .anyMatch(outcome ->
                        outcome instanceof ProxyOutcome.Unknown one && one.why().contains(why));
    }

    @Test
    void wholeDocument() {
        assertThat(read(RULES).problems()).isEmpty();
        assertThat(show(toService(RULES))).isEqualTo("10.244.0.11:8080");
    }

    /** Wherever the file ends, the verdict is the right one, or UNKNOWN. */
    @Test
    void truncatedFile() {
        for (int length = 0; length < RULES.length() - 1; length++) {
            String cut = RULES.substring(0, length);
            Reading<Netfilter> reading = read(cut);
            ProxyVerdict verdict = reading.value().route(tcp("10.244.0.13", "10.96.0.10:80"), pod());
            boolean betweenTables = cut.strip().endsWith("COMMIT");
            if (!betweenTables) {
                assertThat(reading.problems()).as(cut).isNotEmpty();
                assertThat(verdict.kind()).as(cut).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
            } else {
                assertThat(verdict.assumptions().mkString()).as(cut).contains("table nat");
            }
        }
    }

    @Test
    void binaryJunk() {
        Random random = new Random(3);
        StringBuilder junk = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            junk.append((char) random.nextInt(256));
        }
        problem(junk.toString(), 1, "");
        unknown(toService(junk.toString()), "is not whole");
        String inside = RULES.replace("-A KUBE-SVC-A -j KUBE-SEP-1\n", "\0\u00ff\u0001junk\n");
        problem(inside, 21, "junk");
        unknown(toService(inside), "line 21");
    }

    @Test
    void undeclaredChainJumpedTo() {
        String rules = RULES.replace("-A KUBE-SVC-A -j KUBE-SEP-1\n", "-A KUBE-SVC-A -j KUBE-SEP-2\n");
        problem(rules, 21, "-j KUBE-SEP-2");
        unknown(toService(rules), "line 21");
    }

    @Test
    void undeclaredChainWithRules() {
        String rules = RULES.replace(":KUBE-SEP-1 - [0:0]\n", "");
        problem(rules, 18, "a rule of chain KUBE-SEP-1");
        assertThat(toService(rules).kind()).isIn(ProxyVerdict.Kind.UNKNOWN, ProxyVerdict.Kind.ENDPOINTS);
    }

    @Test
    void jumpLoops() {
        String rules = RULES.replace("-A KUBE-SVC-A -j KUBE-SEP-1\n", "-A KUBE-SVC-A -j KUBE-SERVICES\n");
        assertThat(read(rules).problems().map(Object::toString))
                .anyMatch(text -> text.contains("leads back to itself"));
        unknown(toService(rules), "leads back to itself");
        String itself = RULES.replace("-A KUBE-SVC-A -j KUBE-SEP-1\n", "-A KUBE-SVC-A -g KUBE-SVC-A\n");
        assertThat(read(itself).problems().map(Object::toString))
                .anyMatch(text -> text.contains("KUBE-SVC-A of table nat leads back to itself"));
        unknown(toService(itself), "leads back to itself");
    }

    @Test
    void tableWithoutCommit() {
        String rules = RULES.substring(0, RULES.length() - "COMMIT\n".length());
        problem(rules, 22, "the end of the document in table nat");
        unknown(toService(rules), "COMMIT");
        String first = RULES.replaceFirst("COMMIT\n", "");
        problem(first, 8, "*nat");
        unknown(toService(first), "COMMIT");
    }

    @Test
    void duplicateChains() {
        String rules = RULES.replace(":KUBE-SVC-A - [0:0]\n", ":KUBE-SVC-A - [0:0]\n:KUBE-SVC-A - [0:0]\n");
        problem(rules, 17, "chain KUBE-SVC-A a second time");
        assertThat(show(toService(rules))).isEqualTo("10.244.0.11:8080");
        String tables = RULES + RULES.substring(RULES.indexOf("*nat")).replace("8080", "9090");
        problem(tables, 36, "a second table nat");
        unknown(toService(tables), "twice");
    }

    @Test
    void linesOfTenMegabytes() {
        String comment = "x".repeat(10_000_000);
        String commented =
                RULES.replace("-A KUBE-SVC-A -j", "-A KUBE-SVC-A -m comment --comment \"" + comment + "\" -j");
        assertThat(read(commented).problems()).isEmpty();
        assertThat(show(toService(commented))).isEqualTo("10.244.0.11:8080");
        String chain = RULES.replace("KUBE-SVC-A", comment);
        assertThat(show(toService(chain))).isEqualTo("10.244.0.11:8080");
        String broken = RULES.replace("-A KUBE-SVC-A -j KUBE-SEP-1", "-A KUBE-SVC-A " + comment);
        problem(broken, 21, "xxx");
        assertThat(read(broken).problems().head().toString()).hasSizeLessThan(500);
        unknown(toService(broken), "");
    }

    @Test
    void numbersOutOfRange() {
        String[][] changes = {
            {"10.96.0.10/32", "10.96.0.310/32"},
            {"10.96.0.10/32", "10.96.0.10/33"},
            {"--dport 80 -j KUBE-SVC-A", "--dport 65536 -j KUBE-SVC-A"},
            {"--dport 80 -j KUBE-SVC-A", "--dport 99999999999999999999 -j KUBE-SVC-A"},
            {"--dport 80 -j KUBE-SVC-A", "--dport -1 -j KUBE-SVC-A"},
            {"--dport 80 -j KUBE-SVC-A", "-m mark --mark 0x100000000 -j KUBE-SVC-A"},
            {"--dport 80 -j KUBE-SVC-A", "-m statistic --mode random --probability 1.00001 -j KUBE-SVC-A"},
            {"--dport 80 -j KUBE-SVC-A", "-m statistic --mode nth --every 0 -j KUBE-SVC-A"},
            {"10.244.0.11:8080", "10.244.0.11:70000"},
            {"10.244.0.11:8080", "10.244.0.256:8080"}
        };
        for (String[] change : changes) {
            String rules = RULES.replace(change[0], change[1]);
            assertThat(rules).isNotEqualTo(RULES);
            int line = change[0].contains("8080") ? 19 : 20;
            problem(rules, line, "");
            assertThat(toService(rules).kind()).as(change[1]).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
        }
    }

    @Test
    void carriageReturns() {
        String rules = RULES.replace("\n", "\r\n");
        assertThat(read(rules).problems()).isEmpty();
        assertThat(show(toService(rules))).isEqualTo("10.244.0.11:8080");
        assertThat(show(read(rules).value().route(tcp("192.0.2.7", "10.96.0.30:80"), external())))
                .isEqualTo("REJECT icmp-port-unreachable");
    }

    @Test
    void emptyDocument() {
        problem("", 1, "an empty document");
    }
}
