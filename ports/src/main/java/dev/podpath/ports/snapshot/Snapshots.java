package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Opens snapshots: a directory, a {@code .zip} or {@code .tar.gz}, or a bundled example. */
public final class Snapshots {
    /** How a bundled example is named: {@code example:ack-article}. */
    public static final String EXAMPLE = "example:";

    private Snapshots() {}

    /**
     * Opens what a user names.
     *
     * @param where a directory, an archive, or {@code example:NAME}
     * @return the snapshot, or why it cannot be opened
     */
    public static Either<DocumentProblem, Snapshot> open(String where) {
        return open(where, Limits.DEFAULT);
    }

    static Either<DocumentProblem, Snapshot> open(String where, Limits limits) {
        if (where.startsWith(EXAMPLE)) {
            return example(where.substring(EXAMPLE.length()));
        }
        try {
            Path path = Path.of(where);
            if (Files.isDirectory(path)) {
                return Either.right(DirectorySnapshot.open(where, path, limits));
            }
            if (Files.isRegularFile(path) && ArchiveReader.isArchive(where)) {
                return Either.right(ArchiveReader.read(where, path, limits));
            }
            return Either.left(new DocumentProblem(
                    where,
                    Option.none(),
                    Files.exists(path) ? "a file of another kind" : "nothing",
                    "a snapshot directory, a .zip or .tar.gz of one, or example:NAME",
                    "name another snapshot"));
        } catch (IOException | InvalidPathException e) {
            return Either.left(new DocumentProblem(
                    where,
                    Option.none(),
                    Document.shorten(String.valueOf(e.getMessage())),
                    "a readable snapshot",
                    "pack or capture it again"));
        }
    }

    /** Names of the bundled examples on the class path. */
    public static Vector<String> examples() {
        return ExampleFiles.names();
    }

    private static Either<DocumentProblem, Snapshot> example(String name) {
        if (!examples().contains(name)) {
            return Either.left(new DocumentProblem(
                    EXAMPLE + name,
                    Option.none(),
                    "no example of this name",
                    "one of " + examples().mkString(", "),
                    "name one of them"));
        }
        return ExampleFiles.read(name).map(files -> MapSnapshot.of(EXAMPLE + name, files, Vector.empty()));
    }
}
