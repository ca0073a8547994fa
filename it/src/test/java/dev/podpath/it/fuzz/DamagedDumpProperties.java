package dev.podpath.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.request.PacketRequest;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import dev.podpath.testkit.contract.DocumentMutations;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** What {@code podpath packet} answers where the dumps of a node are damaged. */
class DamagedDumpProperties {
    private static final Podpath PODPATH = Podpath.create();
    private static final Map<String, Snapshot> WHOLE = new HashMap<>();

    /** The example, the node, and packets for it: way in, source, destination. */
    private record Case(String example, String node, Vector<String> packets) {
        String directory() {
            return "nodes/" + node + "/";
        }

        Vector<PacketRequest> requests() {
            return packets.map(packet -> packet.split(" "))
                    .map(words -> PacketRequest.parse(node, words[0], words[1], words[2])
                            .getOrElseThrow(why -> new AssertionError(why)));
        }
    }

    private static final Vector<Case> CASES = Vector.of(
            new Case(
                    "kubeadm-plain",
                    "cp1",
                    Vector.of(
                            "external 198.51.100.7 192.0.2.11:30080/tcp",
                            "pod 10.244.0.9 10.96.0.10:53/udp",
                            "node 192.0.2.11 10.96.0.1:443/tcp")),
            new Case(
                    "ack-article",
                    "cn-hangzhou.10.17.1.12",
                    Vector.of("pod 10.17.0.200 172.16.0.10:53/udp", "external 198.51.100.7 10.17.1.12:30080/tcp")),
            new Case(
                    "eks-basic",
                    "ip-10-40-16-11.us-west-2.compute.internal",
                    Vector.of("pod 10.40.16.99 172.20.0.10:53/udp", "other-node 10.40.32.12 10.40.16.11:31080/tcp")));

    @Property(tries = 150)
    @Label("a damaged dump gives an answer: a verdict, or UNKNOWN with a reason; problems name document and line")
    void damaged(@ForAll long seed) {
        Random random = new Random(seed);
        Case one = CASES.get(random.nextInt(CASES.size()));
        Snapshot whole = whole(one);
        Vector<String> documents = whole.paths().filter(path -> path.startsWith(one.directory()));
        String victim = documents.get(random.nextInt(documents.size()));
        String text = new String(whole.document(victim).get().bytes(), StandardCharsets.UTF_8);
        String damaged =
                DocumentMutations.damaged(text).generator(100).next(random).value();
        Analysis analysis = PODPATH.analyse(changed(whole, victim, damaged));
        for (PacketRequest request : one.requests()) {
            answered(analysis, request);
        }
        for (DocumentProblem problem :
                analysis.problems().filter(found -> found.document().equals(victim))) {
            assertThat(problem.found()).isNotBlank().hasSizeLessThan(400);
            assertThat(problem.expected()).isNotBlank();
            assertThat(problem.line().getOrElse(1)).isBetween(1, damaged.split("\n", -1).length + 1);
        }
    }

    @Property(tries = 80)
    @Label("a truncated dump never changes a verdict without saying that it is not whole")
    void truncated(@ForAll long seed) {
        Random random = new Random(seed);
        Case one = CASES.get(random.nextInt(CASES.size()));
        Snapshot whole = whole(one);
        Vector<String> documents =
                whole.paths().filter(path -> path.startsWith(one.directory()) && path.endsWith("-save.txt"));
        String victim = documents.get(random.nextInt(documents.size()));
        String text = new String(whole.document(victim).get().bytes(), StandardCharsets.UTF_8);
        String cut = text.substring(0, random.nextInt(text.length()));
        Analysis sound = PODPATH.analyse(whole);
        Analysis analysis = PODPATH.analyse(changed(whole, victim, cut));
        for (PacketRequest request : one.requests()) {
            Option<ProxyVerdict> before = sound.packet(request).toOption();
            Option<ProxyVerdict> after = answered(analysis, request);
            boolean same = before.map(ProxyVerdict::kind).equals(after.map(ProxyVerdict::kind));
            boolean told = after.exists(verdict -> verdict.kind() == ProxyVerdict.Kind.UNKNOWN)
                    || !analysis.problems().isEmpty()
                    || after.exists(verdict -> verdict.assumptions().mkString().contains("does not list it"))
                    // Where a line ends nothing shows that it was not the last one.
                    || !victim.contains("iptables-save");
            assertThat(same || told)
                    .as("%s with %s of %s characters of %s: %s", request, cut.length(), text.length(), victim, after)
                    .isTrue();
        }
    }

    private static Option<ProxyVerdict> answered(Analysis analysis, PacketRequest request) {
        Either<String, ProxyVerdict> answer = analysis.packet(request);
        if (answer.isLeft()) {
            assertThat(answer.getLeft()).isNotBlank();
            return Option.none();
        }
        ProxyVerdict verdict = answer.get();
        verdict.branches().forEach(branch -> {
            if (branch.outcome() instanceof ProxyOutcome.Unknown unknown) {
                assertThat(unknown.why()).isNotBlank();
            }
        });
        return Option.some(verdict);
    }

    private static Snapshot whole(Case one) {
        return WHOLE.computeIfAbsent(
                one.example(),
                name -> Snapshots.open("example:" + name)
                        .getOrElseThrow(problem -> new AssertionError(problem.toString())));
    }

    private static Snapshot changed(Snapshot whole, String victim, String text) {
        return new Snapshot() {
            @Override
            public String origin() {
                return whole.origin();
            }

            @Override
            public Vector<String> paths() {
                return whole.paths();
            }

            @Override
            public Option<Document> document(String path) {
                return path.equals(victim)
                        ? Option.some(new Document(victim, text.getBytes(StandardCharsets.UTF_8)))
                        : whole.document(path);
            }
        };
    }
}
