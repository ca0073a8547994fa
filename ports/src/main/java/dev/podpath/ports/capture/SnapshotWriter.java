package dev.podpath.ports.capture;

import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.NotCaptured;
import dev.podpath.ports.snapshot.SafePath;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Writes a snapshot into a directory, document by document, so that memory never holds one whole. A document appears whole or
 * not at all; what is complete is kept in a journal below {@value #WORK}, which snapshots do not read and which goes when
 * the capture ends. Safe for several threads.
 */
public final class SnapshotWriter implements Closeable {
    /** Where drafts and the journal are while a capture is under way. */
    public static final String WORK = ".podpath-capture";

    private static final String JOURNAL = "journal";

    private final Path root;
    private final Journal journal;
    private final AtomicLong drafts = new AtomicLong();

    private SnapshotWriter(Path root, Journal journal) {
        this.root = root;
        this.journal = journal;
    }

    /**
     * Begins a capture, or goes on with one of the same identity that stopped.
     *
     * @param root a directory that is not there yet, is empty, or holds what such a capture left
     * @param identity what is captured, see {@link CaptureScope#identity()}
     */
    public static Either<DocumentProblem, SnapshotWriter> open(Path root, String identity) {
        try {
            Path work = root.resolve(WORK);
            if (Files.exists(root) && !Files.exists(work.resolve(JOURNAL)) && !isEmpty(root)) {
                return Either.left(new DocumentProblem(
                        root.toString(),
                        Option.none(),
                        "something else",
                        "no directory yet, an empty one, or one that an unfinished capture left",
                        "name another directory"));
            }
            Files.createDirectories(work);
            return Either.right(new SnapshotWriter(root, Journal.open(work.resolve(JOURNAL), identity)));
        } catch (Journal.Refused e) {
            return Either.left(new DocumentProblem(
                    root.toString(),
                    Option.none(),
                    String.valueOf(e.getMessage()),
                    "a capture of the same scope that stopped",
                    "wait for it, name another directory, or delete this one"));
        } catch (IOException e) {
            return Either.left(new DocumentProblem(
                    root.toString(),
                    Option.none(),
                    String.valueOf(e),
                    "a directory that can be written",
                    "name another directory"));
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    /** The directory. */
    public Path root() {
        return root;
    }

    /**
     * Begins a document.
     *
     * @param path path in the snapshot
     * @throws IOException where it cannot be written, or the path leads out of the snapshot
     */
    public DocumentWriter document(String path) throws IOException {
        Option<String> safe = SafePath.of(path).filter(found -> !found.startsWith("."));
        if (safe.isEmpty()) {
            throw new IOException("'" + path + "' is no path inside a snapshot");
        }
        Path draft = root.resolve(WORK).resolve("draft-" + drafts.incrementAndGet());
        return new DocumentWriter(root.resolve(safe.get()), draft);
    }

    /** The file of a document that was committed. */
    public Option<Path> file(String path) {
        return SafePath.of(path).map(root::resolve).filter(Files::isRegularFile);
    }

    /** Whether a step was completed, in this run or before. */
    public boolean isDone(String step) {
        return journal.isDone(step);
    }

    /** Notes that a step is complete, with what it could not get. */
    public void done(String step, Vector<NotCaptured> gaps) throws IOException {
        journal.done(step, gaps);
    }

    /** Whether there is any document besides the manifest. */
    boolean wroteAnything() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .anyMatch(name -> !name.equals(WORK) && !name.equals(Manifest.PATH));
        }
    }

    /** What the completed steps could not get. */
    Vector<NotCaptured> gaps() {
        return journal.gaps();
    }

    /** Ends the capture: nothing but the snapshot is left. */
    public void finish() throws IOException {
        journal.close();
        Files.walkFileTree(root.resolve(WORK), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Stops; a later capture of the same identity goes on from here. */
    @Override
    public void close() throws IOException {
        journal.close();
    }
}
