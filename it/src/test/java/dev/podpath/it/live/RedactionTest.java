package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.trace.Trace;
import dev.podpath.it.golden.ExampleRequest;
import dev.podpath.it.golden.Examples;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.redact.Redaction;
import dev.podpath.ports.request.Source;
import dev.podpath.ports.request.TraceRequest;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A redacted snapshot gives the same answers, and tells nothing of whom it was taken from. */
class RedactionTest {
    private static final Podpath PODPATH = Podpath.create();
    private static final byte[] SECRET = "not at all secret, but fixed".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    static Stream<String> examples() {
        return Stream.of("ack-article", "eks-basic", "kubeadm-plain", "kubeadm-nftables");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theSameAnswers(String name) {
        Snapshot example = ExampleCluster.example(name);
        Redaction redaction = Redaction.of(example, SECRET);
        Analysis before = PODPATH.analyse(example);
        Analysis after = PODPATH.analyse(written(redaction));
        assertThat(after.problems()).isEqualTo(before.problems());
        for (ExampleRequest request :
                Examples.requests().filter(r -> r.example().equals(name)).toList()) {
            Source source = Source.parse(redaction.of(request.from()))
                    .getOrElse(request.request().source());
            TraceRequest asked = TraceRequest.parse(redaction.of(request.destination()), source)
                    .getOrElseThrow(problem -> new AssertionError(problem));
            Either<String, Trace> trace = after.trace(asked);
            assertThat(trace.map(RedactionTest::kinds))
                    .as("%s as %s: %s", request, asked, trace)
                    .isEqualTo(Either.right(kinds(request.trace(before))));
        }
    }

    /** Kinds of hops, of decisions and of ends; shares; findings. */
    private static Vector<String> kinds(Trace trace) {
        return trace.hops()
                .map(hop -> hop.hop().kind() + " "
                        + hop.hop()
                                .decisions()
                                .map(decision -> decision.action().toString()))
                .appendAll(trace.outcomes().map(outcome -> outcome.disposition() + " " + outcome.share()))
                .appendAll(
                        trace.findings().map(finding -> finding.finding().code().toString()));
    }

    private Snapshot written(Redaction redaction) {
        Path out = directory.resolve("redacted");
        redaction.into(out).getOrElseThrow(problem -> new AssertionError(problem.toString()));
        return Snapshots.open(out.toString()).get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ack-article", "eks-basic", "kubeadm-plain", "kubeadm-nftables"})
    void nothingOfTheNamesIsLeft(String name) {
        Snapshot example = ExampleCluster.example(name);
        Snapshot redacted = written(Redaction.of(example, SECRET));
        Vector<String> names = Vector.of(
                        "app1",
                        "app2",
                        "app3",
                        "qas",
                        "abc.com",
                        "bp1public",
                        "edge",
                        "hello",
                        "toolbox",
                        "plain.example",
                        "shop.example",
                        "api.example",
                        "web.example",
                        "c3f0a91b7d2e4486598ab01c2d3e4f506",
                        "203.0.113.10",
                        "10.17.1.11",
                        "192.168.195.85",
                        "10.103.12.40",
                        "192.0.2.11",
                        "10.40.16.11",
                        "10-40-16-11")
                .filter(word -> example.under("")
                        .exists(document -> text(document).contains(word)
                                && !document.path().endsWith("README.md")));
        assertThat(names).hasSizeGreaterThan(4);
        for (Document document : redacted.under("")) {
            for (String word : names) {
                assertThat(document.path()).doesNotContain(word);
                int at = text(document).indexOf(word);
                assertThat(at < 0 ? "" : text(document).substring(Math.max(0, at - 80), at + 40))
                        .as("%s in %s", word, document.path())
                        .isEmpty();
            }
        }
    }

    private static String text(Document document) {
        return new String(document.bytes(), StandardCharsets.UTF_8);
    }
}
