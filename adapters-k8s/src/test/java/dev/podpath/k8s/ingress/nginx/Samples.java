package dev.podpath.k8s.ingress.nginx;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Documents for tests. */
public final class Samples {
    private Samples() {}

    /** A sample configuration by its file name. */
    public static Document conf(String name) {
        return new Document(name, bytes(name));
    }

    static byte[] bytes(String name) {
        try (InputStream in = Option.of(Samples.class.getResourceAsStream(name)).get()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document from text, one byte per character. */
    public static Document text(String text) {
        return new Document("nginx.conf", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A snapshot in memory. */
    static final class InMemory implements Snapshot {
        private final Map<String, Document> documents = new TreeMap<>();

        InMemory with(String path, byte[] bytes) {
            documents.put(path, new Document(path, bytes));
            return this;
        }

        InMemory with(String path, String text) {
            return with(path, text.getBytes(StandardCharsets.UTF_8));
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
}
