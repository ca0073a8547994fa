package dev.podpath.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Traces of the bundled examples are what they were; see CONTRIBUTING for how to change one. */
class GoldenTracesTest {
    private static final Path ROOT = Path.of(System.getProperty("podpath.root", ".."));
    private static final Path GOLDEN = ROOT.resolve("it/src/test/resources/golden");
    private static final boolean WRITE = "write".equals(System.getProperty("podpath.golden"));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Podpath PODPATH = Podpath.create();
    private static final Map<String, Analysis> OPEN = new HashMap<>();

    static Stream<ExampleRequest> requests() {
        return Examples.requests();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    @DisplayName("the trace is the one that is kept")
    void golden(ExampleRequest request) throws IOException {
        String actual = request.json(open(request.example()));
        Path file = GOLDEN.resolve(request.example()).resolve(request.name() + ".json");
        if (WRITE) {
            Files.createDirectories(GOLDEN.resolve(request.example()));
            Files.writeString(file, actual);
        }
        assertThat(file).exists();
        assertThat(actual).isEqualTo(Files.readString(file));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    @DisplayName("the JSON is as the schema says")
    void schema(ExampleRequest request) throws IOException {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(ROOT.resolve("docs/trace.schema.json")));
        JsonNode json = JSON.readTree(request.json(open(request.example())));
        assertThat(schema.validate(json)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    @DisplayName("every piece of evidence is in the document it names")
    void evidence(ExampleRequest request) {
        Analysis analysis = open(request.example());
        Trace trace = request.trace(analysis);
        trace.hops()
                .flatMap(hop -> hop.hop().decisions())
                .flatMap(decision -> decision.evidence())
                .forEach(place -> {
                    assertThat(analysis.snapshot().document(place.document()))
                            .as(place.toString())
                            .isNotEmpty();
                    if (place.pointer().isEmpty() && place.line().isDefined()) {
                        assertThat(quoted(analysis, place)).as(place.toString()).contains(comparable(place.excerpt()));
                    }
                });
        assertThat(trace.hops().flatMap(hop -> hop.hop().decisions()).flatMap(d -> d.evidence()))
                .as("a trace without evidence")
                .isNotEmpty();
    }

    private static String quoted(Analysis analysis, Evidence place) {
        return comparable(analysis.snapshot()
                .document(place.document())
                .get()
                .lines()
                .line(place.line().get()));
    }

    /** Without white space, and up to where a long excerpt was cut. */
    private static String comparable(String text) {
        String dense = text.replaceAll("\\s+", "");
        return dense.endsWith("…") ? dense.substring(0, dense.length() - 1) : dense;
    }

    private static Analysis open(String example) {
        return OPEN.computeIfAbsent(
                example,
                name -> PODPATH.open(Examples.place(name))
                        .getOrElseThrow(problem -> new AssertionError(problem.toString())));
    }
}
