package dev.podpath.cli;

import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.redact.Redaction;
import dev.podpath.ports.request.TraceRequest;
import dev.podpath.ports.snapshot.NotCaptured;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Redacts snapshots; what {@code redact} and {@code capture --redact} share. */
final class Redacting {
    private static final int LISTED = 12;

    private final Terminal terminal;

    @Inject
    Redacting(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Redacts a snapshot into a directory; how many documents it has, or why it does not. */
    Either<String, Integer> redact(String snapshot, Path out) {
        return Snapshots.open(snapshot)
                .flatMap(opened -> {
                    Redaction redaction = Redaction.of(opened);
                    redaction
                            .leftOut()
                            .take(LISTED)
                            .forEach(path -> terminal.err().println("left out: " + path));
                    return redaction.into(out);
                })
                .mapLeft(Object::toString);
    }

    /** Captures into a directory beside, which goes afterwards, and redacts that. */
    Either<String, Vector<NotCaptured>> capture(
            Capturing capturing, Path out, CaptureScope scope, Vector<TraceRequest> requests) {
        Path raw = out.resolveSibling(out.getFileName() + ".unredacted");
        try {
            if (!Files.exists(raw)) {
                makePrivate(raw);
            }
            Either<String, Vector<NotCaptured>> captured = capturing.run(raw, scope, requests);
            if (captured.isLeft()) {
                return captured;
            }
            Either<String, Integer> redacted = redact(raw.toString(), out);
            TemporaryDirectory.delete(raw);
            return redacted.flatMap(count -> captured);
        } catch (IOException e) {
            return Either.left(raw + " cannot be made or deleted: " + e);
        }
    }

    private static void makePrivate(Path directory) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(directory);
        }
    }
}
