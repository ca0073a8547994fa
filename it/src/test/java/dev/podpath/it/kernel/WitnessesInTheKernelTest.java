package dev.podpath.it.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.verify.End;
import dev.podpath.core.verify.Violation;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Faults;
import dev.podpath.testkit.fault.Injection;
import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.reference.RuleStyle;
import dev.podpath.testkit.verification.VerifiedNode;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.RandomGenerator;

/**
 * What verification holds against a node with a fault really happens: the kernel with these rules does to the witness what
 * the violation says. Asked are packets that a node passes on; what is for the node's own addresses is not, since the
 * laboratory has others.
 */
class WitnessesInTheKernelTest {
    private static final int CLUSTERS = 60;
    /** A pod of the clusters has an address that is the laboratory's own. */
    private static final String OWN = new Addresses(false).gateway() + ":";

    private static final String FILE = "iptables-save.txt";

    @Example
    @Label("the kernel treats the witness of a violation as the violation says")
    void witnesses() throws IOException, InterruptedException {
        RandomGenerator<Scene> scenes =
                SceneArbitraries.scenes(3, RuleStyle.SINCE_1_26).generator(1000);
        Random random = new Random(7);
        java.util.Map<String, Integer> asked = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        try (KernelLab lab = KernelLab.start("nft")) {
            String addresses = lab.addresses();
            String routes = lab.routes();
            for (int i = 0; i < CLUSTERS; i++) {
                Scene any = scenes.next(random).value();
                Scene scene = new Scene(any.cluster(), any.node(), SceneArbitraries.plainConfig());
                Map<String, String> healthy =
                        new IptablesWriter().documents(scene.cluster(), scene.node(), scene.config());
                Vector<Fault> rarest = Faults.all().sortBy(fault -> asked.getOrDefault(fault.name(), 0));
                for (Injection injection : rarest.flatMap(fault -> fault.inject(scene, healthy, random.nextLong()))
                        .filter(injection -> injection.document().equals(FILE))
                        .take(2)) {
                    Option<Violation> violation = VerifiedNode.of(
                                    scene, injection.documents(), new IptablesMode(), ProxyMode.IPTABLES)
                            .verification()
                            .violations()
                            .find(one -> canBeSent(one, scene));
                    violation.forEach(one -> {
                        asked.merge(injection.fault(), 1, Integer::sum);
                        ask(lab, one, injection, addresses, routes).forEach(wrong::add);
                    });
                }
            }
        }
        System.out.println("witnesses in the kernel: " + asked);
        assertThat(wrong).isEmpty();
        assertThat(asked.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(50);
    }

    private static boolean canBeSent(Violation violation, Scene scene) {
        Packet packet = violation.witness().packet();
        return !packet.destination().isV6()
                && !violation.witness().arrival().isLocalOutput()
                && !scene.isLocal(packet.destination())
                && !packet.source().isLoopback()
                && packet.source().v4Bits() >>> 24 >= 10;
    }

    private static Option<String> ask(
            KernelLab lab, Violation violation, Injection injection, String addresses, String routes) {
        String rules = injection.documents().getOrElse(FILE, "");
        List<String> said = lab.restore("iptables-restore", rules);
        if (!said.isEmpty()) {
            return Option.some(injection + " is not taken: " + said);
        }
        Packet packet = violation.witness().packet();
        boolean pod = packet.source().toString().startsWith("10.244.");
        Addresses.Sent sent = Addresses.sent(
                packet.protocol(),
                packet.source().toString(),
                packet.sourcePort(),
                packet.destination().toString(),
                packet.destinationPort(),
                pod ? "pod1" : "ext0");
        String answer = lab.ask(List.of(sent.request(1))).get(0);
        lab.shell("conntrack -F");
        ProxyVerdict verdict =
                LabNode.netfilter(false, rules, addresses, routes).route(sent.packet(), sent.arrival());
        Fate fate = Fate.of(sent.packet(), answer);
        Set<String> ends = ends(verdict);
        if (ends.exists(end -> end.contains(" " + OWN))) {
            return Option.none();
        }
        boolean same = ends.equals(
                violation.actual().map(WitnessesInTheKernelTest::text).toSet());
        return same && fate.isIn(verdict)
                ? Option.none()
                : Option.some(injection + "\n" + violation.message() + " by " + violation.witness() + "\nsaid "
                        + violation.actual() + ", in the laboratory " + Ends.of(verdict) + ", happened " + fate);
    }

    private static Set<String> ends(ProxyVerdict verdict) {
        Ends ends = Ends.of(verdict);
        return Vector.range(0, ends.count())
                .map(end -> ends.kind(end) + (ends.kind(end) == Ends.Kind.ENDPOINT ? " " + ends.endpoint(end) : ""))
                .toSet();
    }

    private static String text(End end) {
        return end.kind() + end.endpoint().map(at -> " " + at).getOrElse("");
    }
}
