package dev.podpath.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.nftables.rule.Ruleset;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Documents that are damaged: a problem with its place, and UNKNOWN with the reason where it matters; never a crash or a hang. */
class BadInputTest {
    private static final String RULES = """
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
            		jump services
            	}

            	chain services {
            		ip daddr . meta l4proto . th dport vmap @service-ips
            	}
            }
            """;

    /** Empty where nothing in the document can be read. */
    private static Option<ProxyVerdict> toService(String rules) {
        Packet packet = Nodes.packet(Protocol.TCP, "10.244.0.13", "10.96.0.10", 80);
        NodeState node = Nodes.node(
                Map.of("nft-ruleset.txt", rules, "ip-addr.json", Nodes.ADDRESSES, "ip-route.json", Nodes.ROUTES));
        return new NftablesMode().open(node).value().toOption().map(proxy -> proxy.route(packet, Nodes.pod(3)));
    }

    private static void reaches(String rules) {
        assertThat(toService(rules).map(Nodes::brief)).containsExactly("10.244.0.11:8080");
    }

    private static void problem(String rules, int line) {
        assertThat(Nodes.read(rules).problems().map(Object::toString))
                .as(rules.length() > 5_000 ? "(long)" : rules)
                .anyMatch(message -> message.startsWith("nodes/n1/nft-ruleset.txt:" + line + ": found ")
                        && message.contains("expected")
                        && message.length() < 600);
    }

    private static void unknown(String rules) {
        toService(rules).forEach(verdict -> {
            assertThat(verdict.kind())
                    .as(rules.length() > 5_000 ? "(long)" : rules)
                    .isEqualTo(ProxyVerdict.Kind.UNKNOWN);
            assertThat(verdict.branches().map(branch -> branch.outcome()))
                    .anyMatch(outcome -> outcome instanceof ProxyOutcome.Unknown one
                            && !one.why().isBlank());
        });
    }

    @Example
    void wholeDocument() {
        assertThat(Nodes.read(RULES).problems()).isEmpty();
        reaches(RULES);
    }

    /** Wherever the file ends, the verdict is the right one, or UNKNOWN. */
    @Example
    void truncatedFile() {
        String trimmed = RULES.strip();
        for (int length = 1; length < trimmed.length(); length++) {
            String cut = RULES.substring(0, length);
            assertThat(Nodes.read(cut).problems()).as(cut).isNotEmpty();
            unknown(cut);
        }
        unknown("");
    }

    @Example
    void chainsThatAreNotThere() {
        String rules = RULES.replace("jump services", "jump nowhere");
        problem(rules, 17);
        unknown(rules);
        String element = RULES.replace(": goto service-A }", ": goto nowhere }");
        problem(element, 4);
        unknown(element);
        String set = RULES.replace("vmap @service-ips", "vmap @nowhere");
        problem(set, 21);
        unknown(set);
    }

    @Example
    void loops() {
        unknown(RULES.replace("numgen random mod 1 vmap { 0 : goto endpoint-1 }", "jump service-A"));
        unknown(RULES.replace("numgen random mod 1 vmap { 0 : goto endpoint-1 }", "goto services"));
    }

    @Example
    void carriageReturns() {
        String rules = RULES.replace("\n", "\r\n");
        assertThat(Nodes.read(rules).problems()).isEmpty();
        reaches(rules);
    }

    @Example
    void junkInTheMiddle() {
        String rules = RULES.replace("\t\tjump services\n", "\t\t\0\u00ff\u0001junk\n");
        assertThat(rules).isNotEqualTo(RULES);
        assertThat(Nodes.read(rules).reports().head().count(Support.UNIMPLEMENTED))
                .isOne();
        unknown(rules);
    }

    @Example
    void numbersOutOfRange() {
        String[][] changes = {
            {"10.96.0.10 . tcp . 80", "10.96.0.310 . tcp . 80"},
            {"10.96.0.10 . tcp . 80", "10.96.0.10 . tcp . 65536"},
            {"10.96.0.10 . tcp . 80", "10.96.0.10 . tcp . 99999999999999999999"},
            {"10.244.0.11:8080", "10.244.0.256:8080"},
            {"10.244.0.11:8080", "10.244.0.11:70000"},
            {"mod 1 vmap", "mod 0 vmap"},
            {"mod 1 vmap", "mod 4294967296 vmap"}
        };
        for (String[] change : changes) {
            String rules = RULES.replace(change[0], change[1]);
            assertThat(rules).isNotEqualTo(RULES);
            boolean told = Nodes.read(rules).problems().nonEmpty()
                    || Nodes.read(rules).reports().head().count(Support.UNIMPLEMENTED) > 0;
            assertThat(told).as(change[1]).isTrue();
            unknown(rules);
        }
    }

    @Example
    void hugeLinesAndDepths() {
        String comment = RULES.replace("jump services", "jump services comment \"" + "x".repeat(5_000_000) + "\"");
        reaches(comment);
        String word = RULES.replace("jump services", "x".repeat(5_000_000));
        unknown(word);
        for (String deep : new String[] {"{ ".repeat(200_000), "( ".repeat(200_000), "[".repeat(200_000)}) {
            unknown(RULES.replace("jump services", "tcp dport " + deep));
            assertThat(Nodes.read(deep).problems()).isNotEmpty();
        }
        StringBuilder chains = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            chains.append("\tchain c")
                    .append(i)
                    .append(" {\n\t\tjump c")
                    .append(i + 1)
                    .append("\n\t}\n");
        }
        unknown(RULES.replace("jump services", "jump c0")
                .replaceFirst("\tchain endpoint", chains + "\tchain endpoint"));
    }

    /** A million elements are read in time that grows with their number. */
    @Example
    void largeSets() {
        StringBuilder elements = new StringBuilder();
        for (int i = 0; i < 300_000; i++) {
            elements.append(", 10.")
                    .append(97 + (i >> 16))
                    .append('.')
                    .append(i >> 8 & 255)
                    .append('.')
                    .append(i & 255)
                    .append(" . tcp . 80 : goto service-A");
        }
        String rules = RULES.replace(": goto service-A }", ": goto service-A" + elements + " }");
        assertThat(Nodes.read(rules).problems()).isEmpty();
        reaches(rules);
    }

    @Property(tries = 300)
    void anyBytes(@ForAll @Size(max = 300) byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(Nodes.read(text)).isNotNull();
        toService(text).forEach(verdict -> assertThat(verdict.branches()).isNotEmpty());
    }

    /** Real listings, changed anywhere: some verdict or problem, and where nothing is said to be wrong it reads the same again. */
    @Property(tries = 400)
    void changedListings(
            @ForAll long seed, @ForAll @IntRange(max = 3) int which, @ForAll @IntRange(min = 1, max = 8) int changes) {
        String[] names = {
            "nft-list-ruleset.kube-proxy.txt",
            "nft-j-list-ruleset.kube-proxy.json",
            "nft-list-ruleset.rich.txt",
            "nft-j-list-ruleset.rich.json"
        };
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(Nodes.sample(names[which]));
        String scraps = "{}[]();:,.\"@\\\n\t 0129afx!=<>&|^-#$";
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, scraps.charAt(random.nextInt(scraps.length())));
                case 2 -> text.setCharAt(at, scraps.charAt(random.nextInt(scraps.length())));
                default -> text.delete(at, Math.min(text.length(), at + random.nextInt(200)));
            }
            if (text.length() == 0) {
                return;
            }
        }
        Reading<Ruleset> reading = Nodes.read(text.toString());
        assertThat(reading.problems().map(Object::toString)).allMatch(problem -> problem.length() < 1_000);
        toService(text.toString())
                .forEach(verdict -> assertThat(verdict.branches()).isNotEmpty());
    }
}
