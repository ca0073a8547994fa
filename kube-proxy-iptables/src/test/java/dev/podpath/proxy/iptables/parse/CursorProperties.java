package dev.podpath.proxy.iptables.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.iptables.rule.Names;
import dev.podpath.proxy.iptables.rule.RulePrinter;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.TableName;
import dev.podpath.proxy.iptables.rule.WordHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Words are read eight bytes at a time, and are those that are read byte by byte. */
class CursorProperties {
    private static final String BLANKS = " \t\r\f\u000B";
    private static final String COMMENT = "-m comment --comment ";
    private static final Map<String, Word> KNOWN = known();

    private static Map<String, Word> known() {
        Map<String, Word> known = new HashMap<>();
        for (Word word : Word.values()) {
            for (String text : word.texts()) {
                known.put(text, word);
            }
        }
        return known;
    }

    @Provide
    Arbitrary<byte[]> texts() {
        Arbitrary<String> parts = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.chars().range('!', '~').map(String::valueOf)),
                Tuple.of(3, Arbitraries.chars().range('\0', '\u00FF').map(String::valueOf)),
                Tuple.of(3, Arbitraries.of(" ", "\n", "  ", "\t", "\r\n")),
                Tuple.of(2, Arbitraries.of(KNOWN.keySet()).map(word -> " " + word + " ")),
                Tuple.of(1, Arbitraries.of("\\\"", "\\", "\" ", " \"a b\" ", "KUBE-SVC-4SW47YFZTEDKD3PK")));
        return parts.list().ofMaxSize(40).map(all -> String.join("", all).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Property(tries = 1000)
    void wordsAreThoseThatAreReadByteByByte(@ForAll("texts") byte[] text) {
        List<String> words = new ArrayList<>();
        Cursor cursor = new Cursor(text);
        while (!cursor.atEnd()) {
            while (cursor.next()) {
                String word = string(text, cursor.from(), cursor.to());
                words.add(cursor.line() + ":" + cursor.word() + ":" + word);
                assertThat(cursor.hash()).isEqualTo(WordHash.of(text, cursor.from(), cursor.to()));
            }
            cursor.nextLine();
        }
        assertThat(words).isEqualTo(byBytes(text));
    }

    @Property(tries = 1000)
    void wordsAreLeftOutAsTheyAreRead(@ForAll("texts") byte[] text) {
        Cursor cursor = new Cursor(text);
        while (!cursor.atEnd()) {
            int from = cursor.position();
            cursor.skipWord();
            int skipped = cursor.position();
            cursor.reset(from);
            boolean word = cursor.next();
            assertThat(cursor.position()).isEqualTo(skipped);
            if (!word) {
                cursor.nextLine();
            }
        }
    }

    @Provide
    Arbitrary<String> rules() {
        Arbitrary<String> parts = Arbitraries.frequencyOf(
                        Tuple.of(4, Arbitraries.of(COMMENT, COMMENT + "\"a b\"", COMMENT + "x", "-m comment", "!")),
                        Tuple.of(4, Arbitraries.of(KNOWN.keySet())),
                        Tuple.of(
                                4,
                                Arbitraries.of("tcp", "80", "10.0.0.1/32", "\"a\\\" b\"", "\"", "\\", "A", "0x4000")))
                .list()
                .ofMaxSize(8)
                .map(all -> String.join(" ", all));
        Arbitrary<String> chains = Arbitraries.of("A", "AB", "B", "C", "\"A\"", "A\t", "");
        return Combinators.combine(chains, parts)
                .as((chain, part) -> "-A " + chain + " " + part)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(all -> String.join("\n", all));
    }

    /** Chains and comments in their usual form are passed over at once; with another blank they are read word by word. */
    @Property(tries = 3000)
    void usualFormsAreReadAsAnyOther(@ForAll("rules") String rules) {
        assertThat(read(rules))
                .isEqualTo(read(rules.replace(COMMENT, "-m comment  --comment ").replace("-A ", "-A  ")));
    }

    /** Rules pasted into indented text are those that stand at the beginning of lines. */
    @Property(tries = 500)
    void indentedRulesAreReadAsOthers(@ForAll("rules") String rules) {
        String text = text(rules);
        for (String indent : List.of(" ", "    ", "\t")) {
            assertThat(readText(indent + text.replace("\n", "\n" + indent))).isEqualTo(readText(text));
        }
    }

    private static String read(String rules) {
        return readText(text(rules));
    }

    private static String text(String rules) {
        return "*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n:AB - [0:0]\n:B - [0:0]\n" + rules + "\nCOMMIT\n";
    }

    private static String readText(String text) {
        Reading<Ruleset> reading = RulesReader.read(
                new Document("nodes/n1/iptables-save.txt", text.getBytes(StandardCharsets.ISO_8859_1)), false);
        String told = RulePrinter.print(reading.value())
                + reading.problems().map(problem -> problem.line())
                + reading.reports().mkString("\n");
        return told.replaceAll(" +", " ");
    }

    private static List<String> byBytes(byte[] text) {
        List<String> words = new ArrayList<>();
        int line = 1;
        int at = 0;
        while (at < text.length) {
            if (text[at] == '\n') {
                line++;
                at++;
            } else if (isBlank(text[at])) {
                at++;
            } else if (text[at] == '"') {
                int from = ++at;
                while (at < text.length && text[at] != '"' && text[at] != '\n') {
                    boolean escaped = text[at] == '\\' && at + 1 < text.length && text[at + 1] != '\n';
                    at += escaped ? 2 : 1;
                }
                words.add(line + ":" + Word.OTHER + ":" + string(text, from, at));
                at += at < text.length && text[at] == '"' ? 1 : 0;
            } else {
                int from = at;
                while (at < text.length && text[at] != '\n' && !isBlank(text[at])) {
                    at++;
                }
                String word = string(text, from, at);
                words.add(line + ":" + KNOWN.getOrDefault(word, Word.OTHER) + ":" + word);
            }
        }
        return words;
    }

    private static String string(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(byte b) {
        return BLANKS.indexOf((char) (b & 0xFF)) >= 0;
    }

    /** The same bytes have the same hash wherever they stand, and are found by it, and by nothing else. */
    @Property(tries = 500)
    void namesAreFoundWhereverTheyStand(@ForAll("texts") byte[] name, @ForAll("texts") byte[] other) {
        byte[] text = new byte[3 + name.length + other.length + name.length];
        System.arraycopy(name, 0, text, 3, name.length);
        System.arraycopy(other, 0, text, 3 + name.length, other.length);
        int again = 3 + name.length + other.length;
        System.arraycopy(name, 0, text, again, name.length);
        Names names = new Names(text, 1);
        int first = names.intern(3, 3 + name.length, WordHash.of(text, 3, 3 + name.length));
        int second = names.intern(3 + name.length, again, WordHash.of(text, 3 + name.length, again));
        assertThat(names.intern(again, text.length, WordHash.of(text, again, text.length)))
                .isEqualTo(first);
        assertThat(first == second).isEqualTo(string(name, 0, name.length).equals(string(other, 0, other.length)));
        assertThat(names.name(first)).isEqualTo(new String(name, StandardCharsets.UTF_8));
    }

    /** Names all alike in a hash that anybody can compute take no longer than others. */
    @Test
    @Timeout(30)
    void noNamesMeetInOnePlace() {
        int count = 1 << 16;
        StringBuilder text = new StringBuilder("*filter\n:FORWARD ACCEPT [0:0]\n");
        for (int i = 0; i < count; i++) {
            text.append(':').append(alike(i)).append(" - [0:0]\n");
        }
        for (int i = 0; i < count; i++) {
            text.append("-A FORWARD -j ").append(alike(count - 1 - i)).append('\n');
        }
        byte[] bytes = text.append("COMMIT\n").toString().getBytes(StandardCharsets.US_ASCII);
        Reading<Ruleset> reading = RulesReader.read(new Document("nodes/n1/iptables-save.txt", bytes), false);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.value().table(TableName.FILTER).chainCount()).isEqualTo(count + 1);
        assertThat(reading.value().table(TableName.FILTER).ruleCount()).isEqualTo(count);
    }

    /** Sixteen pairs of letters, each of two pairs with one value in base 31. */
    private static String alike(int number) {
        StringBuilder name = new StringBuilder();
        for (int bit = 0; bit < 16; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }
}
