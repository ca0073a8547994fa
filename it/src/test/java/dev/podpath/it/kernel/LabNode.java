package dev.podpath.it.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.proxy.iptables.eval.Netfilter;
import dev.podpath.proxy.nftables.NftablesMode;
import dev.podpath.testkit.contract.WrittenNode;
import io.vavr.collection.HashMap;
import io.vavr.control.Either;
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
        Map<String, String> documents = new TreeMap<>();
        if (!sets.isEmpty()) {
            documents.put("ipset-save.txt", sets);
        }
        documents.put(v6 ? "ip6tables-save.txt" : "iptables-save.txt", rules);
        return Netfilter.read(state(documents, addresses, routes)).value();
    }

    /** What kube-proxy's nftables mode does on a node with this listing. */
    static ServiceProxy nftables(String document, String listing, String addresses, String routes) {
        Map<String, String> documents = new TreeMap<>();
        documents.put(document, listing);
        Reading<Either<Decision, ServiceProxy>> reading = new NftablesMode().open(state(documents, addresses, routes));
        assertThat(reading.problems()).as(listing).isEmpty();
        return reading.value().getOrElseThrow(why -> new AssertionError(why.text()));
    }

    private static NodeState state(Map<String, String> documents, String addresses, String routes) {
        documents.put("ip-addr.json", addresses);
        documents.put("ip-route.json", routes);
        return WrittenNode.of(Cluster.unknown(), "lab", HashMap.ofAll(documents));
    }
}
