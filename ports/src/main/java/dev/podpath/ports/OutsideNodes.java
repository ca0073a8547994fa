package dev.podpath.ports;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The documents of a snapshot that belong to no node. */
final class OutsideNodes implements Snapshot {
    private final Snapshot whole;

    OutsideNodes(Snapshot whole) {
        this.whole = whole;
    }

    @Override
    public String origin() {
        return whole.origin();
    }

    @Override
    public Vector<DocumentProblem> problems() {
        return whole.problems();
    }

    @Override
    public Vector<String> paths() {
        return whole.paths().reject(NodePaths::isOfNode);
    }

    @Override
    public Option<Document> document(String path) {
        return NodePaths.isOfNode(path) ? Option.none() : whole.document(path);
    }

    @Override
    public long size(String path) {
        return NodePaths.isOfNode(path) ? 0 : whole.size(path);
    }

    @Override
    public void release(String prefix) {
        whole.release(prefix);
    }
}
