package dev.podpath.ports.capture;

import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** What a collector works with while it collects. Safe for several threads. */
public final class CaptureRun {
    private final SnapshotWriter snapshot;
    private final Progress progress;
    private final BooleanSupplier cancelled;
    private final Map<String, String> facts = new TreeMap<>();
    private final List<NotCaptured> gaps = new ArrayList<>();

    /**
     * A run into a snapshot.
     *
     * @param snapshot where documents go
     * @param progress who hears how it gets on
     * @param cancelled whether it shall stop
     */
    public CaptureRun(SnapshotWriter snapshot, Progress progress, BooleanSupplier cancelled) {
        this.snapshot = snapshot;
        this.progress = progress;
        this.cancelled = cancelled;
    }

    /** Where documents go. */
    public SnapshotWriter snapshot() {
        return snapshot;
    }

    /** Who hears how it gets on. */
    public Progress progress() {
        return progress;
    }

    /** Whether the user wants it to stop. */
    public boolean cancelled() {
        return cancelled.getAsBoolean();
    }

    /** Whether a step was completed, in this run or in one that this one goes on with. */
    public boolean isDone(String step) {
        return snapshot.isDone(step);
    }

    /** Notes that a step is complete, with what it could not get and need not be asked for again. */
    public void done(String step, Vector<NotCaptured> stepGaps) {
        try {
            snapshot.done(step, stepGaps);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes what could not be captured now; a later run tries again. */
    public synchronized void notCaptured(NotCaptured gap) {
        if (!gaps.contains(gap)) {
            gaps.add(gap);
        }
    }

    /** Something for the manifest, such as {@code cluster.version}. */
    public synchronized void fact(String key, String value) {
        facts.put(key, value);
    }

    /** Everything that could not be captured. */
    synchronized Vector<NotCaptured> gaps() {
        return snapshot.gaps().appendAll(gaps).distinct();
    }

    synchronized Map<String, String> facts() {
        return new TreeMap<>(facts);
    }
}
