package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.proxy.nftables.NftablesMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Faults;
import dev.podpath.testkit.fault.Injection;
import dev.podpath.testkit.fault.IpvsFaults;
import dev.podpath.testkit.fault.NftFaults;
import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.reference.IpvsWriter;
import dev.podpath.testkit.reference.NftablesStyle;
import dev.podpath.testkit.reference.NftablesWriter;
import dev.podpath.testkit.reference.NodeWriter;
import dev.podpath.testkit.reference.RuleStyle;
import dev.podpath.testkit.reference.WriterConfig;
import dev.podpath.testkit.verification.KnownSettings;
import dev.podpath.testkit.verification.VerifiedNode;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.RandomGenerator;

/**
 * Verification raises no false alarm and misses no fault: on the rules a reference writer writes for a random cluster it
 * HOLDS, and with a fault in them it is VIOLATED at the service that suffers, with the finding the fault must give and a
 * packet that shows it.
 */
class VerificationHeadlineTest {
    private static final WriterConfig WITH_A_DETECTOR = SceneArbitraries.plainConfig();

    /** What `packet` and `trace` find; no verdict on a service changes by it. */
    private static final String NOT_VERIFIED = "node-address-on-dummy";

    /** How many faults are put into one cluster, those first that were put in least. */
    private static final int FAULTS_EACH = 1;

    /** Where the other oracles are not asked either, a part of the clusters will do. */
    private static final int PART = "1".equals(System.getenv("PODPATH_REQUIRE_ORACLES")) ? 1 : 4;

    /** The modes, each with how many clusters it is tried on: another one is a line here, and its test below. */
    enum Mode {
        IPTABLES(1000, new IptablesMode(), Vector.of(new IptablesWriter()), Faults.all(), RuleStyle.values()),
        IPVS(1000, new IpvsMode(), Vector.of(new IpvsWriter()), IpvsFaults.all(), RuleStyle.SINCE_1_26),
        NFTABLES(
                1000,
                new NftablesMode(),
                Vector.of(NftablesStyle.values()).map(NftablesWriter::new),
                NftFaults.all(),
                RuleStyle.SINCE_1_26);

        private final int clusters;
        private final ProxyModeProvider provider;
        private final Vector<? extends NodeWriter> writers;
        private final Vector<Fault> faults;
        private final RuleStyle[] styles;

        /**
         * A mode.
         *
         * @param clusters on how many clusters it is tried
         * @param provider reads its documents
         * @param writers write them, each for some of the clusters
         * @param faults that can be put into them
         * @param styles generations of rules that the writer knows
         */
        Mode(
                int clusters,
                ProxyModeProvider provider,
                Vector<? extends NodeWriter> writers,
                Vector<Fault> faults,
                RuleStyle... styles) {
            this.clusters = clusters / PART;
            this.provider = provider;
            this.writers = writers;
            this.faults = faults;
            this.styles = styles;
        }

        VerifiedNode verify(Scene scene, int cluster, Map<String, String> documents) {
            ProxySettings settings = KnownSettings.of(scene.config(), ProxyMode.valueOf(name()));
            boolean old = writer(cluster) instanceof NftablesWriter nft && nft.style() == NftablesStyle.FROM_1_29;
            return VerifiedNode.of(
                    scene,
                    documents,
                    provider,
                    settings.withFeatures(settings.features().withRefusalOfOwnTraffic(old)));
        }

        private NodeWriter writer(int cluster) {
            return writers.get(cluster / 4 % writers.size());
        }

        Map<String, String> write(Scene scene, int cluster) {
            return writer(cluster).documents(scene.cluster(), scene.node(), scene.config());
        }
    }

    @Example
    @Label("iptables mode, in every generation of its rules")
    void iptables() {
        noFalseAlarmAndNoFaultMissed(Mode.IPTABLES);
    }

    @Example
    @Label("IPVS mode")
    void ipvs() {
        noFalseAlarmAndNoFaultMissed(Mode.IPVS);
    }

    @Example
    @Label("nftables mode, in every generation of its rules")
    void nftables() {
        noFalseAlarmAndNoFaultMissed(Mode.NFTABLES);
    }

    private static void noFalseAlarmAndNoFaultMissed(Mode mode) {
        RandomGenerator<Scene> scenes = SceneArbitraries.scenes(3, mode.styles).generator(1000);
        Random fixed = new Random(2026);
        Random fresh = new Random();
        long seed = fresh.nextLong();
        fresh.setSeed(seed);
        List<String> alarms = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        java.util.Map<String, Integer> found = new TreeMap<>();
        for (int i = 0; i < mode.clusters; i++) {
            Scene scene = scenes.next(i % 20 == 0 ? fresh : fixed).value();
            if (i % 4 == 1) {
                mode.verify(scene, i, mode.write(scene, i)).alarm().forEach(why -> alarms.add(why + "\nin " + scene));
            }
            Scene plain = new Scene(scene.cluster(), scene.node(), WITH_A_DETECTOR);
            Map<String, String> documents = mode.write(plain, i);
            VerifiedNode healthy = mode.verify(plain, i, documents);
            healthy.alarm().forEach(why -> alarms.add(why + "\nin " + plain));
            int left = FAULTS_EACH;
            for (Fault fault : mode.faults.sortBy(one -> found.getOrDefault(one.name(), 0))) {
                Option<Injection> injection = left == 0
                        ? Option.none()
                        : fault.inject(plain, documents, 31L * i)
                                .filter(shown -> !shown.codes().isEmpty());
                if (injection.isDefined()) {
                    left--;
                    found.merge(fault.name(), 1, Integer::sum);
                    mode.verify(plain, i, injection.get().documents())
                            .missed(injection.get(), healthy)
                            .forEach(why -> missed.add(why + "\nin " + plain));
                }
            }
        }
        System.out.println("verification headline, " + mode + ": " + mode.clusters + " clusters, " + alarms.size()
                + " false alarms, " + missed.size() + " faults missed of " + found + ", seed " + seed);
        assertThat(summary(alarms)).isEmpty();
        assertThat(summary(missed)).isEmpty();
        assertThat(mode.faults
                        .map(Fault::name)
                        .reject(name -> NOT_VERIFIED.equals(name) || found.getOrDefault(name, 0) >= mode.clusters / 40))
                .isEmpty();
    }

    private static String summary(List<String> wrong) {
        return wrong.isEmpty()
                ? ""
                : wrong.size() + " in all, such as\n"
                        + String.join("\n\n", wrong.subList(0, Math.min(3, wrong.size())));
    }
}
