package dev.podpath.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/**
 * A snapshot that lacks a document, or has only a part of it, never makes a request arrive that did not, unless the trace
 * says what it did not evaluate, or what it takes for granted because it was not captured.
 */
class MissingEvidenceProperties {
    private static final Podpath PODPATH = Podpath.create();
    private static final Map<String, Snapshot> WHOLE = new HashMap<>();
    private static final Map<ExampleRequest, Trace> SOUND = new HashMap<>();

    @Property(tries = 400)
    void aRemovedDocumentNeverDeliversWhatWasNot(@ForAll("requests") ExampleRequest request, @ForAll double pick) {
        String victim = pick(request, pick);
        Snapshot without = changed(request.example(), victim, document -> Option.none());
        check(request, without, victim);
    }

    @Property(tries = 400)
    void aTruncatedDocumentNeverDeliversWhatWasNot(
            @ForAll("requests") ExampleRequest request,
            @ForAll double pick,
            @ForAll @DoubleRange(min = 0, max = 0.99) double keep) {
        String victim = pick(request, pick);
        Snapshot cut = changed(
                request.example(),
                victim,
                document -> Option.some(new Document(
                        victim, Arrays.copyOf(document.bytes(), (int) (document.bytes().length * keep)))));
        check(request, cut, victim);
    }

    private static void check(ExampleRequest request, Snapshot snapshot, String victim) {
        Trace before = SOUND.computeIfAbsent(request, r -> r.trace(PODPATH.analyse(whole(r.example()))));
        Analysis analysis = PODPATH.analyse(snapshot);
        // A source pod or node that is no longer there is refused, which delivers nothing.
        Option<Trace> after = analysis.trace(request.request()).toOption();
        after.forEach(trace -> {
            boolean wasDelivered = before.verdict() == Trace.Verdict.DELIVERED;
            boolean says = trace.limits().removeAll(before.limits()).exists(limit -> limit.contains("not evaluated"))
                    || trace.assumptions()
                            .removeAll(before.assumptions())
                            .exists(assumption -> assumption.contains("not captured"));
            assertThat(!wasDelivered && trace.verdict() == Trace.Verdict.DELIVERED && !says)
                    .as("%s without %s: %s", request, victim, trace.outcomes())
                    .isFalse();
            Vector<String> reached = targets(before);
            assertThat(says ? Vector.empty() : targets(trace).filter(target -> !reached.contains(target)))
                    .as("%s without %s reaches endpoints it did not reach", request, victim)
                    .isEmpty();
        });
    }

    private static Vector<String> targets(Trace trace) {
        return trace.outcomes()
                .filter(outcome -> outcome.disposition() == Disposition.DELIVERED)
                .map(Outcome::target)
                .map(target -> target.address() + " " + target.seenAs());
    }

    private static String pick(ExampleRequest request, double pick) {
        Vector<String> paths = whole(request.example()).paths();
        return paths.get((int) (Math.abs(pick % 1.0) * paths.size()));
    }

    private static Snapshot whole(String example) {
        return WHOLE.computeIfAbsent(
                example,
                name -> Snapshots.open(Examples.place(name))
                        .getOrElseThrow(problem -> new AssertionError(problem.toString())));
    }

    private static Snapshot changed(
            String example, String victim, java.util.function.Function<Document, Option<Document>> change) {
        Snapshot whole = whole(example);
        return new Snapshot() {
            @Override
            public String origin() {
                return "changed " + whole.origin();
            }

            @Override
            public Vector<String> paths() {
                return whole.paths().filter(path -> document(path).isDefined());
            }

            @Override
            public Option<Document> document(String path) {
                Option<Document> document = whole.document(path);
                return path.equals(victim) ? document.flatMap(change) : document;
            }
        };
    }

    @Provide
    Arbitrary<ExampleRequest> requests() {
        return Arbitraries.of(Examples.requests().toList());
    }
}
