package dev.podpath.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.intent.ProxyMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Today;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Injection;
import dev.podpath.testkit.verification.VerifiedNode;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/**
 * What a mode of kube-proxy must keep to so that its nodes can be verified: beside what {@link ProxyModeContract} asks,
 * that verification holds on what the writer writes and finds every fault. A plugin's test class implements this
 * interface and inherits all the tests:
 *
 * <pre>{@code
 * class IptablesModeContractTest implements VerifiedModeContract {
 *     public ProxyModeProvider provider() {
 *         return new IptablesMode();
 *     }
 *
 *     public NodeWriter writer() {
 *         return new IptablesWriter();
 *     }
 *
 *     public Vector<Fault> faults() {
 *         return Faults.all();
 *     }
 * }
 * }</pre>
 */
public interface VerifiedModeContract extends ProxyModeContract {
    /** Faults that documents of this mode can have, each of which verification must find; none unless it says so. */
    default Vector<Fault> faults() {
        return Vector.empty();
    }

    /** The mode of kube-proxy whose intent is the measure of this one; by its name, else that of iptables mode. */
    default ProxyMode measure() {
        return ProxyMode.named(provider().id()).getOrElse(ProxyMode.IPTABLES);
    }

    /** No false alarm: either the writer or the reader of the rules is wrong, or they mean another intent. */
    @Property(tries = 12)
    @Label("verification holds on what the writer writes")
    default void verificationHolds(@ForAll(supplier = Today.class) Scene scene) {
        VerifiedNode verified = VerifiedNode.of(
                scene, writer().documents(scene.cluster(), scene.node(), scene.config()), provider(), measure());
        assertThat(verified.alarm()).as("%s", scene).isEqualTo(Option.none());
    }

    /** No fault missed: look at what the reader takes for irrelevant. */
    @Property(tries = 12)
    @Label("verification finds each fault at the service that suffers, and a packet that shows it")
    default void faultsAreFound(@ForAll(supplier = Today.class) Scene any, @ForAll long seed) {
        Scene scene = new Scene(any.cluster(), any.node(), SceneArbitraries.plainConfig());
        Map<String, String> documents = writer().documents(scene.cluster(), scene.node(), scene.config());
        VerifiedNode healthy = VerifiedNode.of(scene, documents, provider(), measure());
        Vector<Fault> faults = faults();
        int first = faults.isEmpty() ? 0 : (int) Math.floorMod(seed, (long) faults.size());
        Option<Injection> injection = faults.drop(first)
                .appendAll(faults.take(first))
                .iterator()
                .flatMap(fault -> fault.inject(scene, documents, seed))
                .headOption();
        injection.forEach(fault -> assertThat(VerifiedNode.of(scene, fault.documents(), provider(), measure())
                        .missed(fault, healthy))
                .as("%s", scene)
                .isEqualTo(Option.none()));
    }
}
