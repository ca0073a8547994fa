package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podpath.it.golden.ExampleRequest;
import dev.podpath.it.golden.Examples;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code podpath trace --live --cloud}, the program as people start it, against a cluster and a cloud that answer locally. */
class LiveTraceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void aTraceOfALiveAccountIsThatOfItsSnapshot() throws Exception {
        try (ExampleCloud cloud = new ExampleAws()) {
            Said said = trace(cloud, "eks-basic", "shop", "json");
            assertThat(said.status()).as(said.errors()).isZero();
            assertThat(path(said.output())).isEqualTo(path(kept("eks-basic", "shop")));
        }
        try (ExampleCloud cloud = new ExampleAliyun()) {
            Said said = trace(cloud, "ack-article", "app1", "json");
            assertThat(said.status()).as(said.errors()).isZero();
            assertThat(path(said.output())).isEqualTo(path(kept("ack-article", "app1")));
        }
    }

    @Test
    void throttlingCostsTimeOnly() throws Exception {
        try (ExampleCloud cloud = new ExampleAws().throttling()) {
            Said said = trace(cloud, "eks-basic", "api", "json");
            assertThat(cloud.throttled()).isGreaterThan(10);
            assertThat(path(said.output())).isEqualTo(path(kept("eks-basic", "api")));
        }
    }

    @Test
    void whatIsDeniedIsUnknownAndNamesThePermission() throws Exception {
        try (ExampleCloud cloud = new ExampleAws().denying("DescribeTargetHealth")) {
            Said said = trace(cloud, "eks-basic", "shop", "text");
            assertThat(said.status()).as(said.errors()).isEqualTo(3);
            assertThat(said.output())
                    .contains("UNKNOWN")
                    .contains("the capture lacks the permission to elasticloadbalancing:DescribeTargetHealth");
        }
        try (ExampleCloud cloud = new ExampleAliyun().denying("DescribeLoadBalancers")) {
            Said said = trace(cloud, "ack-article", "app1", "text");
            assertThat(said.status()).as(said.errors()).isEqualTo(3);
            assertThat(said.output())
                    .contains("UNKNOWN")
                    .contains("the capture lacks the permission to slb:DescribeLoadBalancers");
        }
    }

    /** What a run of the program gave. */
    private record Said(int status, String output, String errors) {}

    private Said trace(ExampleCloud cloud, String example, String name, String format) throws Exception {
        Path place = Files.createDirectories(directory.resolve(example + "-" + name));
        boolean aws = example.startsWith("eks");
        ExampleRequest request = request(example, name);
        try (FakeCluster cluster = ExampleCluster.of(example, place)) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.podpath.cli.Main",
                    "trace",
                    request.destination(),
                    "--live",
                    "--kubeconfig",
                    cluster.kubeconfig().toString(),
                    "--cloud",
                    aws ? "aws" : "aliyun",
                    "--region",
                    aws ? ExampleAws.REGION : ExampleAliyun.REGION,
                    "--endpoint",
                    "*=" + cloud.url(),
                    "-o",
                    format));
            if (!request.from().isEmpty()) {
                command.addAll(List.of("--from", request.from()));
            }
            Path output = place.resolve("output");
            Path errors = place.resolve("errors");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
            builder.environment().put("AWS_ACCESS_KEY_ID", "id");
            builder.environment().put("AWS_SECRET_ACCESS_KEY", "secret");
            builder.environment().put("ALIBABA_CLOUD_ACCESS_KEY_ID", "id");
            builder.environment().put("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
            Process process = builder.start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return new Said(process.exitValue(), Files.readString(output), Files.readString(errors));
        }
    }

    private static ExampleRequest request(String example, String name) {
        return Examples.requests()
                .filter(request -> request.toString().equals(example + "/" + name))
                .findFirst()
                .orElseThrow();
    }

    private static String kept(String example, String name) {
        Analysis analysis = Podpath.create().open("example:" + example).get();
        return request(example, name).json(analysis);
    }

    /** Where the request goes and ends, and what is told of it; documents may come with other lines. */
    private static List<String> path(String json) throws IOException {
        JsonNode trace = JSON.readTree(json);
        List<String> all = new ArrayList<>(trace.findValuesAsText("title"));
        all.addAll(trace.findValuesAsText("disposition"));
        all.addAll(trace.findValuesAsText("share"));
        all.addAll(trace.findValuesAsText("code"));
        return all;
    }
}
