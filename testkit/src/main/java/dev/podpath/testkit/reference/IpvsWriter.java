package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;

/**
 * The reference writer of IPVS mode: the virtual servers, sets, rules and addresses of a node whose kube-proxy has seen
 * the cluster. Knows nothing of any reader of such text. The generation of the rules is that of 1.27 and later, whatever
 * {@link WriterConfig#style()} says.
 */
public final class IpvsWriter implements NodeWriter {
    private static final String SYSCTL = """
            net.ipv4.ip_forward = 1
            net.ipv4.vs.conn_reuse_mode = 1
            net.ipv4.vs.conntrack = 1
            net.ipv4.vs.expire_nodest_conn = 1
            net.ipv4.vs.expire_quiescent_template = 1
            """;

    @Override
    public Map<String, String> documents(Cluster cluster, String node, WriterConfig config) {
        IpvsState v4 = state(cluster, node, config, false);
        IpvsState v6 = state(cluster, node, config, true);
        Vector<IpAddress> bound = v4.bound().appendAll(v6.bound());
        return HashMap.of(
                "iptables-save.txt", rules(v4, cluster, node, config),
                "ip6tables-save.txt", rules(v6, cluster, node, config),
                "ipset-save.txt", sets(v4) + sets(v6),
                "ipvsadm-save.txt", new IpvsText(config.scheduler()).save(servers(v4, v6)),
                "ip-addr.json", InterfacesText.of(cluster, node, config, bound),
                "sysctl.txt", SYSCTL,
                "proxy-mode.txt", "ipvs\n");
    }

    /** What {@code iptables-save} or {@code ip6tables-save} prints. */
    public String rules(Cluster cluster, String node, WriterConfig config, boolean v6) {
        return rules(state(cluster, node, config, v6), cluster, node, config);
    }

    /** What {@code ipset save} prints. */
    public String sets(Cluster cluster, String node, WriterConfig config) {
        return sets(state(cluster, node, config, false)) + sets(state(cluster, node, config, true));
    }

    /** What {@code ipvsadm -Ln} prints. */
    public String listing(Cluster cluster, String node, WriterConfig config) {
        return new IpvsText(config.scheduler()).listing(servers(cluster, node, config));
    }

    /** What {@code /proc/net/ip_vs} contains, in one of the orders it can have. */
    public String proc(Cluster cluster, String node, WriterConfig config) {
        return new IpvsText(config.scheduler()).proc(servers(cluster, node, config));
    }

    private static Vector<IpvsServer> servers(Cluster cluster, String node, WriterConfig config) {
        return servers(state(cluster, node, config, false), state(cluster, node, config, true));
    }

    private static Vector<IpvsServer> servers(IpvsState v4, IpvsState v6) {
        return v4.servers().appendAll(v6.servers());
    }

    private static IpvsState state(Cluster cluster, String node, WriterConfig config, boolean v6) {
        return IpvsState.of(cluster, NodeFacts.of(cluster, node, config, v6), config, v6);
    }

    private static String rules(IpvsState state, Cluster cluster, String node, WriterConfig config) {
        return new IpvsRules(state, config).write(NodeFacts.of(cluster, node, config, state.isV6()));
    }

    private static String sets(IpvsState state) {
        StringBuilder out = new StringBuilder();
        for (KubeSet set : KubeSet.values()) {
            String name = set.name(state.isV6());
            out.append(set.create(state.isV6())).append('\n');
            for (String entry : state.entries(set)) {
                out.append("add ").append(name).append(' ').append(entry).append('\n');
            }
        }
        return out.toString();
    }
}
