package dev.podpath.it.kernel;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.proxy.iptables.eval.Netfilter;
import io.vavr.collection.Vector;
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
        return Netfilter.read(new NodeState("lab", snapshot, cluster, NodeInterfaces.read("lab", snapshot, cluster)))
                .value();
    }

    private static void put(Map<String, Document> documents, String name, String text) {
        String path = "nodes/lab/" + name;
        documents.put(path, new Document(path, text.getBytes(StandardCharsets.UTF_8)));
    }
}
