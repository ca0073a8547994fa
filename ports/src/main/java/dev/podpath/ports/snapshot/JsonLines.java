package dev.podpath.ports.snapshot;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.control.Option;
import java.io.IOException;
import java.util.IdentityHashMap;

/**
 * On which line each object and array of a JSON document begins. Found in one pass over the document when a line is first
 * asked for: most documents are never quoted, and some are quoted a thousand times.
 */
final class JsonLines {
    private final Document document;
    private final JsonNode root;
    private final Memo<IdentityHashMap<JsonNode, Integer>> containers = new Memo<>();

    JsonLines(Document document, JsonNode root) {
        this.document = document;
        this.root = root;
    }

    /** The line of a value; empty where it cannot be told. */
    Option<Integer> lineOf(JsonNode node, String pointer) {
        if (!document.name().endsWith(".json") || node.isMissingNode()) {
            return Option.none();
        }
        return node.isContainerNode()
                ? Option.of(containers.get(this::find).get(node))
                : JsonReader.lineOf(document, pointer);
    }

    private IdentityHashMap<JsonNode, Integer> find() {
        IdentityHashMap<JsonNode, Integer> found = new IdentityHashMap<>();
        try (JsonParser parser = JsonReader.factory().createParser(document.bytes())) {
            parser.nextToken();
            walk(root, parser, found);
        } catch (IOException e) {
            // The document was read before, so this is not reached; a line is not worth more than that.
            return found;
        }
        return found;
    }

    /** Goes through the tree and its text side by side; the parser stands at the beginning of the node. */
    private static void walk(JsonNode node, JsonParser parser, IdentityHashMap<JsonNode, Integer> found)
            throws IOException {
        JsonToken start = parser.currentToken();
        boolean array = start == JsonToken.START_ARRAY && node.isArray();
        boolean object = start == JsonToken.START_OBJECT && node.isObject();
        if (!array && !object) {
            // A field that is given twice: the tree has the last one.
            parser.skipChildren();
            return;
        }
        found.put(node, parser.currentTokenLocation().getLineNr());
        int index = 0;
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY && token != JsonToken.END_OBJECT && token != null;
                token = parser.nextToken()) {
            JsonNode child = array ? node.get(index++) : node.get(parser.currentName());
            if (object) {
                parser.nextToken();
            }
            if (child == null) {
                parser.skipChildren();
            } else {
                walk(child, parser, found);
            }
        }
    }
}
