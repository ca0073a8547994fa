package dev.podpath.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.capture.Capture;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Collector;
import dev.podpath.ports.capture.Progress;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of a cloud's collector have in common: captures from a server that stands for the cloud, and what came of them. */
public abstract class CloudCapture {
    /** Where captures go: the snapshot {@code s}, and what else a test writes. */
    @TempDir
    protected Path directory = Path.of("");

    /** Made by a subclass. */
    protected CloudCapture() {}

    /** A collector; its documents are below the directory of its id. */
    protected abstract Collector collector();

    /** Where the server is. */
    protected abstract String url();

    /** These regions, with patience for a server that answers. */
    protected final CaptureScope scope(String... regions) {
        return scope(Duration.ofSeconds(5), regions);
    }

    /** These regions. */
    protected final CaptureScope scope(Duration patience, String... regions) {
        return CaptureScope.builder()
                .clouds(Vector.of(collector().id()))
                .regions(Vector.of(regions))
                .endpoints(TreeMap.of("*", url()))
                .patience(patience)
                .cluster(false)
                .build();
    }

    /** Captures into the snapshot; what was not captured, or why nothing was. */
    protected final Either<DocumentProblem, Vector<NotCaptured>> capture(CaptureScope scope) {
        return capture(scope, directory.resolve("s"), () -> false);
    }

    /** The same into another one, until it is to stop. */
    protected final Either<DocumentProblem, Vector<NotCaptured>> capture(
            CaptureScope scope, Path snapshot, BooleanSupplier stop) {
        return new Capture(Vector.of(collector()), Progress.SILENT, stop).into(snapshot, scope);
    }

    /** What was not captured of these regions. */
    protected final Vector<NotCaptured> gaps(String... regions) {
        return capture(scope(regions)).get();
    }

    /** A document of the cloud in the snapshot. */
    protected final Path file(String name) {
        return directory.resolve("s").resolve(collector().id()).resolve(name);
    }

    /** Its text. */
    protected final String document(String name) throws IOException {
        return Files.readString(file(name));
    }

    /** The policy in the documentation is what is asked for, no more and no less, and reads only. */
    protected static void assertPolicyIsDocumented(Vector<String> permissions) throws IOException {
        Path documentation = Path.of(System.getProperty("podpath.root", "..")).resolve("docs/capture.md");
        String services = permissions
                .map(permission -> permission.substring(0, permission.indexOf(':')))
                .distinct()
                .mkString("|");
        Vector<String> policy = Vector.ofAll(Files.readAllLines(documentation))
                .filter(line -> line.matches("\\s+\"(" + services + "):.*"))
                .flatMap(line -> Vector.of(line.split("[\", ]+")))
                .filter(word -> word.contains(":"))
                .sorted();
        assertThat(policy).containsExactlyElementsOf(permissions.sorted());
        assertThat(policy).allMatch(action -> action.matches("[a-z0-9]+:(Describe|List|Get)[A-Za-z0-9]+"));
    }
}
