package dev.podpath.ports.snapshot;

import io.vavr.control.Either;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 by its JSON schema: no custom tags, few aliases, no duplicate keys, bounded size. A stream of several
 * documents is read as an array of them.
 */
final class YamlReader {
    private static final int MAX_ALIASES = 20;
    private static final int MAX_BYTES = 16 << 20;

    private YamlReader() {}

    static Either<DocumentProblem, Json> read(Document document) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(document.path())
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setAllowRecursiveKeys(false)
                .setAllowDuplicateKeys(false)
                .setCodePointLimit(MAX_BYTES)
                .build();
        try {
            List<Object> values = new ArrayList<>();
            for (@Nullable
            Object value : new Load(settings).loadAllFromString(new String(document.bytes(), StandardCharsets.UTF_8))) {
                if (value != null) {
                    values.add(value);
                }
            }
            if (values.isEmpty()) {
                return Either.left(DocumentProblem.of(document.path(), "an empty document", "YAML"));
            }
            StringBuilder json = new StringBuilder();
            write(values.size() == 1 ? values.get(0) : values, json);
            return Either.right(JsonReader.rewritten(document, json.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            return Either.left(new DocumentProblem(
                    document.path(),
                    Option.ofOptional(mark.map(m -> m.getLine() + 1)),
                    Document.shorten(String.valueOf(e.getProblem())),
                    "well-formed YAML",
                    "correct the document"));
        } catch (YamlEngineException | IllegalArgumentException | StackOverflowError e) {
            String found = String.valueOf(e.getMessage()).lines().findFirst().orElse("broken YAML");
            return Either.left(DocumentProblem.of(document.path(), Document.shorten(found), "well-formed YAML"));
        }
    }

    /** Maps, lists and scalars as JSON; anything else becomes its text. */
    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            String before = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(before);
                JsonExcerpt.quote(String.valueOf(entry.getKey()), out);
                out.append(':');
                orNull(entry.getValue(), out);
                before = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> list) {
            out.append('[');
            String before = "";
            for (Object entry : list) {
                out.append(before);
                orNull(entry, out);
                before = ",";
            }
            out.append(']');
        } else if (value instanceof Boolean
                || value instanceof Number && !(value instanceof Double number && !Double.isFinite(number))) {
            out.append(value);
        } else {
            JsonExcerpt.quote(value.toString(), out);
        }
    }

    private static void orNull(@Nullable Object value, StringBuilder out) {
        Option.of(value).peek(some -> write(some, out)).onEmpty(() -> out.append("null"));
    }
}
