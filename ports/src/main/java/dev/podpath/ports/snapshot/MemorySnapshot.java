package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Snapshots made from texts in memory, for tests and for programs that capture by themselves. */
public final class MemorySnapshot {
    private MemorySnapshot() {}

    /**
     * A snapshot of these documents.
     *
     * @param texts text of each document by its path
     */
    public static Snapshot of(Map<String, String> texts) {
        Map<String, Document> documents = new TreeMap<>();
        texts.forEach((path, text) -> documents.put(path, new Document(path, text.getBytes(StandardCharsets.UTF_8))));
        return MapSnapshot.of("memory", documents, Vector.empty());
    }
}
