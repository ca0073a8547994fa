package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podpath.capture.aws.AwsCollector;
import dev.podpath.it.golden.ExampleRequest;
import dev.podpath.it.golden.Examples;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.capture.Capture;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Progress;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is captured from an account is, member by member, what the vendor's command line prints, and traces like it. A local
 * server answers with the content of the example, in the services' own protocols.
 */
class AwsCaptureTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path EXAMPLE = ExampleCloud.example("eks-basic");
    private static final Path ACCOUNT = EXAMPLE.resolve("aws");

    @TempDir
    Path directory;

    @Test
    void tracesLikeTheOneMadeByHand() throws IOException {
        Vector<NotCaptured> gaps = capture();
        assertThat(gaps).isEmpty();
        try (Stream<Path> files = Files.walk(ACCOUNT)) {
            for (Path made : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (made.getFileName().toString().startsWith("eks.")) {
                    continue;
                }
                JsonNode captured = JSON.readTree(directory
                        .resolve("s/aws")
                        .resolve(ACCOUNT.relativize(made))
                        .toFile());
                assertThat(captured).as(made.toString()).isEqualTo(JSON.readTree(made.toFile()));
            }
        }
        copyTheCluster();
        Analysis captured =
                Podpath.create().open(directory.resolve("s").toString()).get();
        Analysis made = Podpath.create().open("example:eks-basic").get();
        Vector<ExampleRequest> requests = Vector.ofAll(
                Examples.requests().filter(request -> request.example().equals("eks-basic")));
        assertThat(requests).isNotEmpty();
        requests.forEach(request ->
                assertThat(outcomes(request, captured)).as(request.toString()).isEqualTo(outcomes(request, made)));
    }

    /** Without the lines and excerpts of evidence, because members may come in another order. */
    private static JsonNode outcomes(ExampleRequest request, Analysis analysis) {
        try {
            JsonNode trace = JSON.readTree(request.json(analysis));
            for (String name : new String[] {"line", "excerpt"}) {
                trace.findParents(name)
                        .forEach(parent -> ((com.fasterxml.jackson.databind.node.ObjectNode) parent).remove(name));
            }
            return trace;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Vector<NotCaptured> capture() throws IOException {
        System.setProperty("aws.accessKeyId", "id");
        System.setProperty("aws.secretAccessKey", "secret");
        try (ExampleCloud cloud = new ExampleAws()) {
            CaptureScope scope = CaptureScope.builder()
                    .clouds(Vector.of("aws"))
                    .regions(Vector.of("us-west-2"))
                    .endpoints(TreeMap.of("*", cloud.url()))
                    .cluster(false)
                    .build();
            return new Capture(Vector.of(new AwsCollector()), Progress.SILENT, () -> false)
                    .into(directory.resolve("s"), scope)
                    .get();
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    private void copyTheCluster() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path target = directory.resolve("s").resolve(EXAMPLE.relativize(file));
                if (!file.startsWith(ACCOUNT)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
