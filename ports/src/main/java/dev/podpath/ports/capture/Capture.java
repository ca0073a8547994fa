package dev.podpath.ports.capture;

import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Captures a living system into a snapshot directory.
 *
 * <pre>{@code
 * Capture capture = new Capture(Collectors.installed().collectors(), Progress.SILENT, () -> false);
 * Vector<NotCaptured> gaps = capture.into(Path.of("snapshot"), CaptureScope.builder().nodes(NodeScope.all()).build()).get();
 * }</pre>
 */
public final class Capture {
    private static final int MOST_ROUNDS = 12;

    private final Vector<Collector> collectors;
    private final Progress progress;
    private final BooleanSupplier cancelled;

    /**
     * With these collectors.
     *
     * @param collectors those in use; each decides by the scope whether it has anything to do
     * @param progress who hears how it gets on
     * @param cancelled whether it shall stop
     */
    public Capture(Vector<Collector> collectors, Progress progress, BooleanSupplier cancelled) {
        this.collectors = collectors;
        this.progress = progress;
        this.cancelled = cancelled;
    }

    /** Captures the nodes that the scope names, or none where it says on-path. */
    public Either<DocumentProblem, Vector<NotCaptured>> into(Path directory, CaptureScope scope) {
        return into(directory, scope, written -> Vector.empty());
    }

    /**
     * Captures, and then as long as there are nodes whose state is wanted further captures those.
     *
     * @param directory where the snapshot goes, see {@link SnapshotWriter#open}
     * @param scope what is captured first
     * @param wanted the nodes that are wanted, given the directory with what was captured until now
     * @return what could not be captured; or why there is no snapshot
     */
    public Either<DocumentProblem, Vector<NotCaptured>> into(
            Path directory, CaptureScope scope, Function<Path, Vector<String>> wanted) {
        Either<DocumentProblem, SnapshotWriter> opened = SnapshotWriter.open(directory, scope.identity());
        if (opened.isLeft()) {
            return Either.left(opened.getLeft());
        }
        try (SnapshotWriter writer = opened.get()) {
            CaptureRun run = new CaptureRun(writer, progress, cancelled);
            collect(scope, run);
            Vector<String> asked = scope.nodes().names();
            for (int round = 0; round < MOST_ROUNDS && !run.cancelled(); round++) {
                manifest(run);
                Vector<String> known = asked;
                Vector<String> next = wanted.apply(directory).distinct().reject(known::contains);
                if (next.isEmpty()) {
                    break;
                }
                asked = asked.appendAll(next);
                collect(scope.at(NodeScope.only(next)), run);
            }
            manifest(run);
            if (!writer.wroteAnything() && !run.gaps().isEmpty()) {
                return Either.left(new DocumentProblem(
                        directory.toString(),
                        Option.none(),
                        "nothing that could be captured: " + run.gaps().head().sentence(),
                        "a system that answers",
                        "put that right, and give the same command again"));
            }
            if (run.cancelled()) {
                return Either.left(new DocumentProblem(
                        directory.toString(),
                        Option.none(),
                        "a capture that was stopped",
                        "one that ended",
                        "the same command goes on with it"));
            }
            writer.finish();
            return Either.right(run.gaps());
        } catch (IOException | UncheckedIOException e) {
            Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
            return Either.left(new DocumentProblem(
                    directory.toString(),
                    Option.none(),
                    String.valueOf(cause),
                    "a directory that can be written",
                    "make room, and repeat the same command: it goes on where it stopped"));
        }
    }

    private void collect(CaptureScope scope, CaptureRun run) {
        for (Collector collector : collectors.filter(candidate -> candidate.serves(scope))) {
            if (!run.cancelled()) {
                collector.collect(scope, run);
            }
        }
    }

    private static void manifest(CaptureRun run) throws IOException {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        try (DocumentWriter document = run.snapshot().document(Manifest.PATH)) {
            document.write(ManifestText.of(now, run.facts(), run.gaps()).getBytes(StandardCharsets.UTF_8));
            document.commit();
        }
    }
}
