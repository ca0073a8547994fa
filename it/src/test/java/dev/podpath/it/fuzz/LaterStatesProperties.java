package dev.podpath.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.verify.NodeVerification;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.request.VerifyRequest;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import dev.podpath.testkit.contract.DocumentMutations;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is kept of a snapshot's earlier states is what is found in its later ones. */
class LaterStatesProperties {
    private static final Podpath PODPATH = Podpath.create();
    private static final Vector<String> EXAMPLES = Vector.of("kubeadm-plain", "eks-basic", "kubeadm-nftables");
    private static final int STATES = 3;

    @Property(tries = 12)
    @Label("a later state is verified as if nothing had been known before")
    void laterStates(@ForAll long seed) {
        Random random = new Random(seed);
        Map<String, String> whole = documents(EXAMPLES.get(random.nextInt(EXAMPLES.size())));
        Map<String, String> documents = new TreeMap<>(whole);
        Analysis analysis = PODPATH.analyse(MemorySnapshot.of(documents));
        analysis.verify(VerifyRequest.everything());
        for (int state = 0; state < STATES; state++) {
            Set<String> changed = change(documents, whole, random);
            Snapshot later = MemorySnapshot.of(new TreeMap<>(documents));
            analysis = analysis.after(later, changed::contains);
            assertSame(analysis, PODPATH.analyse(later));
        }
    }

    /** Damages or removes documents of nodes mostly, sometimes others; or puts them back. */
    private static Set<String> change(Map<String, String> documents, Map<String, String> whole, Random random) {
        Vector<String> paths = Vector.ofAll(whole.keySet());
        boolean ofNodes = random.nextInt(4) > 0;
        Vector<String> candidates = ofNodes ? paths.filter(path -> path.startsWith("nodes/")) : paths;
        Set<String> changed = new TreeSet<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String path = candidates.get(random.nextInt(candidates.size()));
            changed.add(path);
            switch (random.nextInt(3)) {
                case 0 -> documents.remove(path);
                case 1 -> documents.put(path, whole.get(path));
                default ->
                    documents.put(
                            path,
                            DocumentMutations.damaged(whole.get(path))
                                    .generator(100)
                                    .next(random)
                                    .value());
            }
        }
        return changed;
    }

    private static void assertSame(Analysis kept, Analysis fresh) {
        Either<String, Vector<NodeVerification>> wanted = results(fresh);
        assertThat(results(kept)).isEqualTo(wanted);
        assertThat(kept.problems().toJavaSet()).isEqualTo(fresh.problems().toJavaSet());
        assertThat(kept.reports().toJavaSet()).isEqualTo(fresh.reports().toJavaSet());
    }

    private static Either<String, Vector<NodeVerification>> results(Analysis analysis) {
        return analysis.verify(VerifyRequest.everything())
                .map(all -> all.nodes().map(node -> node.took(0)));
    }

    private static Map<String, String> documents(String example) {
        Map<String, String> documents = new TreeMap<>();
        Snapshot snapshot = Snapshots.open("example:" + example).get();
        for (String path : snapshot.paths()) {
            Document document = snapshot.document(path).get();
            documents.put(path, new String(document.bytes(), StandardCharsets.UTF_8));
        }
        return documents;
    }

    /** Only what changed is read. */
    @Test
    void whatDidNotChangeIsNotReadAgain() {
        Map<String, String> documents = documents("eks-basic");
        Analysis before = PODPATH.analyse(MemorySnapshot.of(documents));
        before.verify(VerifyRequest.everything());
        String changed = Vector.ofAll(documents.keySet())
                .find(path -> path.endsWith("/iptables-save.txt"))
                .get();
        Set<String> read = new TreeSet<>();
        Snapshot later = new Recording(MemorySnapshot.of(documents), read);
        Analysis after = before.after(later, changed::equals);
        assertThat(after.cluster()).isSameAs(before.cluster());
        read.clear();
        after.verify(VerifyRequest.everything());
        assertThat(read)
                .contains(changed)
                .allMatch(path -> path.startsWith(changed.substring(0, changed.lastIndexOf('/'))));
    }
}
