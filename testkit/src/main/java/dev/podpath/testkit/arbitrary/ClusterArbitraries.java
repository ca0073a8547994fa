package dev.podpath.testkit.arbitrary;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.Protocol;
import dev.podpath.testkit.arbitrary.ServiceSpec.BackendSpec;
import dev.podpath.testkit.arbitrary.ServiceSpec.Families;
import dev.podpath.testkit.arbitrary.ServiceSpec.Hints;
import dev.podpath.testkit.arbitrary.ServiceSpec.Kind;
import dev.podpath.testkit.arbitrary.ServiceSpec.Owner;
import dev.podpath.testkit.arbitrary.ServiceSpec.Policy;
import dev.podpath.testkit.arbitrary.ServiceSpec.PortSpec;
import dev.podpath.testkit.arbitrary.ServiceSpec.Reach;
import dev.podpath.testkit.arbitrary.ServiceSpec.State;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Clusters as an API server could hold them: every kind of service, endpoints in every state, pods that own their
 * addresses and run on a node, one or two address families. Virtual addresses never collide with others.
 */
public final class ClusterArbitraries {
    private ClusterArbitraries() {}

    /** Clusters of up to three nodes and six services. */
    public static Arbitrary<Cluster> clusters() {
        return clusters(6);
    }

    /** Clusters of up to three nodes and so many services. */
    public static Arbitrary<Cluster> clusters(int services) {
        Arbitrary<List<Integer>> zones =
                Arbitraries.integers().between(-1, 1).list().ofMinSize(1).ofMaxSize(3);
        return Combinators.combine(
                        zones,
                        Arbitraries.of(true, false),
                        services().list().ofMinSize(1).ofMaxSize(services))
                .as(ClusterSpec::new)
                .map(ClusterBuilder::build)
                .withoutEdgeCases();
    }

    private static Arbitrary<ServiceSpec> services() {
        return Combinators.combine(kinds(), families(), ports(), backends(), policies(), reaches())
                .as(ServiceSpec::new);
    }

    private static Arbitrary<Kind> kinds() {
        return Arbitraries.frequency(
                Tuple.of(4, Kind.CLUSTER_IP),
                Tuple.of(4, Kind.NODE_PORT),
                Tuple.of(5, Kind.LOAD_BALANCER),
                Tuple.of(1, Kind.HEADLESS),
                Tuple.of(1, Kind.EXTERNAL_NAME));
    }

    private static Arbitrary<Families> families() {
        return Arbitraries.frequency(
                Tuple.of(4, Families.FIRST), Tuple.of(1, Families.SECOND), Tuple.of(2, Families.BOTH));
    }

    private static Arbitrary<List<PortSpec>> ports() {
        Arbitrary<Protocol> protocols =
                Arbitraries.frequency(Tuple.of(5, Protocol.TCP), Tuple.of(2, Protocol.UDP), Tuple.of(1, Protocol.SCTP));
        Arbitrary<PortSpec> port = Combinators.combine(
                        protocols,
                        Arbitraries.of(80, 443, 53, 8080),
                        Arbitraries.of(80, 8080, 8443),
                        Arbitraries.of(true, false, false))
                .as(PortSpec::new);
        return port.list().ofMinSize(1).ofMaxSize(3).uniqueElements(spec -> spec.protocol() + ":" + spec.port());
    }

    private static Arbitrary<List<BackendSpec>> backends() {
        Arbitrary<State> states = Arbitraries.frequency(
                Tuple.of(8, State.READY),
                Tuple.of(2, State.NOT_READY),
                Tuple.of(3, State.DRAINING),
                Tuple.of(1, State.GOING),
                Tuple.of(1, State.READY_WHILE_GOING));
        Arbitrary<Boolean> twice = Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
        return Combinators.combine(Arbitraries.integers().between(0, 2), states, twice)
                .as(BackendSpec::new)
                .list()
                .ofMaxSize(5);
    }

    private static Arbitrary<Policy> policies() {
        Arbitrary<Boolean> local = Arbitraries.frequency(Tuple.of(2, false), Tuple.of(1, true));
        Arbitrary<Boolean> affinity = Arbitraries.frequency(Tuple.of(5, false), Tuple.of(1, true));
        Arbitrary<Hints> hints = Arbitraries.frequency(
                Tuple.of(8, Hints.NONE),
                Tuple.of(2, Hints.OWN_ZONE),
                Tuple.of(1, Hints.SPREAD),
                Tuple.of(1, Hints.NODES),
                Tuple.of(1, Hints.ONE_MISSING));
        Arbitrary<Boolean> publish = Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
        Arbitrary<Owner> owners = Arbitraries.frequency(Tuple.of(15, Owner.KUBE_PROXY), Tuple.of(1, Owner.OTHERS));
        return Combinators.combine(local, Arbitraries.of(true, false), affinity, hints, publish, owners)
                .as(Policy::new);
    }

    private static Arbitrary<Reach> reaches() {
        Arbitrary<List<Integer>> ranges = Arbitraries.integers()
                .between(0, ClusterBuilder.RANGES_V4.size() - 1)
                .list()
                .uniqueElements()
                .ofMaxSize(2);
        return Combinators.combine(
                        Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(1, 1), Tuple.of(1, 2)),
                        Arbitraries.frequency(Tuple.of(6, false), Tuple.of(1, true)),
                        Arbitraries.of(0, 1, 1, 2),
                        ranges,
                        Arbitraries.frequency(Tuple.of(5, true), Tuple.of(1, false)))
                .as(Reach::new);
    }
}
