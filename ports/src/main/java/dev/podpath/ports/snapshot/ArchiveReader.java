package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Reads a {@code .zip}, {@code .tar.gz} or {@code .tgz} into memory: entries that are absolute, lead out of the archive or
 * are links or devices are refused, and sizes are bounded by what is really unpacked, not by what headers say.
 */
final class ArchiveReader {
    private final Limits limits;
    private final Map<String, Document> documents = new TreeMap<>();
    private Vector<DocumentProblem> problems = Vector.empty();
    private long total;

    private ArchiveReader(Limits limits) {
        this.limits = limits;
    }

    static boolean isArchive(String name) {
        return name.endsWith(".zip") || name.endsWith(".tar.gz") || name.endsWith(".tgz");
    }

    static Snapshot read(String origin, Path file, Limits limits) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                ArchiveInputStream<?> archive = origin.endsWith(".zip")
                        ? new ZipArchiveInputStream(in)
                        : new TarArchiveInputStream(new GzipCompressorInputStream(in))) {
            ArchiveReader reader = new ArchiveReader(limits);
            reader.readAll(archive);
            return MapSnapshot.of(origin, strip(reader.documents), reader.problems);
        }
    }

    private void readAll(ArchiveInputStream<?> archive) throws IOException {
        int entries = 0;
        for (ArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            if (++entries > limits.files()) {
                throw new IOException("more than " + limits.files() + " entries");
            }
            if (entry.isDirectory()) {
                continue;
            }
            Option<String> path = SafePath.of(entry.getName());
            if (path.isEmpty() || isSpecial(entry)) {
                problems = problems.append(DocumentProblem.of(
                        Document.shorten(entry.getName()),
                        path.isEmpty() ? "a path that leads out of the archive" : "a link or device",
                        "a regular file below the archive's root"));
                continue;
            }
            documents.put(path.get(), new Document(path.get(), bytes(archive)));
        }
    }

    private byte[] bytes(InputStream in) throws IOException {
        long room = Math.min(limits.bytesPerFile(), limits.bytes() - total);
        byte[] content = in.readNBytes((int) Math.min(room + 1, Integer.MAX_VALUE - 8));
        if (content.length > room) {
            throw new IOException("the archive unpacks to more than is allowed");
        }
        total += content.length;
        return content;
    }

    private static boolean isSpecial(ArchiveEntry entry) {
        if (entry instanceof TarArchiveEntry tar) {
            return tar.isSymbolicLink()
                    || tar.isLink()
                    || tar.isCharacterDevice()
                    || tar.isBlockDevice()
                    || tar.isFIFO();
        }
        return entry instanceof ZipArchiveEntry zip && zip.isUnixSymlink();
    }

    /** Without the one directory that holds everything, which is how people pack a directory. */
    private static Map<String, Document> strip(Map<String, Document> documents) {
        String first = documents.keySet().stream().findFirst().orElse("");
        String root = first.substring(0, first.indexOf('/') + 1);
        boolean wrapped = !root.isEmpty()
                && !MapSnapshot.ROOTS.contains(root)
                && documents.keySet().stream().allMatch(path -> path.startsWith(root));
        if (!wrapped) {
            return documents;
        }
        Map<String, Document> stripped = new TreeMap<>();
        documents.forEach((path, document) -> {
            String inner = path.substring(root.length());
            stripped.put(inner, new Document(inner, document.bytes()));
        });
        return stripped;
    }
}
