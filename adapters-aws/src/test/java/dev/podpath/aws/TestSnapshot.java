package dev.podpath.aws;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A snapshot whose documents a test writes. */
public final class TestSnapshot implements Snapshot {
    private final Map<String, Document> documents = new TreeMap<>();

    public TestSnapshot with(String path, String text) {
        return with(path, text.getBytes(StandardCharsets.UTF_8));
    }

    public TestSnapshot with(String path, byte[] bytes) {
        documents.put(path, new Document(path, bytes));
        return this;
    }

    public TestSnapshot without(String path) {
        documents.remove(path);
        return this;
    }

    public TestSnapshot copy() {
        TestSnapshot copy = new TestSnapshot();
        copy.documents.putAll(documents);
        return copy;
    }

    public String text(String path) {
        return new String(document(path).get().bytes(), StandardCharsets.UTF_8);
    }

    @Override
    public String origin() {
        return "test";
    }

    @Override
    public Vector<String> paths() {
        return Vector.ofAll(documents.keySet());
    }

    @Override
    public Option<Document> document(String path) {
        return Option.of(documents.get(path));
    }
}
