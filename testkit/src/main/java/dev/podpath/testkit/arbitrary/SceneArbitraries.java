package dev.podpath.testkit.arbitrary;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.testkit.reference.LocalDetector;
import dev.podpath.testkit.reference.RuleStyle;
import dev.podpath.testkit.reference.TopologyHints;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.collection.Vector;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Clusters seen from one of their nodes, and packets for it. */
public final class SceneArbitraries {
    private SceneArbitraries() {}

    /** Scenes with the rules of today's kube-proxy. */
    public static Arbitrary<Scene> scenes() {
        return scenes(RuleStyle.SINCE_1_26);
    }

    /** Scenes with rules of one of these generations. */
    public static Arbitrary<Scene> scenes(RuleStyle... styles) {
        return scenes(6, styles);
    }

    /** Scenes of up to so many services, with rules of one of these generations. */
    public static Arbitrary<Scene> scenes(int services, RuleStyle... styles) {
        Arbitrary<WriterConfig> configs = configs(styles);
        return ClusterArbitraries.clusters(services)
                .flatMap(cluster -> Combinators.combine(
                                Arbitraries.of(cluster.nodes().map(Node::name).asJava()), configs)
                        .as((node, config) -> new Scene(cluster, node, config)))
                // Edge cases of what was generated would be worked out for each value anew.
                .withoutEdgeCases();
    }

    /** Scenes with today's rules, each with packets that can really come about. */
    public static Arbitrary<ProbedScene> probedScenes() {
        return scenes().flatMap(scene -> probed(scene, PacketArbitraries.probes(scene)))
                .withoutEdgeCases();
    }

    /** Scenes of every generation, each with packets of all kinds, impossible ones included. */
    public static Arbitrary<ProbedScene> wildScenes() {
        return scenes(RuleStyle.values())
                .flatMap(scene -> probed(scene, PacketArbitraries.wildProbes(scene)))
                .withoutEdgeCases();
    }

    /** Ways to start kube-proxy, for clusters of {@link ClusterArbitraries}. */
    public static Arbitrary<WriterConfig> configs(RuleStyle... styles) {
        Arbitrary<Vector<IpPrefix>> nodePorts = Arbitraries.frequency(
                Tuple.of(6, Vector.empty()),
                Tuple.of(1, Vector.of(IpPrefix.of("192.168.1.0/24"))),
                Tuple.of(1, Vector.of(IpPrefix.of("127.0.0.0/8"))));
        Arbitrary<Boolean> rarely = Arbitraries.frequency(Tuple.of(5, false), Tuple.of(1, true));
        Arbitrary<TopologyHints> hints = Arbitraries.of(TopologyHints.class);
        return Combinators.combine(
                        detectors(),
                        nodePorts,
                        rarely,
                        rarely,
                        Arbitraries.of(14, 14, 14, 0, 31),
                        hints,
                        Arbitraries.of(styles))
                .as((detector, addresses, masqueradeAll, noLocalhost, bit, hinted, style) -> WriterConfig.builder()
                        .detector(detector)
                        .nodePortAddresses(addresses)
                        .masqueradeAll(masqueradeAll)
                        .localhostNodePorts(!noLocalhost)
                        .masqueradeBit(bit)
                        .hints(hinted)
                        .style(style)
                        .largeClusterEndpoints(bit == 0 ? 5 : 1000)
                        .build());
    }

    private static Arbitrary<LocalDetector> detectors() {
        Vector<IpPrefix> pods = Vector.of(ClusterBuilder.PODS_V4, ClusterBuilder.PODS_V6);
        return Arbitraries.frequency(
                Tuple.of(5, new LocalDetector.ByAddress(pods)),
                Tuple.of(1, new LocalDetector.ByBridge(PacketArbitraries.BRIDGE)),
                Tuple.of(1, new LocalDetector.ByInterfacePrefix(PacketArbitraries.POD_PREFIX)),
                Tuple.of(1, new LocalDetector.None()));
    }

    private static Arbitrary<ProbedScene> probed(Scene scene, Arbitrary<Probe> probes) {
        return probes.list().ofMinSize(1).ofMaxSize(24).map(list -> new ProbedScene(scene, Vector.ofAll(list)));
    }

    /** Today's rules as kube-proxy writes them by default, told the addresses of the pods of these clusters. */
    public static WriterConfig plainConfig() {
        return WriterConfig.byClusterPrefixes(ClusterBuilder.PODS_V4, ClusterBuilder.PODS_V6);
    }

    /** For {@code @ForAll(supplier = …)}: small {@link #scenes()}. */
    public static final class Today implements ArbitrarySupplier<Scene> {
        @Override
        public Arbitrary<Scene> get() {
            return scenes(3, RuleStyle.SINCE_1_26);
        }
    }

    /** For {@code @ForAll(supplier = …)}: {@link #scenes(RuleStyle...)} of every generation. */
    public static final class AnyScene implements ArbitrarySupplier<Scene> {
        @Override
        public Arbitrary<Scene> get() {
            return scenes(RuleStyle.values());
        }
    }

    /** For {@code @ForAll(supplier = …)}: scenes of up to 25 services, with rules of every generation. */
    public static final class Crowded implements ArbitrarySupplier<Scene> {
        @Override
        public Arbitrary<Scene> get() {
            return scenes(25, RuleStyle.values());
        }
    }

    /** For {@code @ForAll(supplier = …)}: {@link #probedScenes()}. */
    public static final class Probed implements ArbitrarySupplier<ProbedScene> {
        @Override
        public Arbitrary<ProbedScene> get() {
            return probedScenes();
        }
    }

    /** For {@code @ForAll(supplier = …)}: {@link #wildScenes()}. */
    public static final class Wild implements ArbitrarySupplier<ProbedScene> {
        @Override
        public Arbitrary<ProbedScene> get() {
            return wildScenes();
        }
    }

    /** For {@code @ForAll(supplier = …)}: {@link ClusterArbitraries#clusters()}. */
    public static final class AnyCluster implements ArbitrarySupplier<Cluster> {
        @Override
        public Arbitrary<Cluster> get() {
            return ClusterArbitraries.clusters();
        }
    }
}
