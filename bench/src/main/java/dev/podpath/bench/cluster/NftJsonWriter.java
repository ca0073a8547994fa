package dev.podpath.bench.cluster;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.testkit.reference.NftablesWriter;
import dev.podpath.testkit.reference.NodeWriter;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.collection.Map;

/**
 * Writes the documents of a node in nftables mode with the rules as {@code nft -j list ruleset} prints them: what
 * {@link NftablesWriter} writes, said in JSON (libnftables-json(5)). Knows only the words that kube-proxy uses.
 */
public final class NftJsonWriter implements NodeWriter {
    private static final String TEXT = "nft-ruleset.txt";

    /** Writes the newest rules. */
    public NftJsonWriter() {}

    @Override
    public Map<String, String> documents(Cluster cluster, String node, WriterConfig config) {
        Map<String, String> written = new NftablesWriter().documents(cluster, node, config);
        return written.remove(TEXT).put("nft-ruleset.json", new NftJson(written.getOrElse(TEXT, "")).ruleset());
    }
}
