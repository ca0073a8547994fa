package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The examples on the class path: directories below {@code examples/} that are named in {@code examples/index.txt}, one a
 * line.
 */
final class ExampleFiles {
    private static final String ROOT = "examples/";
    private static final String INDEX = ROOT + "index.txt";

    private ExampleFiles() {}

    static Vector<String> names() {
        try (InputStream in = loader().getResourceAsStream(INDEX)) {
            return in == null
                    ? Vector.empty()
                    : Vector.ofAll(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty()));
        } catch (IOException e) {
            return Vector.empty();
        }
    }

    static Either<DocumentProblem, Map<String, Document>> read(String name) {
        try {
            URL index = loader().getResource(INDEX);
            if (index == null) {
                throw new IOException("no examples on the class path");
            }
            URLConnection connection = index.openConnection();
            return Either.right(
                    connection instanceof JarURLConnection jar
                            ? fromJar(jar, name)
                            : fromDirectory(index.toURI(), name));
        } catch (IOException | URISyntaxException e) {
            return Either.left(
                    DocumentProblem.of(Snapshots.EXAMPLE + name, String.valueOf(e.getMessage()), "a bundled example"));
        }
    }

    private static Map<String, Document> fromJar(JarURLConnection connection, String name) throws IOException {
        String prefix = ROOT + name + "/";
        Map<String, Document> documents = new TreeMap<>();
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (!entry.isDirectory() && entry.getName().startsWith(prefix)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        put(documents, entry.getName().substring(prefix.length()), in.readAllBytes());
                    }
                }
            }
        }
        return documents;
    }

    private static Map<String, Document> fromDirectory(URI index, String name) throws IOException {
        Path root = Option.of(Path.of(index).getParent())
                .map(parent -> parent.resolve(name))
                .getOrElseThrow(() -> new IOException("no directory of examples"));
        Map<String, Document> documents = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            put(documents, root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
        }
        return documents;
    }

    private static void put(Map<String, Document> documents, String path, byte[] bytes) {
        documents.put(path, new Document(path, bytes));
    }

    private static ClassLoader loader() {
        return Option.of(ExampleFiles.class.getClassLoader()).getOrElse(ClassLoader::getSystemClassLoader);
    }
}
