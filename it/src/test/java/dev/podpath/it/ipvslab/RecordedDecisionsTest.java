package dev.podpath.it.ipvslab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.ipvs.parse.IpvsText;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every decision that was recorded on a kernel. */
class RecordedDecisionsTest {
    @Test
    void everyRecordedDecisionIsReproduced() throws IOException {
        Path vectors = Oracles.shared("kernel-lab/vectors");
        Tally tally = new Tally();
        for (Recording recording : recordings(vectors)) {
            new Replay(recording, tally).run();
        }
        System.out.println("IPVS: " + tally);
        assertThat(tally.wrong).isEmpty();
        assertThat(tally.recordings).isGreaterThanOrEqualTo(164);
        assertThat(tally.stepped).isEqualTo(tally.decisions).isGreaterThan(10_000);
    }

    @Test
    void theTablesOfTheRecordingsAreReadAlikeFromEveryText() throws IOException {
        Path vectors = Oracles.shared("kernel-lab/vectors");
        for (Recording recording : recordings(vectors)) {
            IpvsTable listed = table(recording.name() + "/ipvsadm-Ln.txt", recording.listing());
            IpvsTable saved = table(recording.name() + "/ipvsadm-save.txt", recording.saved());
            assertThat(listed.services()).isEqualTo(saved.services()).isGreaterThan(0);
            assertThat(listed.servers()).isEqualTo(saved.servers());
            for (int service = 0; service < listed.services(); service++) {
                int same = saved.findSame(listed, service);
                assertThat(same).isNotNegative();
                assertThat(saved.scheduler(same)).isEqualTo(listed.scheduler(service));
            }
        }
    }

    private static List<Recording> recordings(Path vectors) throws IOException {
        try (Stream<Path> files = Files.list(vectors.resolve("ipvs"))) {
            return files.sorted().map(file -> read(vectors, file)).toList();
        }
    }

    private static Recording read(Path vectors, Path file) {
        try {
            return Recording.read(vectors.resolve("ipvs-inputs"), file);
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    private static IpvsTable table(String path, List<String> lines) {
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        IpvsText text = IpvsText.read(new Document(path, bytes)).get();
        assertThat(text.problems()).isEmpty();
        return ((IpvsText.Servers) text).table();
    }
}
