package dev.podpath.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.Plugin;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.ProbedScene;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Crowded;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Probed;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Wild;
import dev.podpath.testkit.reference.EndpointCategories;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/**
 * What a mode of kube-proxy must keep to. A plugin's test class implements this interface and inherits the tests:
 *
 * <pre>{@code
 * class IptablesModeContractTest implements ProxyModeContract {
 *     public ProxyModeProvider provider() {
 *         return new IptablesMode();
 *     }
 *
 *     public NodeWriter writer() {
 *         return new IptablesWriter();
 *     }
 * }
 * }</pre>
 */
public interface ProxyModeContract {
    /** The plugin. */
    ProxyModeProvider provider();

    /** Writes the documents of a node in this mode, by what the mode's own program would do. */
    NodeWriter writer();

    /** What holds for this mode; everything unless it says otherwise. */
    default Set<ModeTrait> traits() {
        return IntentCheck.ALL_TRAITS;
    }

    /** The id is the mode's name, and the plugin was made for these interfaces. */
    @Example
    @Label("the plugin names its mode in lower-case letters and is made for this version of the interfaces")
    default void identity() {
        assertThat(provider().id()).matches("[a-z][a-z0-9-]*");
        assertThat(provider().description()).isNotBlank();
        assertThat(provider().apiVersion()).isEqualTo(Plugin.API_VERSION);
    }

    /** Total: look for a match or a target that some packets make the evaluator stumble over. */
    @Property(tries = 60)
    @Label("every packet gets a verdict, and the same again")
    default void everyPacketGetsAVerdict(@ForAll(supplier = Wild.class) ProbedScene probed) {
        ServiceProxy proxy = open(probed.scene());
        assertThat(proxy.mode()).isEqualTo(provider().id());
        for (Probe probe : probed.probes()) {
            ProxyVerdict verdict = proxy.route(probe.packet(), probe.arrival());
            assertThat(verdict.branches()).isNotEmpty();
            assertThat(proxy.route(probe.packet(), probe.arrival())).isEqualTo(verdict);
        }
    }

    /** A share that is lost is a packet that falls through: look at the last rule of a choice. */
    @Property(tries = 60)
    @Label("shares sum to 1 where they are exact")
    default void sharesSumToOne(@ForAll(supplier = Wild.class) ProbedScene probed) {
        ServiceProxy proxy = open(probed.scene());
        for (Probe probe : probed.probes()) {
            Vector<Share> shares =
                    proxy.route(probe.packet(), probe.arrival()).branches().map(ProxyBranch::share);
            if (shares.forAll(share -> share instanceof Share.Exact)) {
                Fraction sum =
                        shares.foldLeft(Fraction.ZERO, (total, share) -> total.plus(((Share.Exact) share).value()));
                assertThat(sum).as("shares of %s in %s", probe, probed.scene()).isEqualTo(Fraction.ONE);
            }
        }
    }

    /** The short form must not drift from the long one: look for a rule that only one of them reads. */
    @Property(tries = 60)
    @Label("the ends of a packet are those of its verdict")
    default void endsAreThoseOfTheVerdict(@ForAll(supplier = Wild.class) ProbedScene probed) {
        ServiceProxy proxy = open(probed.scene());
        for (Probe probe : probed.probes()) {
            Ends wanted = Ends.of(proxy.route(probe.packet(), probe.arrival()));
            Ends found = proxy.ends(probe.packet(), probe.arrival());
            assertThat(Differences.of(found, wanted))
                    .as("ends of %s in %s", probe, probed.scene())
                    .isEmpty();
        }
    }

    /** A thread-local that knows its owner lives as long as the thread, and a fleet of nodes does not fit into memory. */
    @Property(tries = 2)
    @Label("rules that nobody holds any more are let go, whatever was asked of them")
    default void nothingIsKept(@ForAll(supplier = Probed.class) ProbedScene probed) throws InterruptedException {
        Vector<WeakReference<Object>> left = asked(probed);
        for (int round = 0; round < 200 && left.exists(each -> each.get() != null); round++) {
            System.gc();
            Thread.sleep(5);
        }
        assertThat(left.map(WeakReference::get).filter(Objects::nonNull)).isEmpty();
    }

    private Vector<WeakReference<Object>> asked(ProbedScene probed) {
        NodeState node = WrittenNode.of(probed.scene(), writer());
        ServiceProxy proxy = opened(node);
        for (Probe probe : probed.probes()) {
            proxy.route(probe.packet(), probe.arrival());
            proxy.ends(probe.packet(), probe.arrival());
            proxy.partition(probe.arrival(), probe.packet().destination().isV6())
                    .forEach(partition -> partition.addresses().forEach(partition::cells));
        }
        Vector<Object> all =
                node.snapshot().under("").<Object>map(document -> document).append(proxy);
        return all.map(WeakReference::new);
    }

    /** Look for something the shape leaves out: a rule, a set, or what the node knows of one of the addresses. */
    @Property(tries = 5)
    @Label("addresses that are said to be alike are")
    default void likeAddressesAreAlike(@ForAll(supplier = Crowded.class) Scene scene) {
        assertThat(LikenessCheck.of(scene, open(scene)).difference())
                .as("%s", scene)
                .isEqualTo(Option.none());
    }

    /** A packet in no class is one nobody looks at, and one in two is looked at with the wrong verdict. */
    @Property(tries = 6)
    @Label("every packet is in exactly one class of the partition, and ends as the class does")
    default void partitionIsWhole(@ForAll(supplier = Wild.class) ProbedScene probed) {
        ServiceProxy proxy = open(probed.scene());
        for (Probe probe : probed.probes().take(4)) {
            Packet packet = probe.packet();
            Option<Partition> partition =
                    proxy.partition(probe.arrival(), packet.destination().isV6());
            if (partition.isEmpty() || packet.sourcePort() == 0) {
                continue;
            }
            boolean named = partition.get().addresses().contains(packet.destination());
            Vector<Partition.Cell> cells = named
                    ? partition.get().cells(packet.destination())
                    : partition.get().otherCells();
            Vector<Partition.Cell> holding = cells.filter(cell -> cell.packets().contains(packet));
            assertThat(holding).as("classes of %s in %s", probe, probed.scene()).hasSize(1);
            assertThat(Differences.of(
                            Differences.withPort(holding.head().ends(), packet.destinationPort()),
                            Differences.withPort(proxy.ends(packet, probe.arrival()), packet.destinationPort())))
                    .as("the class %s of %s in %s", holding.head().packets(), probe, probed.scene())
                    .isEmpty();
        }
    }

    /** The heart of it: addresses, policies, source ranges, masquerade, and what is refused. */
    @Property(tries = 150)
    @Label(
            "a service address leads to exactly the endpoints Kubernetes means, with the source changed where it must be")
    default void verdictsAreIntended(@ForAll(supplier = Probed.class) ProbedScene probed) {
        ServiceProxy proxy = open(probed.scene());
        for (Probe probe : probed.probes()) {
            ProxyVerdict verdict = proxy.route(probe.packet(), probe.arrival());
            Option<String> difference = IntentCheck.difference(probed.scene(), probe, verdict, traits());
            assertThat(difference)
                    .as("%s on %s: trail %s", probe, probed.scene(), trail(verdict))
                    .isEqualTo(Option.none());
        }
    }

    /** Holds for any packet, in every generation of the rules, whatever its destination. */
    @Property(tries = 60)
    @Label("nobody gets a part who is neither ready nor serving to the end")
    default void onlyUsableEndpoints(@ForAll(supplier = Wild.class) ProbedScene probed) {
        ServiceProxy proxy = open(probed.scene());
        Vector<AddressPort> usable = probed.scene()
                .cluster()
                .endpoints()
                .filter(endpoint -> endpoint.ready() || (endpoint.serving() && endpoint.terminating()))
                .map(endpoint -> endpoint.address());
        for (Probe probe : probed.probes()) {
            for (ProxyBranch branch :
                    proxy.route(probe.packet(), probe.arrival()).branches()) {
                if (branch.outcome() instanceof ProxyOutcome.ToEndpoint to) {
                    assertThat(usable).as("%s", probe).contains(to.address());
                }
            }
        }
    }

    /** A user looks these lines up: number and words must be those of the document. */
    @Property(tries = 40)
    @Label("every step of a trail quotes a line that is in its document")
    default void evidenceIsThere(@ForAll(supplier = Probed.class) ProbedScene probed) {
        NodeState node = WrittenNode.of(probed.scene(), writer());
        ServiceProxy proxy = opened(node);
        for (Probe probe : probed.probes()) {
            ProxyVerdict verdict = proxy.route(probe.packet(), probe.arrival());
            Vector<Evidence> quoted = trail(verdict)
                    .map(RuleStep::evidence)
                    .appendAll(verdict.decisions().flatMap(Decision::evidence));
            quoted.forEach(evidence ->
                    assertThat(isThere(node, evidence)).as("%s", evidence).isTrue());
            verdict.branches()
                    .filter(branch -> branch.outcome() instanceof ProxyOutcome.ToEndpoint)
                    .forEach(
                            branch -> assertThat(branch.trail()).as("%s", probe).isNotEmpty());
        }
    }

    /** Input is hostile: damage ends in a verdict or in a problem with a place, never in an exception. */
    @Property(tries = 100)
    @Label("damaged documents give a verdict or a problem that names the document")
    default void damagedDocuments(@ForAll(supplier = Probed.class) ProbedScene probed, @ForAll long seed) {
        Scene scene = probed.scene();
        Map<String, String> written = writer().documents(scene.cluster(), scene.node(), scene.config());
        Arbitrary<Map<String, String>> damaged = DocumentMutations.oneDamaged(written);
        Map<String, String> documents =
                damaged.generator(100).next(new Random(seed)).value();
        NodeState node = WrittenNode.of(scene.cluster(), scene.node(), documents);
        provider().detect(node);
        Reading<Either<Decision, ServiceProxy>> reading = provider().open(node);
        reading.problems().forEach(problem -> assertThat(problem.document()).startsWith("nodes/" + scene.node() + "/"));
        reading.value()
                .peek(proxy -> probed.probes()
                        .forEach(probe -> assertThat(proxy.route(probe.packet(), probe.arrival())
                                        .branches())
                                .isNotEmpty()))
                .peekLeft(why -> assertThat(why.action()).isEqualTo(Decision.Action.UNKNOWN));
    }

    /** Where no mode is named anywhere, the documents must tell. */
    @Property(tries = 20)
    @Label("the mode is recognised by its documents")
    default void detects(@ForAll(supplier = Probed.class) ProbedScene probed) {
        Assume.that(servesSomebody(probed.scene()));
        NodeState node = WrittenNode.of(probed.scene(), writer());
        Option<Evidence> evidence = provider().detect(node);
        assertThat(evidence.isDefined()).as("%s", probed.scene()).isTrue();
        assertThat(isThere(node, evidence.get())).as("%s", evidence).isTrue();
    }

    /** What was not captured is asked for. */
    @Property(tries = 5)
    @Label("a node of which nothing was captured is unknown, and the commands to capture it are named")
    default void nothingCaptured(@ForAll(supplier = Probed.class) ProbedScene probed) {
        Scene scene = probed.scene();
        NodeState node = WrittenNode.of(scene.cluster(), scene.node(), HashMap.empty());
        assertThat(provider().detect(node).isDefined()).isFalse();
        Either<Decision, ServiceProxy> opened = provider().open(node).value();
        assertThat(opened.isLeft()).isTrue();
        assertThat(opened.getLeft().action()).isEqualTo(Decision.Action.UNKNOWN);
        assertThat(opened.getLeft().missing()).isNotEmpty();
    }

    /** Whether the node has an endpoint to choose for some service; without one its documents may show nothing. */
    private static boolean servesSomebody(Scene scene) {
        return scene.cluster()
                .services()
                .exists(service -> EndpointCategories.clusterIp(service, false).isDefined()
                        && !service.internalLocal()
                        && scene.cluster()
                                .endpointsOf(service.key())
                                .exists(endpoint -> endpoint.ready()
                                        && !endpoint.address().address().isV6()));
    }

    private ServiceProxy open(Scene scene) {
        return opened(WrittenNode.of(scene, writer()));
    }

    private ServiceProxy opened(NodeState node) {
        Reading<Either<Decision, ServiceProxy>> reading = provider().open(node);
        assertThat(reading.problems()).isEmpty();
        return reading.value()
                .getOrElseThrow(why -> new AssertionError("the written documents cannot be read: " + why.text()));
    }

    private static Vector<RuleStep> trail(ProxyVerdict verdict) {
        return verdict.branches().flatMap(ProxyBranch::trail);
    }

    private static boolean isThere(NodeState node, Evidence evidence) {
        Option<Document> document = node.snapshot().document(evidence.document());
        if (document.isEmpty() || evidence.line().isEmpty()) {
            return document.isDefined();
        }
        int line = evidence.line().get();
        return line >= 1
                && line <= document.get().lines().count()
                && document.get().line(line).excerpt().equals(evidence.excerpt());
    }
}
