package dev.podpath.ports.snapshot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;

/** Reads documents as JSON or YAML, with problems located. */
final class JsonReader {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_LOCATED = 4 << 20;

    private JsonReader() {}

    /** Made on first use, so that a run that reads no JSON does not pay for it. */
    private static final class Holder {
        static final JsonFactory FACTORY = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(64 << 20)
                        .build())
                .build();
    }

    static JsonFactory factory() {
        return Holder.FACTORY;
    }

    static Either<DocumentProblem, Json> read(Document document) {
        String name = document.name();
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return YamlReader.read(document);
        }
        try (JsonParser parser = factory().createParser(document.bytes())) {
            return Either.right(Json.root(document, JsonTree.read(parser)));
        } catch (JsonProcessingException e) {
            return Either.left(problem(document, e));
        } catch (IOException e) {
            return Either.left(DocumentProblem.of(document.path(), String.valueOf(e.getMessage()), "JSON"));
        }
    }

    private static DocumentProblem problem(Document document, JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        Option<Integer> line = location == null || location.getLineNr() < 1
                ? Option.none()
                : Option.some(Math.min(
                        location.getLineNr(), Math.max(1, document.lines().count())));
        String found = String.valueOf(e.getOriginalMessage())
                .lines()
                .findFirst()
                .orElse("broken JSON")
                // The parser adds where the open object began, in a form that tells nobody anything.
                .replaceFirst(" \\(start marker at .*", "");
        return new DocumentProblem(
                document.path(), line, Document.shorten(found), "well-formed JSON", "capture the document again");
    }

    /** The line a JSON pointer stands at; empty where the document is large or the pointer is not there. */
    static Option<Integer> lineOf(Document document, String pointer) {
        if (document.bytes().length > MAX_LOCATED || !document.name().endsWith(".json")) {
            return Option.none();
        }
        try (JsonParser parser = factory().createParser(document.bytes())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean value =
                        token != JsonToken.FIELD_NAME && token != JsonToken.END_OBJECT && token != JsonToken.END_ARRAY;
                boolean container = token.isStructStart();
                if (!value) {
                    continue;
                }
                String here = container
                        ? parser.getParsingContext().getParent().pathAsPointer().toString()
                        : parser.getParsingContext().pathAsPointer().toString();
                if (here.equals(pointer)) {
                    return Option.some(parser.currentTokenLocation().getLineNr());
                }
                if (container && !pointer.startsWith(here.isEmpty() ? "" : here + "/")) {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            return Option.none();
        }
        return Option.none();
    }
}
