package dev.podpath.proxy.iptables.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.iptables.Nodes;
import dev.podpath.proxy.iptables.rule.RulePrinter;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RulesReaderTest {
    private static Reading<Ruleset> read(String text) {
        return read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Reading<Ruleset> read(byte[] bytes) {
        return RulesReader.read(new Document("nodes/n1/iptables-save.txt", bytes), false);
    }

    private static String filter(String... rules) {
        return "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:X - [0:0]\n"
                + String.join("\n", rules)
                + "\nCOMMIT\n";
    }

    private static String printed(String rule) {
        Reading<Ruleset> reading = read(filter(rule));
        assertThat(reading.problems()).as(rule).isEmpty();
        return RulePrinter.print(reading.value(), reading.value().table(TableName.FILTER), 0);
    }

    private static void problem(String text, int line, String found) {
        assertThat(read(text).problems().map(Object::toString))
                .as(text)
                .anyMatch(message -> message.startsWith("nodes/n1/iptables-save.txt:" + line + ": found ")
                        && message.contains(found));
    }

    @Test
    void theOptionOfAMatchNegatesThatMatch() {
        assertThat(printed("-A INPUT -m ipvs ! --ipvs -j DROP")).isEqualTo("-A INPUT -m ipvs ! --ipvs -j DROP");
        assertThat(printed("-A INPUT -p tcp -m ipvs --vproto 6 ! --ipvs -j DROP"))
                .isEqualTo("-A INPUT -p tcp -m ipvs ! --ipvs -p tcp -j DROP");
        assertThat(read(filter("-A INPUT ! --ipvs -j DROP")).reports().head().count(Support.UNRECOGNIZED))
                .isEqualTo(1);
    }

    @Test
    void negationIsReadInBothPositions() {
        assertThat(printed("-A INPUT ! -s 10.0.0.0/8 -j DROP")).isEqualTo("-A INPUT ! -s 10.0.0.0/8 -j DROP");
        assertThat(printed("-A INPUT -s ! 10.0.0.0/8 -j DROP")).isEqualTo("-A INPUT ! -s 10.0.0.0/8 -j DROP");
        assertThat(printed("-A INPUT -p tcp -m tcp ! --dport 80:90 -j DROP"))
                .isEqualTo("-A INPUT -p tcp -m tcp ! --dport 80:90 -j DROP");
        assertThat(printed("-A INPUT -p tcp -m tcp --dport ! 80 -j DROP"))
                .isEqualTo("-A INPUT -p tcp -m tcp ! --dport 80 -j DROP");
    }

    @Test
    void optionsMayComeInAnyOrder() {
        assertThat(printed("-A INPUT -m comment --comment x -m tcp -p tcp -d 1.2.3.4 --dport 80 -j ACCEPT"))
                .isEqualTo("-A INPUT -p tcp -d 1.2.3.4/32 -m tcp --dport 80 -j ACCEPT");
    }

    @Test
    void commentsMayHoldQuotesBackslashesAndOptions() {
        assertThat(printed("-A INPUT -m comment --comment \"a \\\" -j DROP \\\\\" -j ACCEPT"))
                .isEqualTo("-A INPUT -j ACCEPT");
        assertThat(printed("-A INPUT -j ACCEPT -m comment --comment \"x y\"")).isEqualTo("-A INPUT -j ACCEPT");
    }

    @Test
    void countersAreReadInBothForms() {
        assertThat(printed("[12:3456] -A INPUT -j ACCEPT")).isEqualTo("-A INPUT -j ACCEPT");
        assertThat(printed("-A INPUT -c 12 3456 -j ACCEPT")).isEqualTo("-A INPUT -j ACCEPT");
    }

    @Test
    void masksWithHolesAreKeptAndOthersBecomePrefixes() {
        assertThat(printed("-A INPUT -s 10.7.0.9/255.0.255.0 -j ACCEPT"))
                .isEqualTo("-A INPUT -s 10.0.0.0/255.0.255.0 -j ACCEPT");
        assertThat(printed("-A INPUT -s 10.7.0.9/255.255.0.0 -j ACCEPT"))
                .isEqualTo("-A INPUT -s 10.7.0.0/16 -j ACCEPT");
    }

    @Test
    void bothSpellingsOfMarksMeanTheSame() {
        String xmark = "-A INPUT -j MARK --set-xmark 0x4000/0x4000";
        assertThat(printed(xmark)).isEqualTo(xmark);
        assertThat(printed("-A INPUT -j MARK --or-mark 0x4000")).isEqualTo(xmark);
        assertThat(printed("-A INPUT -j MARK --xor-mark 0x4000")).isEqualTo("-A INPUT -j MARK --set-xmark 0x4000/0x0");
        assertThat(printed("-A INPUT -j MARK --and-mark 0xff"))
                .isEqualTo("-A INPUT -j MARK --set-xmark 0x0/0xffffff00");
    }

    @Test
    void probabilitiesAreWhatTheKernelKeeps() throws IOException {
        List<String> lines = Nodes.read(Nodes.shared("kernel-lab/samples/statistic-probability-roundtrip.txt"))
                .lines()
                .collect(Collectors.toList());
        List<String> pairs = lines.stream()
                .filter(line -> line.startsWith("--mode random --probability 0."))
                .collect(Collectors.toList());
        assertThat(pairs).hasSizeGreaterThan(250);
        for (String pair : pairs) {
            int bar = pair.indexOf('|');
            assertThat(printed("-A INPUT -m statistic " + pair.substring(0, bar) + " -j DROP"))
                    .isEqualTo("-A INPUT -m statistic " + pair.substring(bar + 1) + " -j DROP");
        }
        assertThat(printed("-A INPUT -m statistic --mode random --probability 0.3333333333 -j DROP"))
                .endsWith("0.33333333349 -j DROP");
        assertThat(printed("-A INPUT -m statistic --mode random --probability 0.33332999982 -j DROP"))
                .endsWith("0.33332999982 -j DROP");
    }

    @Test
    void unknownOptionsKeepTheirMatch() {
        String rule = "-A INPUT -d 10.0.0.1/32 -m conntrack --ctstatus NONE -j ACCEPT";
        assertThat(printed(rule)).isEqualTo(rule);
        assertThat(printed("-A INPUT -m conntrack --ctstate NEW ! --ctstatus ASSURED -m mark --mark 0x1/0x1 -j ACCEPT"))
                .isEqualTo(
                        "-A INPUT -m conntrack --ctstate NEW -m conntrack ! --ctstatus ASSURED -m mark --mark 0x1/0x1"
                                + " -j ACCEPT");
    }

    @Test
    void carriageReturnsAreBlanks() {
        Reading<Ruleset> reading = read(filter("-A INPUT -s 10.0.0.1/32 -j X").replace("\n", "\r\n"));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.value().ruleCount()).isEqualTo(1);
    }

    @Test
    void whatIsWrongIsToldWithItsLine() {
        problem("", 1, "an empty document");
        problem("hello\n", 1, "hello");
        problem("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\n", 4, "the end of the document in table filter");
        problem(filter("-A Y -j ACCEPT"), 6, "a rule of chain Y");
        problem(filter("-A INPUT -j NOWHERE"), 6, "-j NOWHERE");
        problem(filter("-A INPUT -g NOWHERE"), 6, "-g NOWHERE");
        problem(filter("-A INPUT -s 10.0.0.300/32 -j ACCEPT"), 6, "10.0.0.300");
        problem(filter("-A INPUT -s /32 -j ACCEPT"), 6, "found nothing, expected an IPv4 address");
        problem(filter("-A INPUT -p tcp -m tcp --dport 70000 -j ACCEPT"), 6, "70000");
        problem(filter("-A INPUT -p tcp -m tcp --dport 90:80 -j ACCEPT"), 6, "90:80");
        problem(filter("-A INPUT -m mark --mark 0x1ffffffff -j ACCEPT"), 6, "0x1ffffffff");
        problem(filter("-A INPUT -m statistic --mode random --probability 1.5 -j ACCEPT"), 6, "1.5");
        problem(filter("-A INPUT -j DNAT --to-destination 10.0.0.1:80"), 6, "in table filter");
        problem(filter("-A INPUT -j"), 6, "-j at the end of the line");
        problem(filter("-A"), 6, "-A at the end");
        problem(filter(":INPUT ACCEPT [0:0]"), 6, "chain INPUT a second time");
        problem(filter("-A X -j X"), 5, "chain X of table filter leads back to itself");
        problem("*florist\nCOMMIT\n", 1, "table florist");
        problem(filter("-A INPUT -j DROP") + filter("-A INPUT -j DROP"), 14, "a second table filter");
        problem("*filter\n*nat\nCOMMIT\n", 2, "*nat");
        problem("-A INPUT -j ACCEPT\n", 1, "a rule");
        problem(
                "*nat\n:PREROUTING ACCEPT\n-A PREROUTING -j DNAT --to-destination :0 --persistent\nCOMMIT\n",
                3,
                "translation to :0");
    }

    @Test
    void unknownMatchesAndTargetsStayInTheRule() {
        Reading<Ruleset> reading = read(filter(
                "-A INPUT -m brandnew --shiny 3 ! --dull -j ACCEPT",
                "-A INPUT -m conntrack --ctfoo 1 -j ACCEPT",
                "-A INPUT -m bpf --bytecode \"1,6 0 0 65535\" -j ACCEPT",
                "-A INPUT -j BRANDNEW --shiny",
                "-A INPUT -j NFQUEUE --queue-num 1",
                "-A INPUT -j LOG --log-prefix \"x y \""));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.reports().head().count(Support.UNRECOGNIZED)).isEqualTo(2);
        assertThat(reading.reports().head().count(Support.UNIMPLEMENTED)).isEqualTo(3);
        assertThat(reading.reports().head().count(Support.IRRELEVANT)).isEqualTo(1);
    }

    @Test
    void anEmptySecondTableOfTheOtherBackEndSaysNothing() {
        String empty = "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n";
        assertThat(read(filter("-A INPUT -j DROP") + empty).problems()).isEmpty();
        Reading<Ruleset> reading = read(empty + filter("-A INPUT -j DROP"));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.value().ruleCount()).isEqualTo(1);
    }

    @Test
    void notesOfTheToolAreKept() {
        Reading<Ruleset> reading = read(filter("-A INPUT -j DROP")
                + "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n");
        assertThat(reading.value().notes().head()).contains("legacy back end");
    }

    @Test
    void hugeLinesAreNoTrouble() {
        String comment = "x".repeat(10_000_000);
        assertThat(read(filter("-A INPUT -m comment --comment \"" + comment + "\" -j ACCEPT"))
                        .problems())
                .isEmpty();
        assertThat(read(filter("-A INPUT -s " + comment + " -j ACCEPT"))
                        .problems()
                        .head()
                        .toString())
                .hasSizeLessThan(400);
        assertThat(read(comment).problems().head().toString()).hasSizeLessThan(400);
        assertThat(read(filter("-A INPUT -m comment --comment \"" + "\\\"".repeat(1_000_000)))
                        .problems())
                .isEmpty();
    }

    @Test
    void problemsAreBounded() {
        assertThat(read("junk\n".repeat(100_000)).problems()).hasSizeLessThan(110);
    }

    /** Printing what was read and reading that gives the same rules. */
    @Test
    void printingIsTheInverseOfReading() throws IOException {
        for (String directory : new String[] {"conformance/dumps", "kernel-lab/samples"}) {
            try (Stream<Path> files = Files.list(Nodes.shared(directory))) {
                for (Path file : files.filter(path -> path.toString().matches(".*/(iptables_|[^/]*iptables-save).*"))
                        .filter(path -> !path.toString().contains("IPv6"))
                        .sorted()
                        .collect(Collectors.toList())) {
                    String once = RulePrinter.print(read(Nodes.read(file)).value());
                    Reading<Ruleset> again = read(once);
                    assertThat(again.problems()).as(file.toString()).isEmpty();
                    assertThat(RulePrinter.print(again.value()))
                            .as(file.toString())
                            .isEqualTo(once);
                    assertThat(again.value().ruleCount())
                            .isEqualTo(read(Nodes.read(file)).value().ruleCount());
                }
            }
        }
    }

    /** Any bytes give rules and problems, never an exception. */
    @Property(tries = 500)
    void anyBytesAreRead(@ForAll @Size(max = 400) byte[] bytes) {
        assertThatCode(() -> RulePrinter.print(read(bytes).value())).doesNotThrowAnyException();
    }

    @Test
    void damagedDocumentsAreRead() {
        String text = Nodes.read(Nodes.shared("kernel-lab/samples/iptables-save-c.nft.txt"));
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Random random = new Random(7);
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = i % 3 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
            for (int k = 0; k < i % 7 && damaged.length > 0; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            if (i % 5 == 0 && damaged.length > 600) {
                int at = random.nextInt(damaged.length - 300);
                System.arraycopy(bytes, random.nextInt(bytes.length - 300), damaged, at, 299);
            }
            Reading<Ruleset> reading = read(damaged);
            RulePrinter.print(reading.value());
        }
    }
}
