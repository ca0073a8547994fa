package dev.podpath.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.Ending;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.PathTracer;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import dev.podpath.ports.plugin.Plugin;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.ResolverProvider;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.Tuple2;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/**
 * What a plugin that resolves locations must keep to. Its test class implements this interface, gives a realistic
 * snapshot and the places where requests begin, and inherits the tests.
 */
public interface ResolverContract {
    /** The plugin. */
    ResolverProvider provider();

    /** A realistic snapshot: text of each document by its path. */
    Map<String, String> documents();

    /** Where requests begin that the snapshot says something about. */
    Vector<Location> starts();

    /** What the orchestrator says; nothing unless it matters to the plugin. */
    default Cluster cluster(Snapshot snapshot) {
        return Cluster.unknown();
    }

    /** Resolvers of others that the walk needs to come to an end; none unless it does. */
    default Vector<HopResolver> others(Snapshot snapshot, Cluster cluster) {
        return Vector.empty();
    }

    /**
     * Whether what is missing without this document is the business of the plugin; of every document unless it says
     * otherwise. To be denied only for what others read, with the reason.
     */
    default boolean answersFor(String document) {
        return true;
    }

    /** The plugin and its resolvers have names of their own. */
    @Example
    @Label("the plugin is made for this version of the interfaces, and its resolvers have unique lower-case names")
    default void identity() {
        assertThat(provider().id()).matches("[a-z][a-z0-9-]*");
        assertThat(provider().apiVersion()).isEqualTo(Plugin.API_VERSION);
        assertThat(opened(documents()).value().map(HopResolver::id))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-z0-9][a-z0-9.-]*"));
    }

    /** The contract says nothing if no resolver answers. */
    @Example
    @Label("the plugin answers at some of the given places")
    default void answers() {
        Vector<HopResolver> own = opened(documents()).value();
        assertThat(traces(documents()).flatMap(Trace::hops).map(hop -> hop.hop().location()))
                .anyMatch(location -> own.exists(resolver -> resolver.handles(location)));
    }

    /** A branch must not lead to a place that no resolver of anybody can know. */
    @Example
    @Label("every branch leads to an end, to a place of the plugin's own, or to one that every resolver understands")
    default void branchesLeadSomewhere() {
        Snapshot snapshot = snapshot(documents());
        Vector<HopResolver> known = resolvers(snapshot);
        for (Trace trace : traces(documents())) {
            for (Location location :
                    trace.hops().map(TracedHop::hop).flatMap(Hop::branches).map(Branch::to)) {
                boolean common = location.getClass().getPackage().equals(Ending.class.getPackage());
                assertThat(common || known.exists(resolver -> resolver.handles(location)))
                        .as("somebody handles %s (%s)", location.label(), location.getClass())
                        .isTrue();
            }
        }
    }

    /** A user looks these places up. */
    @Example
    @Label("evidence is in a document of the snapshot, findings are of a declared kind")
    default void evidenceIsThere() {
        Snapshot snapshot = snapshot(documents());
        Set<String> declared = HashSet.ofAll(provider().findings().map(code -> code.code()));
        Vector<HopResolver> own = opened(documents()).value();
        for (Hop hop : traces(documents()).flatMap(Trace::hops).map(TracedHop::hop)) {
            if (own.forAll(resolver -> !resolver.handles(hop.location()))) {
                continue;
            }
            Vector<Evidence> evidence = hop.decisions().flatMap(Decision::evidence);
            assertThat(evidence.map(Evidence::document)
                            .reject(path -> snapshot.document(path).isDefined()))
                    .as("documents quoted at %s", hop.title())
                    .isEmpty();
            assertThat(hop.findings().map(finding -> finding.code().code()).reject(declared::contains))
                    .as("undeclared findings at %s", hop.title())
                    .isEmpty();
        }
    }

    /** Input is hostile: damage ends in an answer, never in an exception. */
    @Property(tries = 60)
    @Label("damaged documents give an answer and no exception")
    default void damagedDocuments(@ForAll long seed) {
        Map<String, String> damaged = DocumentMutations.oneDamaged(documents())
                .generator(100)
                .next(new Random(seed))
                .value();
        opened(damaged)
                .problems()
                .forEach(problem -> assertThat(problem.document()).isNotBlank());
        assertThat(traces(damaged)).hasSameSizeAs(starts());
    }

    /** Missing evidence is no good news. */
    @Example
    @Label("a document less never turns a request that does not arrive into one that does")
    default void lessEvidenceIsNoBetter() {
        Vector<Trace> before = traces(documents());
        for (Tuple2<String, Map<String, String>> less : DocumentMutations.eachRemoved(documents())) {
            if (!answersFor(less._1)) {
                continue;
            }
            Vector<Trace> after = traces(less._2);
            for (int i = 0; i < before.size(); i++) {
                Trace full = before.get(i);
                Trace poor = after.get(i);
                assertThat(poor.verdict() == Trace.Verdict.DELIVERED && full.verdict() != Trace.Verdict.DELIVERED)
                        .as("%s is delivered without %s but was %s", full.request(), less._1, full.verdict())
                        .isFalse();
                assertThat(delivered(poor).intersect(failed(full)))
                        .as("%s without %s reaches what did not answer before", full.request(), less._1)
                        .isEmpty();
            }
        }
    }

    /** Nothing but the snapshot decides. */
    @Example
    @Label("the same snapshot gives the same answer")
    default void deterministic() {
        assertThat(traces(documents())).isEqualTo(traces(documents()));
    }

    private static Set<AddressPort> delivered(Trace trace) {
        return addresses(trace, true);
    }

    private static Set<AddressPort> failed(Trace trace) {
        return addresses(trace, false).diff(addresses(trace, true));
    }

    private static Set<AddressPort> addresses(Trace trace, boolean delivered) {
        return HashSet.ofAll(trace.outcomes()
                .filter(outcome -> (outcome.disposition() == Disposition.DELIVERED) == delivered)
                .map(Outcome::target)
                .flatMap(target -> target.address()));
    }

    private Reading<Vector<HopResolver>> opened(Map<String, String> documents) {
        Snapshot snapshot = snapshot(documents);
        return provider().open(snapshot, cluster(snapshot));
    }

    private Vector<HopResolver> resolvers(Snapshot snapshot) {
        Cluster cluster = cluster(snapshot);
        return provider().open(snapshot, cluster).value().appendAll(others(snapshot, cluster));
    }

    private Vector<Trace> traces(Map<String, String> documents) {
        PathTracer tracer = new PathTracer(resolvers(snapshot(documents)), 300);
        return starts().map(start -> tracer.trace(start.label(), start));
    }

    private static Snapshot snapshot(Map<String, String> documents) {
        return MemorySnapshot.of(documents.toJavaMap());
    }
}
