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
    /** How deep values may be nested. */
    static final int MAX_DEPTH = 200;

    private static final int LONGEST_STRING = 64 << 20;

    private JsonReader() {}

    static Either<DocumentProblem, Json> read(Document document) {
        String name = document.name();
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return YamlReader.read(document);
        }
        JsonText text = JsonText.of(document);
        JsonScanner scanner = new JsonScanner(text);
        JsonTape tape = scanner.scan(0, text.bytes().length);
        return tape != null ? Either.right(Json.root(tape)) : Either.left(problem(text, scanner.failedAt()));
    }

    /** Values of another notation, which were written as JSON. */
    static Json rewritten(Document document, byte[] bytes) {
        JsonTape tape = new JsonScanner(JsonText.rewritten(document, bytes)).scan(0, bytes.length);
        if (tape == null) {
            throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
        }
        return Json.root(tape);
    }

    /** What is wrong, in the words of a parser that is slower and explains itself. */
    private static DocumentProblem problem(JsonText text, int failedAt) {
        Document document = text.document();
        try (JsonParser parser = factory().createParser(text.bytes())) {
            if (parser.nextToken() == null) {
                return problem(document, line(text, failedAt), "an empty document");
            }
            int depth = 0;
            do {
                JsonToken token = parser.currentToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                parser.getText();
            } while (depth > 0 && parser.nextToken() != null);
            String found = parser.nextToken() == null ? misplaced(text, failedAt) : "text after the end of the value";
            return problem(document, line(text, failedAt), found);
        } catch (JsonProcessingException e) {
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
            return problem(document, line, found);
        } catch (IOException e) {
            return DocumentProblem.of(document.path(), String.valueOf(e.getMessage()), "JSON");
        }
    }

    /** Jackson takes a name with a byte of ones in front for the name itself, where it knows the name already. */
    private static String misplaced(JsonText text, int failedAt) {
        byte[] bytes = text.bytes();
        return failedAt < bytes.length
                ? String.format("the byte 0x%02X where it does not belong", bytes[failedAt] & 0xFF)
                : "an end before the value is complete";
    }

    private static Option<Integer> line(JsonText text, int offset) {
        return text.bytes().length == 0 ? Option.none() : text.line(offset);
    }

    private static DocumentProblem problem(Document document, Option<Integer> line, String found) {
        return new DocumentProblem(
                document.path(), line, Document.shorten(found), "well-formed JSON", "capture the document again");
    }

    private static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(LONGEST_STRING)
                        .build())
                .build();
    }
}
