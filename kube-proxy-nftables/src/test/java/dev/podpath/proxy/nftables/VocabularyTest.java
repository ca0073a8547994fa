package dev.podpath.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import org.junit.jupiter.api.Test;

/** What single expressions and statements mean, where the kernel's answer is known from its sources. */
class VocabularyTest {
    private static final String POLICY = "; policy accept;\n";

    /** Rules at a hook after some declarations. */
    private static String rules(String declarations, String type, String hook, String priority, String... rules) {
        return "table ip t {\n" + declarations + "\tchain " + hook + " {\n\t\ttype " + type + " hook " + hook
                + " priority " + priority + POLICY + "\t\t" + String.join("\n\t\t", rules) + "\n\t}\n}\n";
    }

    private static String translating(String declarations, String... rules) {
        return rules(declarations, "nat", "prerouting", "dstnat", rules);
    }

    private static String set(String name, String type, String flags, String elements) {
        return "\tset " + name + " {\n\t\ttype " + type + "\n\t\tflags " + flags + "\n\t\telements = { " + elements
                + " }\n\t}\n";
    }

    private static ProxyVerdict verdict(String rules, int port) {
        assertThat(Nodes.read(rules).problems()).as(rules).isEmpty();
        return Nodes.rules(rules).route(Nodes.packet(Protocol.TCP, "10.244.0.13", "10.96.0.10", port), Nodes.pod(3));
    }

    private static String brief(String rules) {
        return Nodes.brief(verdict(rules, 80));
    }

    /** net/netfilter/nft_hash.c: which value a packet gets is not modelled, so each is told with its condition. */
    @Test
    void hashes() {
        String map = " mod 2 map { 0 : 10.244.0.11, 1 : 10.244.0.12 }";
        for (String hash : new String[] {"jhash ip saddr . tcp sport", "symhash"}) {
            ProxyVerdict verdict = verdict(translating("", "meta l4proto tcp dnat to " + hash + map), 80);
            assertThat(Nodes.brief(verdict)).isEqualTo("10.244.0.11:80 10.244.0.12:80");
            assertThat(verdict.branches().map(ProxyBranch::share)).containsOnly(Share.undefined());
            assertThat(verdict.branches().flatMap(ProxyBranch::conditions))
                    .hasSize(2)
                    .allMatch(condition -> condition.contains(hash) && condition.contains("mod 2"));
        }
    }

    /** nft_numgen.c: in turn, every value as often as any other. */
    @Test
    void turns() {
        ProxyVerdict verdict = verdict(
                translating("", "meta l4proto tcp dnat to numgen inc mod 4 map { 0-2 : 10.244.0.11, 3 : 10.244.0.12 }"),
                80);
        assertThat(verdict.branches().map(ProxyBranch::share))
                .containsExactly(new Share.Exact(Fraction.of(3, 4)), new Share.Exact(Fraction.of(1, 4)));
    }

    @Test
    void intervals() {
        String one = set("nets", "ipv4_addr", "interval", "10.96.0.0/24, 10.97.0.1-10.97.0.9");
        assertThat(brief(translating(one, "ip daddr @nets dnat to 10.244.0.11")))
                .isEqualTo("10.244.0.11:80");
        assertThat(brief(translating(one, "ip daddr != @nets dnat to 10.244.0.11")))
                .isEqualTo("untouched");
        String rows = set(
                "rows",
                "ipv4_addr . inet_proto . inet_service",
                "interval",
                "10.96.0.0/16 . tcp . 80-90, 10.0.0.0/8 . udp . 53");
        String rule = "ip daddr . meta l4proto . th dport @rows dnat to 10.244.0.11";
        assertThat(Nodes.brief(verdict(translating(rows, rule), 90))).isEqualTo("10.244.0.11:90");
        assertThat(Nodes.brief(verdict(translating(rows, rule), 91))).isEqualTo("untouched");
    }

    /** An element that was listed holds until it goes; when it was asked for is the time that counts. */
    @Test
    void timeouts() {
        String some =
                set("some", "ipv4_addr", "timeout", "10.96.0.10 timeout 3h expires 2h59m58s, 10.96.0.11 expires 5s");
        assertThat(brief(translating(some, "ip daddr @some dnat to 10.244.0.11")))
                .isEqualTo("10.244.0.11:80");
    }

    /** nft_ct.c: the mark of the connection is there from the conntrack hook on, and not before. */
    @Test
    void marksOfConnections() {
        String early = "table ip early {\n\tchain pre {\n\t\ttype filter hook prerouting priority %s" + POLICY
                + "\t\tct mark set 0x7\n\t}\n}\n";
        String late = rules("", "filter", "forward", "filter", "ct mark 0x7 drop");
        assertThat(brief(early.formatted("mangle") + late)).isEqualTo("dropped");
        assertThat(brief(early.formatted("raw") + late)).isEqualTo("untouched");
    }

    /** net/netfilter/core.c, nf_hook_entries_grow: of two chains with one priority the one made later comes first. */
    @Test
    void equalPriorities() {
        String first = translating("", "meta l4proto tcp dnat to 10.244.0.11:1");
        String second =
                translating("", "meta l4proto tcp dnat to 10.244.0.12:2").replace("table ip t", "table ip u");
        assertThat(brief(first + second)).isEqualTo("10.244.0.12:2");
        assertThat(brief(second + first)).isEqualTo("10.244.0.11:1");
    }

    /** nf_tables_core.c, nft_do_chain: what goes on, goes back, and what the rest of a rule is not reached by. */
    @Test
    void verdicts() {
        String chains = "\tchain side {\n\t\ttcp dport 80 return\n\t\tdrop\n\t}\n";
        assertThat(brief(translating(
                        chains, "tcp dport vmap { 80 : continue, 443 : accept } jump side", "dnat to 10.244.0.11")))
                .isEqualTo("10.244.0.11:80");
        assertThat(Nodes.brief(verdict(translating(chains, "jump side", "dnat to 10.244.0.11"), 81)))
                .isEqualTo("dropped");
        assertThat(brief(translating(chains, "goto side", "dnat to 10.244.0.11")))
                .isEqualTo("untouched");
        assertThat(brief(translating("", "return", "dnat to 10.244.0.11"))).isEqualTo("untouched");
    }

    /** Chains that lead to each other with a choice have ever more ways. The kernel takes none (nft_chain_validate). */
    @Test
    void circlesWithAChoice() {
        String circle = "\tchain a {\n\t\tnumgen random mod 3 vmap { 0 : goto b, 1 : goto b, 2 : goto b }\n\t}\n"
                + "\tchain b {\n\t\tnumgen random mod 3 vmap { 0 : goto a, 1 : goto a, 2 : goto a }\n\t}\n";
        assertThat(verdict(translating(circle, "jump a"), 80).kind()).isEqualTo(ProxyVerdict.Kind.UNKNOWN);
    }
}
