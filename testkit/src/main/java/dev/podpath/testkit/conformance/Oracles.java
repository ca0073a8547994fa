package dev.podpath.testkit.conformance;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Finds what a test compares with and the project does not contain. A test whose oracle is missing is skipped with a
 * message; where the environment says {@code PODPATH_REQUIRE_ORACLES=1} it fails instead.
 */
public final class Oracles {
    private Oracles() {}

    /** The conformance data beside the project; ends the test where they are not there. */
    public static Path conformance() {
        Path root =
                Path.of(System.getProperty("podpath.root", "")).toAbsolutePath().normalize();
        Path folder = root.resolveSibling("shared").resolve("conformance");
        require(Files.isDirectory(folder.resolve("flows")), "the conformance data " + folder + " are not there");
        return folder;
    }

    /** Ends the test unless the oracle is present. */
    public static void require(boolean present, String missing) {
        if (!present && "1".equals(System.getenv("PODPATH_REQUIRE_ORACLES"))) {
            fail(missing + ", and PODPATH_REQUIRE_ORACLES=1");
        }
        assumeTrue(present, missing);
    }

    /** The cases of every file of flows whose name begins so. */
    public static Vector<ConformanceCase> cases(String fileNamePrefix) {
        Path flows = conformance().resolve("flows");
        try (Stream<Path> files = Files.list(flows)) {
            return Vector.ofAll(files)
                    .filter(file -> file.getFileName().toString().startsWith(fileNamePrefix))
                    .sorted()
                    .flatMap(file -> ConformanceCases.read(document(file))
                            .getOrElseThrow(problem -> new IllegalStateException(problem.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Document document(Path file) {
        try {
            return new Document(file.getFileName().toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
