package dev.podpath.ports.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.control.Either;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots come from strangers. */
class SnapshotsTest {
    private static final Limits SMALL = new Limits(50, 10_000, 50_000);

    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName("directory, zip and tar.gz of one snapshot hold the same documents")
    void sameDocuments() throws IOException {
        Path root = directory.resolve("snap");
        Files.createDirectories(root.resolve("kubernetes"));
        Files.writeString(root.resolve("kubernetes/nodes.json"), "{}");
        Files.writeString(root.resolve("podpath.yaml"), "formatVersion: 1\n");
        Path zip = zip("a.zip", "kubernetes/nodes.json", "podpath.yaml");
        Path tar = tar("b.tar.gz", "wrapped/kubernetes/nodes.json", "wrapped/podpath.yaml");
        assertThat(open(root).paths()).containsExactly("kubernetes/nodes.json", "podpath.yaml");
        assertThat(open(zip).paths()).isEqualTo(open(root).paths());
        assertThat(open(tar).paths()).isEqualTo(open(root).paths());
    }

    @Test
    @DisplayName(
            "a file that vanished or became a link after it was listed is a problem, not one that was never captured")
    void vanished() throws IOException {
        Path root = directory.resolve("snap");
        Files.createDirectories(root.resolve("kubernetes"));
        Path gone = Files.writeString(root.resolve("kubernetes/pods.json"), "{}");
        Path link = Files.writeString(root.resolve("kubernetes/nodes.json"), "{}");
        Snapshot snapshot = open(root);
        Files.delete(gone);
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("/etc/passwd"));
        assertThat(snapshot.document("kubernetes/pods.json")).isEmpty();
        assertThat(snapshot.document("kubernetes/nodes.json")).isEmpty();
        assertThat(snapshot.problems().map(DocumentProblem::document))
                .containsExactlyInAnyOrder("kubernetes/pods.json", "kubernetes/nodes.json");
    }

    @Test
    @DisplayName("all bytes of a file are read, also of one larger than a piece")
    void bytes() throws IOException {
        for (int size : new int[] {0, 1, 262_143, 262_144, 262_145, 1_000_000}) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (i * 31 >>> 3);
            }
            assertThat(FileBytes.read(Files.write(directory.resolve("file" + size), bytes)))
                    .isEqualTo(bytes);
        }
        // What the kernel makes while it is read has no size beforehand.
        Path status = Path.of("/proc/self/status");
        assertThat(!Files.exists(status) || FileBytes.read(status).length > 100).isTrue();
    }

    @Test
    @DisplayName("names that lead out of an archive are refused, the rest is read")
    void escapes() throws IOException {
        Path zip = zip("evil.zip", "../../etc/passwd", "/abs.txt", "a/../../b", "C:\\x", "nodes/n1/ok.txt");
        Snapshot snapshot = open(zip);
        assertThat(snapshot.paths()).containsExactly("nodes/n1/ok.txt");
        assertThat(snapshot.problems()).hasSize(4);
    }

    @Test
    @DisplayName("links and devices in an archive are refused")
    void links() throws IOException {
        Path file = directory.resolve("links.tar.gz");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            TarArchiveEntry link = new TarArchiveEntry("nodes/n1/link", TarConstants.LF_SYMLINK);
            link.setLinkName("/etc/passwd");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            tar.putArchiveEntry(new TarArchiveEntry("nodes/n1/dev", TarConstants.LF_CHR));
            tar.closeArchiveEntry();
        }
        assertThat(open(file).paths()).isEmpty();
        assertThat(open(file).problems()).hasSize(2);
    }

    @Test
    @DisplayName("links in a directory are not followed")
    void linkInDirectory() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret.txt"), "secret");
        Path root = Files.createDirectories(directory.resolve("snap/nodes/n1"));
        Files.createSymbolicLink(root.resolve("iptables-save.txt"), secret);
        Files.createSymbolicLink(directory.resolve("snap/kubernetes"), directory);
        Snapshot snapshot = open(directory.resolve("snap"));
        assertThat(snapshot.paths()).isEmpty();
        assertThat(snapshot.problems()).hasSize(2);
    }

    @Test
    @DisplayName("an archive that unpacks to more than is allowed is refused")
    void bomb() throws IOException {
        Path file = directory.resolve("bomb.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("zeros"));
            zip.write(new byte[1 << 20]);
        }
        assertThat(Files.size(file)).isLessThan(10_000);
        Either<DocumentProblem, Snapshot> opened = Snapshots.open(file.toString(), SMALL);
        assertThat(opened.isLeft()).isTrue();
        assertThat(opened.getLeft().toString()).contains("bomb.zip", "unpacks to more");
    }

    @Test
    @DisplayName("too many entries are refused")
    void manyEntries() throws IOException {
        String[] names = new String[60];
        for (int i = 0; i < names.length; i++) {
            names[i] = "nodes/n" + i + "/x.txt";
        }
        assertThat(Snapshots.open(zip("many.zip", names).toString(), SMALL).isLeft())
                .isTrue();
    }

    @Test
    @DisplayName("truncated and foreign archives give one problem that names them")
    void broken() throws IOException {
        byte[] whole = Files.readAllBytes(tar("c.tar.gz", "nodes/n1/a.txt"));
        for (int length : new int[] {0, 1, 10, whole.length / 2}) {
            Path cut =
                    Files.write(directory.resolve("cut" + length + ".tar.gz"), java.util.Arrays.copyOf(whole, length));
            Either<DocumentProblem, Snapshot> opened = Snapshots.open(cut.toString(), SMALL);
            assertThat(opened.isLeft()).as("%d bytes", length).isTrue();
            assertThat(opened.getLeft().document()).isEqualTo(cut.toString());
        }
    }

    @Test
    @DisplayName("what is no snapshot is named")
    void nothing() {
        assertThat(Snapshots.open("/no/such/place").getLeft().toString()).contains("/no/such/place", "nothing");
        assertThat(Snapshots.open("example:none").getLeft().toString()).contains("example:none");
        assertThat(Snapshots.open("bad\0name").isLeft()).isTrue();
    }

    private static Snapshot open(Path path) {
        return Snapshots.open(path.toString(), SMALL).getOrElseThrow(problem -> new AssertionError(problem.toString()));
    }

    private Path zip(String name, String... entries) throws IOException {
        Path file = directory.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write("{}".getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private Path tar(String name, String... entries) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(raw);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
            for (String entry : entries) {
                TarArchiveEntry header = new TarArchiveEntry(entry);
                header.setSize(2);
                tar.putArchiveEntry(header);
                tar.write("{}".getBytes(StandardCharsets.UTF_8));
                tar.closeArchiveEntry();
            }
        }
        return Files.write(directory.resolve(name), raw.toByteArray());
    }
}
