package dev.podpath.testkit.verification;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.verify.End;
import dev.podpath.core.verify.NodeVerification;
import dev.podpath.core.verify.Result;
import dev.podpath.core.verify.Violation;
import dev.podpath.core.verify.VipVerifier;
import dev.podpath.core.verify.Witness;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.testkit.arbitrary.Probes;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.fault.Injection;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** A node that somebody wrote, and what verification says of it, knowing how its kube-proxy was started. */
public final class VerifiedNode {
    private final Scene scene;
    private final ServiceProxy proxy;
    private final NodeVerification verification;

    private VerifiedNode(Scene scene, ServiceProxy proxy, NodeVerification verification) {
        this.scene = scene;
        this.proxy = proxy;
        this.verification = verification;
    }

    /**
     * Reads and verifies a node.
     *
     * @param scene the cluster, the node, and how its kube-proxy was started
     * @param documents what is captured on it, text by file name
     * @param mode the plugin that reads them
     * @param like the mode of kube-proxy whose intent is the measure
     */
    public static VerifiedNode of(Scene scene, Map<String, String> documents, ProxyModeProvider mode, ProxyMode like) {
        return of(scene, documents, mode, KnownSettings.of(scene.config(), like));
    }

    /** The same where more is known of how kube-proxy was started, or of its version. */
    public static VerifiedNode of(
            Scene scene, Map<String, String> documents, ProxyModeProvider mode, ProxySettings settings) {
        NodeState node = WrittenNode.of(scene.cluster(), scene.node(), documents);
        ServiceProxy proxy = mode.open(node)
                .value()
                .getOrElseThrow(why -> new AssertionError("the written documents cannot be read: " + why.text()));
        NodePlane plane = NodePlane.builder()
                .node(scene.node())
                .mode(Option.some(mode.id()))
                .proxy(Option.some(proxy))
                .localAddresses(node.interfaces().all().distinct())
                .uplink(Option.some("eth0"))
                .build();
        return new VerifiedNode(scene, proxy, new VipVerifier(scene.cluster()).verify(plane, settings));
    }

    /** What verification says. */
    public NodeVerification verification() {
        return verification;
    }

    /** Says why it does not hold; empty where it does. */
    public Option<String> alarm() {
        return verification.result() == Result.HOLDS ? Option.none() : Option.some(said());
    }

    private String said() {
        return verification.result() + "\n"
                + verification
                        .violations()
                        .map(violation -> violation.code().code() + " " + violation.message() + " by "
                                + violation.witness() + "\n  expected " + violation.expected() + "\n  actual "
                                + violation.actual())
                        .appendAll(verification.unknowns().map(unknown -> "unknown: " + unknown.why()))
                        .mkString("\n");
    }

    /**
     * Says what is missing where a fault was put in: a violation of the kind and at the service of the fault, with a
     * packet that ends as the violation says, and otherwise than on the node without the fault. Nothing is missing where
     * no packet shows the fault: source ranges may let nobody through to a chain.
     *
     * @param injection the fault in this node
     * @param healthy the same node without it
     */
    public Option<String> missed(Injection injection, VerifiedNode healthy) {
        if (verification.result() != Result.VIOLATED) {
            return shows(injection, healthy) ? Option.some("not noticed: " + injection + "; " + said()) : Option.none();
        }
        Vector<Violation> there = verification.violations().filter(violation -> isAt(injection, violation));
        Vector<Violation> kind = there.filter(violation -> injection.codes().contains(violation.code()));
        if (kind.isEmpty()) {
            return Option.some(
                    "expected " + injection.codes().map(FindingCode::code).mkString(" or ") + " at "
                            + injection.service() + injection.address() + " for " + injection + "; " + said());
        }
        return kind.flatMap(violation -> wrongWitness(violation, healthy)).size() < kind.size()
                ? Option.none()
                : wrongWitness(kind.head(), healthy).map(why -> why + " for " + injection + "; " + said());
    }

    /** Whether some packet ends otherwise than on the healthy node. */
    private boolean shows(Injection injection, VerifiedNode healthy) {
        return injection.address().isDefined()
                || Probes.systematic(scene)
                        .exists(probe -> !Ends.of(proxy.route(probe.packet(), probe.arrival()))
                                .equals(Ends.of(healthy.proxy.route(probe.packet(), probe.arrival()))));
    }

    private static boolean isAt(Injection injection, Violation violation) {
        if (injection.address().isDefined()) {
            return injection.address().contains(violation.vip());
        }
        return injection
                .service()
                .forAll(ref -> violation.service().contains(ref.service())
                        && violation.port().forAll(port -> port == ref.port())
                        && violation.protocol() == ref.protocol());
    }

    private Option<String> wrongWitness(Violation violation, VerifiedNode healthy) {
        Witness witness = violation.witness();
        Ends now = Ends.of(proxy.route(witness.packet(), witness.arrival()));
        Ends before = Ends.of(healthy.proxy.route(witness.packet(), witness.arrival()));
        if (now.equals(before)) {
            return Option.some("the witness " + witness + " ends as without the fault: " + now);
        }
        Vector<String> said =
                violation.actual().map(VerifiedNode::text).distinct().sorted();
        Vector<String> is = Vector.range(0, now.count())
                .map(end -> text(now, end, witness))
                .distinct()
                .sorted();
        return said.equals(is)
                ? Option.none()
                : Option.some("the witness " + witness + " is said to end " + said + " and ends " + is);
    }

    private static String text(End end) {
        return end.kind() + end.endpoint().map(AddressPort::toString).getOrElse("");
    }

    private static String text(Ends ends, int end, Witness witness) {
        if (ends.kind(end) != Ends.Kind.ENDPOINT) {
            return ends.kind(end).toString();
        }
        AddressPort to = ends.endpoint(end);
        int port = to.port() == 0 ? witness.packet().destinationPort() : to.port();
        return ends.kind(end) + new AddressPort(to.address(), port).toString();
    }
}
