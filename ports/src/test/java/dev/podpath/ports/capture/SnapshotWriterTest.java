package dev.podpath.ports.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents appear whole or not at all, inside the directory, and what is complete is remembered. */
class SnapshotWriterTest {
    @TempDir
    Path directory;

    private SnapshotWriter open() {
        return SnapshotWriter.open(directory.resolve("s"), "id").getOrElseThrow(p -> new AssertionError(p.toString()));
    }

    private static void write(DocumentWriter document, String text) throws IOException {
        document.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aDocumentAppearsWhenItIsWhole() throws IOException {
        try (SnapshotWriter writer = open()) {
            try (DocumentWriter document = writer.document("a/b.txt")) {
                write(document, "one");
                long mark = document.mark();
                write(document, "two".repeat(50_000));
                document.rollback(mark);
                write(document, "three");
                assertThat(directory.resolve("s/a/b.txt")).doesNotExist();
                document.commit();
            }
            try (DocumentWriter dropped = writer.document("c.txt")) {
                write(dropped, "x");
            }
            writer.finish();
        }
        assertThat(directory.resolve("s/a/b.txt")).hasContent("onethree");
        assertThat(directory.resolve("s").toFile().list()).containsExactly("a");
    }

    @Test
    void whatIsCompleteIsRemembered() throws IOException {
        NotCaptured gap = NotCaptured.denied("x\ty\n", "list\\ x", "why");
        try (SnapshotWriter writer = open()) {
            writer.done("one\ttwo", Vector.of(gap));
        }
        Files.writeString(
                directory.resolve("s/.podpath-capture/journal"),
                Files.readString(directory.resolve("s/.podpath-capture/journal")) + "done\tcut");
        try (SnapshotWriter writer = open()) {
            assertThat(writer.isDone("one\ttwo")).isTrue();
            assertThat(writer.isDone("cut")).isFalse();
            assertThat(writer.gaps()).containsExactly(gap);
            assertThat(SnapshotWriter.open(directory.resolve("s"), "id")
                            .getLeft()
                            .found())
                    .contains("under way");
        }
        assertThat(SnapshotWriter.open(directory.resolve("s"), "other")
                        .getLeft()
                        .found())
                .contains("another capture");
    }

    @Test
    void nothingIsWrittenOutside() throws IOException {
        try (SnapshotWriter writer = open()) {
            for (String path : new String[] {"../x", "/x", "a/../../x", "", ".podpath-capture/journal", "a//b"}) {
                assertThatThrownBy(() -> writer.document(path)).isInstanceOf(IOException.class);
            }
        }
        Files.writeString(directory.resolve("file"), "");
        assertThat(SnapshotWriter.open(directory, "id").isLeft()).isTrue();
    }

    @Property(tries = 300)
    void theManifestReadsAsItWasWritten(@ForAll String document, @ForAll String why, @ForAll String fact) {
        NotCaptured gap = NotCaptured.denied(document, why, fact);
        String text = ManifestText.of("2026", Map.of("cluster.name", fact), Vector.of(gap));
        Manifest read = Manifest.of(MemorySnapshot.of(Map.of(Manifest.PATH, text)));
        // UTF-8 has no lone surrogates.
        String kept = new String(fact.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(read.cluster()).contains(kept);
        assertThat(read.notCaptured()).hasSize(1);
    }

    @Test
    void manyNodesAreOneEntry() {
        Vector<NotCaptured> gaps =
                Vector.range(0, 5_000).map(i -> NotCaptured.absent("nodes/n" + i + "/ip-addr.json", "no ip"));
        Manifest read = Manifest.of(MemorySnapshot.of(Map.of(Manifest.PATH, ManifestText.of("2026", Map.of(), gaps))));
        assertThat(read.notCaptured()).hasSize(1);
        assertThat(read.gap("nodes/n77/ip-addr.json").isDefined()).isTrue();
        assertThat(read.gap("nodes/n77/ip-route.json").isDefined()).isFalse();
    }
}
