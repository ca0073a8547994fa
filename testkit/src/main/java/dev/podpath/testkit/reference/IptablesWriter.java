package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;

/**
 * The reference writer of iptables mode: what {@code iptables-save} and {@code ip6tables-save} print on a node whose
 * kube-proxy has seen the cluster. Knows nothing of any reader of such text.
 */
public final class IptablesWriter implements NodeWriter {
    @Override
    public Map<String, String> documents(Cluster cluster, String node, WriterConfig config) {
        return HashMap.of(
                "iptables-save.txt", save(cluster, node, config, false),
                "ip6tables-save.txt", save(cluster, node, config, true),
                "ip-addr.json", InterfacesText.of(cluster, node, config),
                "proxy-mode.txt", "iptables\n");
    }

    /** The rules of one address family. */
    public String save(Cluster cluster, String node, WriterConfig config, boolean v6) {
        RuleTables tables = new RuleTables();
        NodeFacts facts = NodeFacts.of(cluster, node, config, v6);
        if (config.style() == RuleStyle.UP_TO_1_23) {
            new XlbRules(tables, facts, config, v6).write(cluster);
        } else {
            new ExtRules(tables, facts, config, v6).write(cluster);
        }
        return tables.render();
    }
}
