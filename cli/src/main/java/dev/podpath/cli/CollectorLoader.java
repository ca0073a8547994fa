package dev.podpath.cli;

import dev.podpath.ports.capture.Collectors;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads collectors. Their libraries lie in a directory of their own beside the program's, {@code lib/capture}, and are on no
 * class path until something is captured: nobody else waits for them.
 */
final class CollectorLoader {
    private CollectorLoader() {}

    /** The collectors of the distribution; those on the class path where this does not run from one. */
    static Collectors load() {
        ClassLoader mine = CollectorLoader.class.getClassLoader();
        URL[] jars = jars();
        ClassLoader loader = jars.length == 0 ? mine : new URLClassLoader("capture", jars, mine);
        // The client libraries look for their own parts by it.
        Thread.currentThread().setContextClassLoader(loader);
        return Collectors.of(loader);
    }

    private static URL[] jars() {
        try {
            Path program = Path.of(CollectorLoader.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path directory = program.resolveSibling("capture");
            if (!Files.isRegularFile(program) || !Files.isDirectory(directory)) {
                return new URL[0];
            }
            try (Stream<Path> files = Files.list(directory)) {
                List<Path> sorted = files.filter(file -> file.toString().endsWith(".jar"))
                        .sorted()
                        .toList();
                URL[] urls = new URL[sorted.size()];
                for (int i = 0; i < urls.length; i++) {
                    urls[i] = sorted.get(i).toUri().toURL();
                }
                return urls;
            }
        } catch (URISyntaxException | MalformedURLException e) {
            return new URL[0];
        } catch (IOException e) {
            throw new IllegalStateException("the program's own directory cannot be read: " + e.getMessage(), e);
        }
    }
}
