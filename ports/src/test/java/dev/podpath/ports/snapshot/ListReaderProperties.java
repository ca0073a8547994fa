package dev.podpath.ports.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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

/** A list that is read in parts and in one pass is the list that is read as a whole. */
class ListReaderProperties {
    /** What an item says of itself while it is there, and what its evidence says when it is gone. */
    private static final class Taken implements ItemTaker {
        private final List<String> texts = new ArrayList<>();
        private final List<Evidence> evidence = new ArrayList<>();

        @Override
        public boolean take(Json item) {
            texts.add(item.toString());
            evidence.add(item.evidence());
            evidence.add(item.at("metadata", "name").evidence());
            evidence.add(item.at("no", "such/field").evidence());
            return true;
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void partsAreTheWhole(@ForAll("lists") String text, @ForAll @IntRange(min = 1, max = 300) int size) {
        Option<ItemList<Taken>> read = same(text.getBytes(StandardCharsets.UTF_8), size);
        assertThat(read.isDefined()).isTrue();
        assertThat(read.get().document().text("kind")).contains("List");
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void whatIsBrokenIsGivenUp(
            @ForAll("lists") String text,
            @ForAll @IntRange(min = 1, max = 300) int size,
            @ForAll @IntRange(max = 1 << 20) int at,
            @ForAll @IntRange(max = 12) int cut,
            @ForAll("scraps") String scrap) {
        int from = at % (text.length() + 1);
        String broken = text.substring(0, from) + scrap + text.substring(Math.min(text.length(), from + cut));
        same(broken.getBytes(StandardCharsets.UTF_8), size);
    }

    /** Where it is read at all, it is the same. */
    private static Option<ItemList<Taken>> same(byte[] bytes, int size) {
        Document document = new Document("kubernetes/x.json", bytes);
        Option<ItemList<Taken>> read = ListReader.read(document, Taken::new, size);
        if (read.isDefined()) {
            Json whole = document.json().get();
            Taken expected = new Taken();
            whole.at("items").forEachItem(expected::take);
            Vector<Taken> parts = read.get().parts();
            assertThat(parts.flatMap(part -> part.texts).toJavaList()).isEqualTo(expected.texts);
            assertThat(parts.flatMap(part -> part.evidence)
                            .map(ListReaderProperties::told)
                            .toJavaList())
                    .isEqualTo(expected.evidence.stream()
                            .map(ListReaderProperties::told)
                            .toList());
            whole.names()
                    .reject("items"::equals)
                    .forEach(name -> assertThat(read.get().document().at(name))
                            .hasToString(whole.at(name).toString()));
        }
        return read;
    }

    private static String told(Evidence evidence) {
        return evidence.pointer() + " " + evidence.line() + " " + evidence.excerpt();
    }

    @Example
    void aLongListIsReadInParts() {
        StringBuilder text = new StringBuilder("{\n    \"apiVersion\": \"v1\",\n    \"items\": [");
        for (int i = 0; i < 1_000; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("\n        {\n            \"kind\": \"Pod\",\n            \"list\": [{\n        \"kind\": ")
                    .append(i)
                    .append("}]\n        }");
        }
        text.append("\n    ],\n    \"kind\": \"List\"\n}\n");
        Option<ItemList<Taken>> read = same(text.toString().getBytes(StandardCharsets.UTF_8), 1_000);
        assertThat(read.get().parts().size()).isGreaterThan(50);
        assertThat(read.get().parts().forAll(part -> !part.texts.isEmpty())).isTrue();
    }

    @Example
    void whatLooksLikeAnItemAndIsNoneChangesNothing() {
        String item = "{\"a\":[{\"a\":1},{\"a\":2},{\"a\":3}],\"b\":\"},{\\\"a\\\":\"}";
        String text = "{\"kind\":\"List\",\"items\":[" + item + ("," + item).repeat(40) + "]}";
        for (int size = 1; size < 200; size++) {
            assertThat(same(text.getBytes(StandardCharsets.UTF_8), size).isDefined())
                    .isTrue();
        }
    }

    @Example
    void whatIsNoListOfObjectsIsLeftToOthers() {
        for (String text : List.of(
                "{\"items\":[{}],\"items\":[{}]}",
                "{\"items\":[{\"a\":1}],\"\\u0069tems\":[]}",
                "{\"items\":[{\"a\":1}],\"\\u0069tems\":1}",
                "{\"items\":[{\"a\":1},2]}",
                "{\"items\":[1,2]}",
                "{\"items\":[]}",
                "{\"items\":{}}",
                "[{\"items\":[{}]}]",
                "{\"items\":[{}",
                "{\"items\":[{}]",
                "{\"items\":[{}]} {}",
                "")) {
            assertThat(same(text.getBytes(StandardCharsets.UTF_8), 8).isEmpty())
                    .as(text)
                    .isTrue();
        }
    }

    @Example
    void anItemThatIsRefusedEndsIt() {
        byte[] text = ("{\"items\":[{\"a\":1}" + ",{\"a\":1}".repeat(500) + "]}").getBytes(StandardCharsets.UTF_8);
        List<String> pointers = new ArrayList<>();
        Option<ItemList<ItemTaker>> read = ListReader.read(
                new Document("kubernetes/x.json", text),
                () -> item -> {
                    synchronized (pointers) {
                        pointers.add(item.pointer());
                        return item.pointer().length() < 10;
                    }
                },
                100);
        assertThat(read.isEmpty()).isTrue();
        // Where an item stands is told rightly also before all that precede it were read.
        assertThat(pointers).doesNotHaveDuplicates().allMatch(pointer -> pointer.matches("/items/\\d{1,3}"));
    }

    @Example
    void aHostileListTakesNoLongerThanOthers() {
        String deep = "{\"items\":[{\"a\":" + "},{\"a\":".repeat(400_000);
        String many = "{\"items\":[{\"a\":1}" + ",{\"a\":1}".repeat(400_000) + ",{]}";
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(same(deep.getBytes(StandardCharsets.UTF_8), 10).isEmpty())
                    .isTrue();
            assertThat(same(many.getBytes(StandardCharsets.UTF_8), 1_000).isEmpty())
                    .isTrue();
        });
    }

    @Provide
    Arbitrary<String> lists() {
        Arbitrary<String> text =
                Arbitraries.strings().withChars("ab{}[],:\u00fc\u4e2d").ofMaxLength(5);
        Arbitrary<String> item = Combinators.combine(
                        Arbitraries.of("\"kind\"", "\"kind\"", "\"kind\"", "\"metadata\""), text, text)
                .as((first, name, more) -> "{\n  " + first + ": 1, \"metadata\": {\"name\": \"" + name
                        + "\"},\n  \"list\": [\n  {\n  \"kind\": \"" + more
                        + "\"},{\n  \"kind\": true}, null, \"\\u0041\"]}");
        return Combinators.combine(
                        item.list().ofMinSize(1).ofMaxSize(9),
                        Arbitraries.of("", "\n  ", "\r\n\t "),
                        Arbitraries.of("\"kind\":\"List\",", ""),
                        Arbitraries.of("", " , \"kind\" : \"List\"", ",\"metadata\":{\"a\":[1]},\"kind\":\"List\" "))
                .as((items, blank, before, after) -> "{" + before + "\"items\":[" + blank
                        + String.join("," + blank, items) + blank + "]"
                        + (before.isEmpty() && !after.contains("kind") ? ",\"kind\":\"List\"" : after) + "}");
    }

    @Provide
    Arbitrary<String> scraps() {
        return Arbitraries.of("", "", "{", "}", "[", "]", ",", "\"", "\\", "},{", "{}", "],\"items\":[", "\u0001", "1");
    }
}
