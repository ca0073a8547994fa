package dev.podpath.cli;

import io.vavr.control.Either;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code --snapshot}, and what it is when it is not given. */
final class SnapshotOption {
    @CommandLine.Option(
            names = "--snapshot",
            paramLabel = "DIR|ZIP|example:NAME",
            description = "What was captured. Default: the current directory, where it is a snapshot.")
    private @Nullable String snapshot;

    /** The snapshot to open, or what the user must add. */
    Either<String, String> where() {
        if (snapshot != null) {
            return Either.right(snapshot);
        }
        boolean here = Files.exists(Path.of("podpath.yaml")) || Files.isDirectory(Path.of("kubernetes"));
        return here
                ? Either.right(".")
                : Either.left("no snapshot: the current directory holds neither podpath.yaml nor kubernetes/;"
                        + " pass --snapshot DIR, --snapshot FILE.zip or --snapshot example:ack-article");
    }
}
