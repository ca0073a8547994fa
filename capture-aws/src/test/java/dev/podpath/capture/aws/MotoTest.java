package dev.podpath.capture.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podpath.ports.capture.Capture;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Progress;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against moto, an independent implementation of the services: every document is what botocore, the library inside the AWS
 * command line, reads from the same account. Needs a Python with {@code moto[server]} and {@code boto3}, {@code python3}
 * or the one that {@code PODPATH_MOTO_PYTHON} names.
 */
class MotoTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void documentsAreWhatAnIndependentClientReads() throws IOException, InterruptedException {
        String python =
                Optional.ofNullable(System.getenv("PODPATH_MOTO_PYTHON")).orElse("python3");
        assumeTrue(
                hasMoto(python), "skipped: " + python + " has no moto[server] and boto3 (pip install 'moto[server]')");
        Path script =
                Path.of(System.getProperty("podpath.root", ".."), "capture-aws/src/test/resources/moto_account.py");
        Path expected = directory.resolve("expected");
        Process account = new ProcessBuilder(python, script.toString(), expected.toString())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(account.getInputStream(), StandardCharsets.UTF_8))) {
            String url = output.readLine();
            assertThat(url)
                    .as(() -> "the account: " + read(directory.resolve("errors")))
                    .startsWith("http://");
            capture(url);
        } finally {
            account.destroy();
            assertThat(account.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        int compared = 0;
        try (Stream<Path> files = Files.walk(expected)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path captured = directory.resolve("s/aws").resolve(expected.relativize(file));
                assertThat(captured).exists();
                assertThat(tree(captured)).as(file.toString()).isEqualTo(tree(file));
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(32);
    }

    private void capture(String url) {
        System.setProperty("aws.accessKeyId", "id");
        System.setProperty("aws.secretAccessKey", "secret");
        try {
            CaptureScope scope = CaptureScope.builder()
                    .clouds(Vector.of("aws"))
                    .regions(Vector.of("us-west-2"))
                    .endpoints(TreeMap.of("*", url))
                    .cluster(false)
                    .build();
            assertThat(new Capture(Vector.of(new AwsCollector()), Progress.SILENT, () -> false)
                            .into(directory.resolve("s"), scope)
                            .get())
                    .isEmpty();
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    private static boolean hasMoto(String python) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(python, "-c", "import moto.server, boto3")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }

    private static JsonNode tree(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }
}
