package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.capture.aliyun.AliyunCollector;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is captured from a cloud's API traces like what a person put there with the vendor's command line. */
class CloudCaptureTest {
    private static final Path EXAMPLE = ExampleCloud.example("ack-article");

    @TempDir
    Path directory;

    @Test
    void tracesLikeTheOneMadeByHand() throws IOException {
        Vector<NotCaptured> gaps = capture("");
        assertThat(gaps.map(gap -> gap.document().replaceAll(".*/(\\w+)\\..*", "$1"))
                        .distinct()
                        .sorted())
                .as("the example has no load balancers of the newer products")
                .containsExactly("alb", "nlb");
        copyTheCluster(true);
        Analysis captured =
                Podpath.create().open(directory.resolve("s").toString()).get();
        Analysis made = Podpath.create().open("example:ack-article").get();
        Vector<ExampleRequest> requests = Vector.ofAll(
                Examples.requests().filter(request -> request.example().equals("ack-article")));
        assertThat(requests).isNotEmpty();
        requests.forEach(request ->
                assertThat(request.json(captured)).as(request.toString()).isEqualTo(request.json(made)));
    }

    @Test
    void whatIsDeniedIsNamedByTheAnswerThatNeedsIt() throws IOException {
        Vector<NotCaptured> gaps = capture("DescribeLoadBalancers");
        assertThat(gaps.flatMap(NotCaptured::permission)).containsExactly("slb:DescribeLoadBalancers");
        copyTheCluster(false);
        Analysis captured =
                Podpath.create().open(directory.resolve("s").toString()).get();
        String trace = Vector.ofAll(Examples.requests())
                .find(request -> request.toString().equals("ack-article/app1"))
                .get()
                .json(captured);
        assertThat(trace).contains("UNKNOWN").contains("the capture lacks the permission to slb:DescribeLoadBalancers");
    }

    private Vector<NotCaptured> capture(String denied) throws IOException {
        System.setProperty("alibabacloud.accessKeyId", "id");
        System.setProperty("alibabacloud.accessKeySecret", "secret");
        System.setProperty("alibabacloud.accessKeyIdSecret", "secret");
        try (ExampleCloud cloud = new ExampleAliyun().denying(denied)) {
            CaptureScope scope = CaptureScope.builder()
                    .clouds(Vector.of("aliyun"))
                    .regions(Vector.of("cn-hangzhou"))
                    .endpoints(TreeMap.of("*", cloud.url()))
                    .cluster(false)
                    .build();
            return new Capture(Vector.of(new AliyunCollector()), Progress.SILENT, () -> false)
                    .into(directory.resolve("s"), scope)
                    .get();
        }
    }

    private void copyTheCluster(boolean manifest) throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path target = directory.resolve("s").resolve(EXAMPLE.relativize(file));
                boolean wanted = manifest || !file.endsWith("podpath.yaml");
                if (wanted && !file.startsWith(EXAMPLE.resolve("aliyun"))) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
