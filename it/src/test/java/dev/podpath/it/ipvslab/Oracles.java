package dev.podpath.it.ipvslab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** What tests compare with; a missing one skips the test, or fails it where oracles are required. */
final class Oracles {
    private Oracles() {}

    static boolean required() {
        return "1".equals(System.getenv("PODPATH_REQUIRE_ORACLES"));
    }

    /** A folder of the shared test data. */
    static Path shared(String folder) {
        Path path = Path.of(System.getProperty("podpath.root", "."), "..", "shared")
                .resolve(folder)
                .normalize();
        need(Files.isDirectory(path), "the folder " + folder + " of the shared test data is not there");
        return path;
    }

    /** Skips the test, or fails it, where something is not there. */
    static void need(boolean there, String message) {
        if (required() && !there) {
            throw new AssertionError(message);
        }
        assumeTrue(there, message);
    }
}
