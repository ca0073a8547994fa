package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Map;
import java.util.Set;

/** A snapshot whose documents are in memory. */
final class MapSnapshot implements Snapshot {
    /** Directories at the root of a snapshot. */
    static final Set<String> ROOTS = Set.of("kubernetes/", "nodes/", "ingress/", "aliyun/", "aws/", "dns/");

    private final String origin;
    private final Map<String, Document> documents;
    private final Vector<DocumentProblem> problems;

    private MapSnapshot(String origin, Map<String, Document> documents, Vector<DocumentProblem> problems) {
        this.origin = origin;
        this.documents = documents;
        this.problems = problems;
    }

    static Snapshot of(String origin, Map<String, Document> documents, Vector<DocumentProblem> problems) {
        return new MapSnapshot(origin, documents, problems);
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public Vector<DocumentProblem> problems() {
        return problems;
    }

    @Override
    public Vector<String> paths() {
        return Vector.ofAll(documents.keySet()).sorted();
    }

    @Override
    public Option<Document> document(String path) {
        return Option.of(documents.get(path));
    }
}
