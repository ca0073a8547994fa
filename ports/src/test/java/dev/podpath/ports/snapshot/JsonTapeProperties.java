package dev.podpath.ports.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assertions;

/** The tape reads what a tree of the same text holds, and refuses what a parser refuses. */
class JsonTapeProperties {
    private static final ObjectMapper TREES = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(200).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void aTapeHoldsWhatATreeHolds(@ForAll("documents") String text) throws IOException {
        JsonNode tree = TREES.readTree(text);
        same(read(text.getBytes(StandardCharsets.UTF_8)).get(), tree, "");
    }

    @Property(tries = 4_000, edgeCases = EdgeCasesMode.NONE)
    void bothRefuseTheSame(
            @ForAll("documents") String text,
            @ForAll @IntRange(max = 1 << 20) int at,
            @ForAll @IntRange(max = 3) int cut,
            @ForAll("scraps") String scrap) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int from = at % (bytes.length + 1);
        int to = Math.min(bytes.length, from + cut);
        byte[] scraps = scrap.getBytes(StandardCharsets.ISO_8859_1);
        byte[] broken = new byte[from + scraps.length + bytes.length - to];
        System.arraycopy(bytes, 0, broken, 0, from);
        System.arraycopy(scraps, 0, broken, from, scraps.length);
        System.arraycopy(bytes, to, broken, from + scraps.length, bytes.length - to);
        Either<DocumentProblem, Json> json = read(broken);
        try {
            JsonNode tree = TREES.readTree(broken);
            if (tree == null || tree.isMissingNode()) {
                assertThat(json.getLeft().found()).isEqualTo("an empty document");
            } else if (!isUtf8(broken) && json.isLeft()) {
                // Jackson pads short names with bytes of ones: it takes 0xFF before a known name for the name itself.
                assertThat(json.getLeft().found()).isNotEqualTo("broken JSON");
            } else {
                assertThat(json.isRight()).isTrue();
                same(json.get(), tree, "");
            }
        } catch (IOException e) {
            assertThat(json.isLeft()).as(e.getMessage()).isTrue();
            assertThat(json.getLeft().found()).isNotEqualTo("broken JSON");
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Everything a value says of itself, against the tree; the pointer leads to the same node. */
    private static void same(Json json, JsonNode tree, String pointer) {
        assertThat(json.pointer()).isEqualTo(pointer);
        assertThat(json.isArray()).isEqualTo(tree.isArray());
        assertThat(json.isObject()).isEqualTo(tree.isObject());
        assertThat(json.isPresent()).isEqualTo(!tree.isNull());
        if (tree.isTextual()) {
            assertThat(json.text()).contains(tree.textValue());
        } else if (tree.isBoolean() || tree.isIntegralNumber()) {
            assertThat(json.text().get().replaceFirst("^-0$", "0")).isEqualTo(tree.asText());
        }
        Evidence evidence = json.evidence();
        assertThat(evidence.pointer()).contains(pointer);
        assertThat(evidence.line().isDefined()).isTrue();
        Vector<Json> items = json.items();
        assertThat(items).hasSize(tree.isArray() ? tree.size() : 0);
        for (int i = 0; i < items.size(); i++) {
            same(items.get(i), tree.get(i), pointer + "/" + i);
        }
        List<String> names = new ArrayList<>();
        tree.fieldNames().forEachRemaining(names::add);
        assertThat(json.names().toJavaList()).isEqualTo(names);
        assertThat(json.textMap().size()).isEqualTo((int) names.stream()
                .filter(name -> tree.get(name).isValueNode() && !tree.get(name).isNull())
                .count());
        for (String name : names) {
            same(
                    json.at(name),
                    tree.get(name),
                    pointer + "/" + name.replace("~", "~0").replace("/", "~1"));
        }
    }

    @Example
    void ofTwoFieldsOfOneNameWrittenDifferentlyTheLastCounts() {
        Json json = read("{\"\u00fc\\/~\":\"\",\"\u00fc/~\":\"a\"}".getBytes(StandardCharsets.UTF_8))
                .get();
        assertThat(json.at("\u00fc/~").text()).contains("a");
        byte[] misplaced = "{\"items\":[{\"\":[],\"?\":0}]}".getBytes(StandardCharsets.UTF_8);
        misplaced[17] = (byte) 0xFF;
        assertThat(read(misplaced).getLeft().found()).isNotEqualTo("broken JSON");
        byte[] longer = {'"', (byte) 0xC0, (byte) 0xBC, '"'};
        assertThat(read(longer).isLeft()).isTrue();
    }

    @Example
    void theTextIsOnOneLineAndTheLastOfTwoFieldsCounts() {
        Json json = read("{ \"a\" : [1, 2.50,\n true ],\n \"b/c\":\"x\\u0041\\n\", \"a\": {\"items\": []} }")
                .get();
        assertThat(json).hasToString("{\"a\":{\"items\":[]},\"b/c\":\"xA\\n\"}");
        assertThat(json.at("b/c").evidence().line()).contains(3);
        assertThat(json.evidenceOfPaths("a.items", "no.such").excerpt()).isEqualTo("{\"a\":{\"items\":[]}}");
        assertThat(json.at("no", "such").evidence().excerpt()).isEqualTo("(not present)");
        assertThat(json.at("no", "such").evidence().pointer()).contains("/no/such");
    }

    @Example
    void whatAWindowsShellWritesIsRead() {
        String text = "{\"kind\": \"Pod\", \"name\": \"ü\"}\r\n";
        for (String charset : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
            for (String mark : List.of("", "\uFEFF")) {
                byte[] bytes = (mark + text).getBytes(Charset.forName(charset));
                assertThat(read(bytes).get().text("name"))
                        .as(charset + mark.length())
                        .contains("ü");
            }
        }
    }

    @Example
    void hostileTextsTakeNoLongerThanOthers() {
        String fields = "\"f\": 1,".repeat(200_000);
        StringBuilder wide = new StringBuilder("{");
        for (int i = 0; i < 200_000; i++) {
            wide.append("\"f").append(i).append("\":").append(i).append(',');
        }
        wide.append("\"f0\": -1}");
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            Json json = read(wide.toString()).get();
            assertThat(json.names().map(json::at).map(Json::text).distinct().size())
                    .isEqualTo(200_000);
            assertThat(json.integer("f0")).contains(-1);
            assertThat(json.textMap()).hasSize(200_000);
            assertThat(read("{" + fields).isLeft()).isTrue();
            assertThat(read("[".repeat(200) + "]".repeat(200)).isRight()).isTrue();
            assertThat(read("[".repeat(201) + "]".repeat(201)).getLeft().found())
                    .contains("depth");
            assertThat(read("9".repeat(900)).get().number()).isEmpty();
        });
    }

    private static Either<DocumentProblem, Json> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Either<DocumentProblem, Json> read(byte[] bytes) {
        return new Document("kubernetes/x.json", bytes).json();
    }

    @Provide
    Arbitrary<String> documents() {
        Arbitrary<String> value = value(3);
        Arbitrary<String> list = Combinators.combine(value.list().ofMaxSize(4), strings(), blanks())
                .as((items, kind, blank) -> "{" + blank + "\"kind\":" + kind + ",\"items\"" + blank + ":["
                        + String.join("," + blank, items) + "]" + blank + "}");
        return Arbitraries.oneOf(value, list);
    }

    @Provide
    Arbitrary<String> scraps() {
        return Arbitraries.oneOf(
                Arbitraries.of("{", "}", "[", "]", ",", ":", "\"", "\\", "-", "0", ".", "e", " ", "null", "\u00ff"),
                Arbitraries.strings().ofMaxLength(2),
                Arbitraries.chars().range('\0', '\u00ff').map(String::valueOf),
                Arbitraries.just(""));
    }

    private static Arbitrary<String> value(int depth) {
        Arbitrary<String> scalar = Arbitraries.oneOf(
                strings(),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.of("0", "-0", "1.50", "-2e3", "1E-2", "true", "false", "null", "123456789012345678901234"));
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<String> inner = value(depth - 1);
        Arbitrary<String> array = Combinators.combine(inner.list().ofMaxSize(4), blanks())
                .as((items, blank) -> "[" + blank + String.join(blank + ",", items) + blank + "]");
        Arbitrary<String> field = Combinators.combine(names(), blanks(), inner)
                .as((name, blank, text) -> name + blank + ":" + blank + text);
        Arbitrary<String> object = Combinators.combine(field.list().ofMaxSize(5), blanks())
                .as((fields, blank) -> "{" + blank + String.join(blank + ",", fields) + "}" + blank);
        return Arbitraries.oneOf(scalar, array, object);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.oneOf(Arbitraries.of("\"a\"", "\"\\u0061\"", "\"items\"", "\"ü/~\"", "\"\""), strings());
    }

    private static Arbitrary<String> strings() {
        return Arbitraries.strings()
                .withChars("ab \u00fc\u4e2d\n\"\\/~\u0001\ud83d")
                .ofMaxLength(6)
                .map(JsonTapeProperties::quoted);
    }

    private static String quoted(String text) {
        String whole = text.replace("\ud83d", "\ud83d\ude00");
        StringBuilder out = new StringBuilder();
        JsonExcerpt.quote(whole, out);
        return out.toString().replace("/", text.length() % 2 == 0 ? "/" : "\\/");
    }

    private static Arbitrary<String> blanks() {
        return Arbitraries.of(Arrays.asList("", " ", "\n", "\r\n\t "));
    }
}
