package dev.podpath.capture.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podpath.ports.capture.DocumentWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes objects one by one as the list that {@code kubectl get -o json} prints. */
final class ListDocument {
    private static final byte[] HEAD = ascii("{\n    \"apiVersion\": \"v1\",\n    \"items\": [");
    private static final byte[] TAIL =
            ascii("],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n");
    private static final byte[] FIRST = ascii("\n        ");
    private static final byte[] NEXT = ascii(",\n        ");
    private static final byte[] CLOSE = ascii("\n    ");

    private final DocumentWriter out;
    private final Consumer<JsonNode> watcher;
    private long count;

    /** The watcher sees each object, for what is captured next. */
    ListDocument(DocumentWriter out, Consumer<JsonNode> watcher) throws IOException {
        this.out = out;
        this.watcher = watcher;
        out.write(HEAD);
    }

    /**
     * Where the list stood.
     *
     * @param bytes how much was written
     * @param count how many objects
     */
    record Mark(long bytes, long count) {}

    Mark mark() throws IOException {
        return new Mark(out.mark(), count);
    }

    void rollback(Mark mark) throws IOException {
        out.rollback(mark.bytes());
        count = mark.count();
    }

    /** Adds an object; what servers note about who last wrote which field is left out, as kubectl leaves it out. */
    void add(JsonNode object) throws IOException {
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        out.write(count == 0 ? FIRST : NEXT);
        out.write(KubectlJson.print(object, 2));
        count++;
        watcher.accept(object);
    }

    long count() {
        return count;
    }

    void end() throws IOException {
        if (count > 0) {
            out.write(CLOSE);
        }
        out.write(TAIL);
        out.commit();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
