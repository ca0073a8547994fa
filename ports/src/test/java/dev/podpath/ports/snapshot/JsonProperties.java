package dev.podpath.ports.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.trace.Evidence;
import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class JsonProperties {
    private static final String LISTENER = """
            {
              "Listeners": {
                "Listener": [
                  {"ListenerPort": "80", "Status": "running", "a/b": {"x~y": 1}},
                  {"ListenerPort": 443, "Status": "stopped", "Weights": ["100", 50]}
                ]
              },
              "Count": "2", "On": "true", "Nothing": null
            }
            """;

    @Property
    void anyBytesAreJsonOrALocatedProblem(@ForAll @Size(max = 200) byte[] bytes) {
        Document document = new Document("x.json", bytes);
        Either<DocumentProblem, Json> json = document.json();
        json.swap().forEach(problem -> assertThat(problem.document()).isEqualTo("x.json"));
        new Document("x.yaml", bytes)
                .json()
                .swap()
                .forEach(problem -> assertThat(problem.toString()).startsWith("x.yaml"));
    }

    @Property
    void truncatedJsonIsAProblemWithALine(@ForAll @IntRange(min = 0, max = 200) int length) {
        String text = LISTENER.strip().substring(0, length);
        Either<DocumentProblem, Json> json = document(text).json();
        assertThat(json.isLeft()).isTrue();
        assertThat(length == 0 || json.getLeft().line().isDefined()).isTrue();
    }

    @Example
    void aYamlStreamIsAnArrayOfItsDocuments() {
        Json stream = yaml("---\nkind: A\n---\n# nothing\n---\nkind: B\n").get();
        assertThat(stream.items().flatMap(item -> item.text("kind"))).containsExactly("A", "B");
        assertThat(stream.items().get(1).pointer()).isEqualTo("/1");
        assertThat(yaml("---\nkind: A\n").get().text("kind")).contains("A");
        assertThat(yaml("---\n---\n").isLeft()).isTrue();
        assertThat(yaml("kind: A\n---\nkind: [\n").getLeft().line()).isNotEmpty();
    }

    @Example
    void valuesKnowWhereTheyAre() {
        Json json = document(LISTENER).json().get();
        Json second = json.items("Listeners", "Listener").get(1);
        assertThat(second.pointer()).isEqualTo("/Listeners/Listener/1");
        assertThat(second.integer("ListenerPort")).contains(443);
        assertThat(json.items("Listeners", "Listener").head().integer("ListenerPort"))
                .contains(80);
        Evidence evidence = second.evidence("Status");
        assertThat(evidence.line()).contains(5);
        assertThat(evidence.excerpt()).isEqualTo("{\"Status\":\"stopped\"}");
        assertThat(json.items("Listeners", "Listener")
                        .head()
                        .at("a/b", "x~y")
                        .evidence()
                        .pointer())
                .contains("/Listeners/Listener/0/a~1b/x~0y");
        assertThat(json.items("Listeners", "Listener")
                        .head()
                        .at("a/b", "x~y")
                        .evidence()
                        .line())
                .contains(4);
    }

    @Example
    void readingIsLenient() {
        Json json = document(LISTENER).json().get();
        assertThat(json.integer("Count")).contains(2);
        assertThat(json.isTrue("On")).isTrue();
        assertThat(json.at("Nothing").isPresent()).isFalse();
        assertThat(json.text("Nothing")).isEmpty();
        assertThat(json.at("no", "such", "field").isPresent()).isFalse();
        assertThat(json.items("Count")).isEmpty();
        assertThat(json.integer("Listeners")).isEmpty();
    }

    @Example
    void hostileYamlIsRefused() {
        String bomb =
                "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                        + "d: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
        assertThat(yaml(bomb).isLeft()).isTrue();
        assertThat(yaml("!!javax.script.ScriptEngineManager [x]").isLeft()).isTrue();
        assertThat(yaml("a: 1\na: 2\n").getLeft().line()).contains(2);
        assertThat(yaml("a: [1, 2\nb: 3\n").isLeft()).isTrue();
        assertThat(yaml("mode: ipvs\nports: [80]\n").get().text("mode")).contains("ipvs");
    }

    @Example
    void deepNestingIsRefused() {
        assertThat(document("[".repeat(100_000)).json().isLeft()).isTrue();
    }

    private static Either<DocumentProblem, Json> yaml(String text) {
        return new Document("x.yaml", text.getBytes(StandardCharsets.UTF_8)).json();
    }

    private static Document document(String text) {
        return new Document("x.json", text.getBytes(StandardCharsets.UTF_8));
    }
}
