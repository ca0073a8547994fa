package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;

/**
 * The reference writer of nftables mode: what {@code nft list ruleset} prints on a node whose kube-proxy has seen the cluster
 * (kube-proxy {@code pkg/proxy/nftables/proxier.go}). Knows nothing of any reader of such text.
 */
public final class NftablesWriter implements NodeWriter {
    private final NftablesStyle style;

    /** Writes the newest rules. */
    public NftablesWriter() {
        this(NftablesStyle.SINCE_1_34);
    }

    /** Writes rules of a generation. */
    public NftablesWriter(NftablesStyle style) {
        this.style = style;
    }

    /** The generation of the rules. */
    public NftablesStyle style() {
        return style;
    }

    @Override
    public Map<String, String> documents(Cluster cluster, String node, WriterConfig config) {
        return HashMap.of(
                "nft-ruleset.txt", ruleset(cluster, node, config),
                "ip-addr.json", InterfacesText.of(cluster, node, config),
                "proxy-mode.txt", "nftables\n");
    }

    /** The tables of both families. */
    public String ruleset(Cluster cluster, String node, WriterConfig config) {
        return table(cluster, node, config, false) + table(cluster, node, config, true);
    }

    private String table(Cluster cluster, String node, WriterConfig config, boolean v6) {
        NftTable table = new NftTable(v6);
        NodeFacts facts = NodeFacts.of(cluster, node, config, v6);
        new NftRules(table, facts, config, style, v6).write(cluster);
        return table.render();
    }
}
