package dev.podpath.it.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.proxy.iptables.eval.Netfilter;
import dev.podpath.proxy.nftables.NftablesMode;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The laboratory's node as a snapshot has it. */
final class LabNode {
    private LabNode() {}

    /** The packet filter of a node with these documents. */
    static Netfilter netfilter(boolean v6, String rules, String addresses, String routes) {
        return netfilter(v6, rules, addresses, routes, "");
    }

    /** As above, with these sets as {@code ipset save} prints them. */
    static Netfilter netfilter(boolean v6, String rules, String addresses, String routes, String sets) {
        Map<String, Document> documents = new TreeMap<>();
        if (!sets.isEmpty()) {
            put(documents, "ipset-save.txt", sets);
        }
        put(documents, v6 ? "ip6tables-save.txt" : "iptables-save.txt", rules);
        return Netfilter.read(state(documents, addresses, routes)).value();
    }

    /** What kube-proxy's nftables mode does on a node with this listing. */
    static ServiceProxy nftables(String document, String listing, String addresses, String routes) {
        Map<String, Document> documents = new TreeMap<>();
        put(documents, document, listing);
        Reading<Either<Decision, ServiceProxy>> reading = new NftablesMode().open(state(documents, addresses, routes));
        assertThat(reading.problems()).as(listing).isEmpty();
        return reading.value().getOrElseThrow(why -> new AssertionError(why.text()));
    }

    private static NodeState state(Map<String, Document> documents, String addresses, String routes) {
        put(documents, "ip-addr.json", addresses);
        put(documents, "ip-route.json", routes);
        Snapshot snapshot = new Snapshot() {
            @Override
            public String origin() {
                return "laboratory";
            }

            @Override
            public Vector<String> paths() {
                return Vector.ofAll(documents.keySet());
            }

            @Override
            public Option<Document> document(String path) {
                return Option.of(documents.get(path));
            }
        };
        Cluster cluster = Cluster.unknown();
        return new NodeState("lab", snapshot, cluster, NodeInterfaces.read("lab", snapshot, cluster));
    }

    private static void put(Map<String, Document> documents, String name, String text) {
        String path = "nodes/lab/" + name;
        documents.put(path, new Document(path, text.getBytes(StandardCharsets.UTF_8)));
    }
}
