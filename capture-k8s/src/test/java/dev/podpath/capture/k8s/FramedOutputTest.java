package dev.podpath.capture.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podpath.ports.capture.SnapshotWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents come out of the frames as the commands wrote them. */
class FramedOutputTest {
    @TempDir
    Path directory;

    private FramedOutput read(Path root, InputStream in) throws IOException {
        try (SnapshotWriter writer = SnapshotWriter.open(root, "id").get()) {
            FramedOutput output = new FramedOutput(writer, "nodes/n/", Set.of("a.txt", "b.txt"), "MARK");
            output.read(in);
            return output;
        }
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void successFailureAndStrangers() throws IOException {
        FramedOutput output = read(
                directory.resolve("s"),
                in("noise\nMARK begin a.txt\none\n\nMARK end a.txt 0\nMARK begin b.txt\nx\nMARK end b.txt 127\n"
                        + "MARK begin ../../evil\nx\n\nMARK end ../../evil 0\n"));
        assertThat(output.taken()).containsExactly("a.txt");
        assertThat(output.failed()).containsExactly(new FramedOutput.Failed("b.txt", 127));
        assertThat(directory.resolve("s/nodes/n/a.txt")).hasBinaryContent("one\n".getBytes(StandardCharsets.UTF_8));
        assertThat(directory.resolve("s/nodes/n").toFile().list()).containsExactly("a.txt");
    }

    @Test
    void whatIsCutIsNotTaken() {
        InputStream cut = new InputStream() {
            private final InputStream first = in("MARK begin a.txt\none\n\nMARK end a.txt 0\nMARK begin b.txt\nhalf");

            @Override
            public int read() throws IOException {
                int b = first.read();
                if (b < 0) {
                    throw new IOException("cut");
                }
                return b;
            }
        };
        assertThatThrownBy(() -> read(directory.resolve("s"), cut)).hasMessage("cut");
        assertThat(directory.resolve("s/nodes/n").toFile().list()).containsExactly("a.txt");
    }

    @Property(tries = 60)
    void everyContentComesThrough(
            @ForAll @CharRange(from = (char) 9, to = (char) 126) @StringLength(max = 60) String content)
            throws IOException {
        Path root = Files.createTempDirectory("framed");
        read(root.resolve("s"), in("MARK begin a.txt\n" + content + "\nMARK end a.txt 0\n"));
        assertThat(root.resolve("s/nodes/n/a.txt")).hasBinaryContent(content.getBytes(StandardCharsets.UTF_8));
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
