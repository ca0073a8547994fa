package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A snapshot in a directory. Files are read when they are asked for; links are never followed. */
final class DirectorySnapshot implements Snapshot {
    private final String origin;
    private final Map<String, Path> files = new TreeMap<>();
    private final Map<String, Option<Document>> read = new ConcurrentHashMap<>();
    private final Vector<DocumentProblem> problems;
    private final Queue<DocumentProblem> unread = new ConcurrentLinkedQueue<>();

    private DirectorySnapshot(String origin, Path root, Limits limits) throws IOException {
        this.origin = origin;
        Lister lister = new Lister(root, limits);
        Files.walkFileTree(root, lister);
        this.problems = lister.problems;
    }

    static Snapshot open(String origin, Path root, Limits limits) throws IOException {
        return new DirectorySnapshot(origin, root, limits);
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public Vector<DocumentProblem> problems() {
        return problems.appendAll(unread);
    }

    @Override
    public Vector<String> paths() {
        return Vector.ofAll(files.keySet());
    }

    @Override
    public Option<Document> document(String path) {
        return read.computeIfAbsent(path, this::load);
    }

    @Override
    public long size(String path) {
        Path file = files.get(path);
        try {
            return file == null ? 0 : Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void release(String prefix) {
        read.keySet().removeIf(path -> path.startsWith(prefix));
    }

    private Option<Document> load(String path) {
        return Option.of(files.get(path)).flatMap(file -> {
            try {
                return Option.some(new Document(path, FileBytes.read(file)));
            } catch (IOException e) {
                unread.add(DocumentProblem.of(path, "a file that cannot be read: " + e, "a readable file"));
                return Option.none();
            }
        });
    }

    private final class Lister extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Limits limits;
        private Vector<DocumentProblem> problems = Vector.empty();

        Lister(Path root, Limits limits) {
            this.root = root;
            this.limits = limits;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean hidden = !directory.equals(root)
                    && directory.getFileName().toString().startsWith(".");
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = root.relativize(file).toString().replace('\\', '/');
            if (attributes.isSymbolicLink()) {
                refuse(path, "a link", "a regular file, because links could lead out of the snapshot");
            } else if (!Files.isReadable(file)) {
                refuse(path, "a file that may not be read", "a readable file");
            } else if (attributes.size() > limits.bytesPerFile()) {
                refuse(path, attributes.size() + " bytes", "at most " + limits.bytesPerFile() + " bytes");
            } else if (files.size() >= limits.files()) {
                refuse(path, "more than " + limits.files() + " files", "fewer files");
                return FileVisitResult.TERMINATE;
            } else if (attributes.isRegularFile()) {
                SafePath.of(path).forEach(safe -> files.put(safe, file));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            refuse(root.relativize(file).toString(), "a file that cannot be read", "a readable file");
            return FileVisitResult.CONTINUE;
        }

        private void refuse(String path, String found, String expected) {
            problems = problems.append(DocumentProblem.of(path, found, expected));
        }
    }
}
