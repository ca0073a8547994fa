package dev.podpath.it.fuzz;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Collections;
import java.util.Set;

/** A snapshot that knows which documents were asked for. */
final class Recording implements Snapshot {
    private final Snapshot whole;
    private final Set<String> read;

    Recording(Snapshot whole, Set<String> read) {
        this.whole = whole;
        this.read = Collections.synchronizedSet(read);
    }

    @Override
    public String origin() {
        return whole.origin();
    }

    @Override
    public Vector<String> paths() {
        return whole.paths();
    }

    @Override
    public Option<Document> document(String path) {
        read.add(path);
        return whole.document(path);
    }
}
