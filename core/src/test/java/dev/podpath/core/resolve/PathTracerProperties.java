package dev.podpath.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import io.vavr.collection.Vector;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The tracer on random graphs, most of them with cycles. */
class PathTracerProperties {
    private record Place(int number) implements Location {
        @Override
        public String label() {
            return "place " + number;
        }
    }

    /** Place i leads to the places named in row i with equal shares; an empty row is delivered. */
    private record Graph(List<List<Integer>> rows) implements HopResolver {
        @Override
        public String id() {
            return "graph";
        }

        @Override
        public boolean handles(Location location) {
            return location instanceof Place;
        }

        @Override
        public Resolution resolve(Location location) {
            List<Integer> row = rows.get(((Place) location).number());
            Hop.Builder hop = Hop.at(location, HopKind.ROUTE, location.label());
            return Resolution.of(
                    row.isEmpty()
                            ? hop.ends(Disposition.DELIVERED).build()
                            : hop.branches(Vector.ofAll(row)
                                            .map(to -> Branch.of(new Place(to), Share.of(1, row.size()))))
                                    .build());
        }
    }

    @Property
    void endsAndSharesSumToOne(@ForAll("graphs") Graph graph) {
        Trace trace = new PathTracer(List.of(graph)).trace("request", new Place(0));
        Fraction sum = trace.outcomes()
                .map(Outcome::share)
                .map(share -> ((Share.Exact) share).value())
                .fold(Fraction.ZERO, Fraction::plus);
        assertThat(sum).isEqualTo(Fraction.ONE);
    }

    @Property
    void theResultIsAGraphWithoutCyclesInWhichEqualLocationsAreOneHop(@ForAll("graphs") Graph graph) {
        Trace trace = new PathTracer(List.of(graph)).trace("request", new Place(0));
        Vector<Location> locations = trace.hops().map(hop -> hop.hop().location());
        assertThat(locations.distinct()).hasSameSizeAs(locations);
        assertThat(trace.hops())
                .allSatisfy(hop -> assertThat(reaches(trace, hop, hop.id(), 0)).isFalse());
        assertThat(trace.hops().flatMap(TracedHop::next))
                .allSatisfy(id -> assertThat(trace.hop(id)).isNotNull());
    }

    @Property
    void aBudgetEndsTheWalkInUnknown(@ForAll("graphs") Graph graph) {
        Trace trace = new PathTracer(List.of(graph), 3).trace("request", new Place(0));
        assertThat(trace.hops().count(hop -> hop.hop().location() instanceof Place))
                .isLessThanOrEqualTo(3);
        assertThat(trace.outcomes()).isNotEmpty();
    }

    @Property
    void theSameRequestGivesTheSameTrace(@ForAll("graphs") Graph graph) {
        PathTracer tracer = new PathTracer(List.of(graph));
        assertThat(tracer.trace("request", new Place(0))).isEqualTo(tracer.trace("request", new Place(0)));
    }

    @Example
    void aLongChainDoesNotExhaustTheStack() {
        List<List<Integer>> rows = new java.util.ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            rows.add(List.of(i + 1));
        }
        rows.add(List.of());
        Trace trace = new PathTracer(List.of(new Graph(rows)), 100_000).trace("request", new Place(0));
        assertThat(trace.verdict()).isEqualTo(Trace.Verdict.DELIVERED);
    }

    @Example
    void aPlaceNobodyKnowsIsUnknown() {
        Trace trace = new PathTracer(List.of()).trace("request", new Place(7));
        assertThat(trace.verdict()).isEqualTo(Trace.Verdict.UNKNOWN);
    }

    @Example
    void aLoopIsNotDelivered() {
        Trace trace = new PathTracer(List.of(new Graph(List.of(List.of(1), List.of(0))))).trace("r", new Place(0));
        assertThat(trace.outcomes().map(Outcome::disposition)).containsExactly(Disposition.LOOP);
        assertThat(trace.verdict()).isEqualTo(Trace.Verdict.NOT_DELIVERED);
    }

    private static boolean reaches(Trace trace, TracedHop from, String id, int depth) {
        return depth > 60
                || from.next().exists(next -> next.equals(id) || reaches(trace, trace.hop(next), id, depth + 1));
    }

    @Provide
    Arbitrary<Graph> graphs() {
        return Arbitraries.integers()
                .between(1, 7)
                .flatMap(size -> Arbitraries.integers()
                        .between(0, size - 1)
                        .set()
                        .ofMaxSize(Math.min(3, size))
                        .map(List::copyOf)
                        .list()
                        .ofSize(size)
                        .map(Graph::new));
    }
}
