package dev.podpath.testkit.reference;

import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;

/**
 * The rules of IPVS mode in the form of 1.27 and later: they mark for masquerade, filter by source, and keep the node's
 * own ports from being reached at service addresses; IPVS does the rest (pkg/proxy/ipvs/proxier.go,
 * {@code writeIptablesRules}).
 */
final class IpvsRules {
    private static final String SERVICES = "KUBE-SERVICES";
    private static final String MARK = "KUBE-MARK-MASQ";
    private static final String BOTH = "dst,dst";

    private final RuleTables tables = RuleTables.withoutProxyCanary();
    private final IpvsState state;
    private final WriterConfig config;
    private final boolean v6;

    IpvsRules(IpvsState state, WriterConfig config) {
        this.state = state;
        this.config = config;
        this.v6 = state.isV6();
    }

    String write(NodeFacts node) {
        hooks();
        tables.nat.add(
                SERVICES,
                RuleLine.any()
                        .from(v6 ? CommonRules.LOOPBACK_V6 : CommonRules.LOOPBACK_V4)
                        .jump("RETURN"));
        ifFilled(KubeSet.LOOP_BACK, "KUBE-POSTROUTING", "dst,dst,src", "MASQUERADE");
        ifFilled(KubeSet.LOAD_BALANCER, SERVICES, BOTH, "KUBE-LOAD-BALANCER");
        ifFilled(KubeSet.LOAD_BALANCER_LOCAL, "KUBE-LOAD-BALANCER", BOTH, "RETURN");
        nodePorts();
        clusterIps();
        externalIps();
        tables.nat.add(SERVICES, RuleLine.any().toLocal().jump("KUBE-NODE-PORT"));
        tables.nat.add("KUBE-LOAD-BALANCER", RuleLine.any().jump(MARK));
        for (KubeSet accepted : new KubeSet[] {KubeSet.CLUSTER_IP, KubeSet.LOAD_BALANCER}) {
            if (state.has(accepted)) {
                tables.nat.add(SERVICES, set(RuleLine.any(), accepted, BOTH).jump("ACCEPT"));
            }
        }
        sourceRanges();
        new CommonRules(tables, node, config, v6).masquerade();
        forward();
        ipvsFilter();
        return tables.render();
    }

    /** kube-proxy puts each jump before those it made first. */
    private void hooks() {
        String portals = RuleLine.any().comment("kubernetes service portals").jump(SERVICES);
        tables.nat.add("PREROUTING", portals);
        tables.nat.add("OUTPUT", portals);
        hook(tables.nat, "POSTROUTING", "kubernetes postrouting rules", "KUBE-POSTROUTING");
        hook(tables.filter, "INPUT", "kubernetes ipvs access filter", "KUBE-IPVS-FILTER");
        hook(tables.filter, "INPUT", "kube-proxy firewall rules", "KUBE-PROXY-FIREWALL");
        hook(tables.filter, "INPUT", "kubernetes health check rules", "KUBE-NODE-PORT");
        hook(tables.filter, "FORWARD", "kube-proxy firewall rules", "KUBE-PROXY-FIREWALL");
        hook(tables.filter, "FORWARD", "kubernetes forwarding rules", "KUBE-FORWARD");
        hook(tables.filter, "OUTPUT", "kubernetes ipvs access filter", "KUBE-IPVS-OUT-FILTER");
        tables.nat.chain("KUBE-NODE-PORT");
        tables.filter.chain("KUBE-PROXY-FIREWALL");
        tables.filter.chain("KUBE-IPVS-OUT-FILTER");
    }

    private static void hook(TableText table, String chain, String comment, String target) {
        table.add(chain, RuleLine.any().comment(comment).jump(target));
    }

    private RuleLine set(RuleLine rule, KubeSet set, String directions) {
        return rule.match("-m set --match-set " + set.name(v6) + " " + directions);
    }

    /** A rule that looks at a set stands only where the set has entries. */
    private void ifFilled(KubeSet set, String chain, String directions, String target) {
        if (state.has(set)) {
            tables.nat.add(
                    chain,
                    set(RuleLine.any().comment(set.comment()), set, directions).jump(target));
        }
    }

    private void nodePorts() {
        nodePorts(Protocol.TCP, KubeSet.NODE_PORT_LOCAL_TCP, "dst", "RETURN");
        nodePorts(Protocol.TCP, KubeSet.NODE_PORT_TCP, "dst", MARK);
        nodePorts(Protocol.UDP, KubeSet.NODE_PORT_LOCAL_UDP, "dst", "RETURN");
        nodePorts(Protocol.UDP, KubeSet.NODE_PORT_UDP, "dst", MARK);
        nodePorts(Protocol.SCTP, KubeSet.NODE_PORT_LOCAL_SCTP, BOTH, "RETURN");
        nodePorts(Protocol.SCTP, KubeSet.NODE_PORT_SCTP, BOTH, MARK);
    }

    private void nodePorts(Protocol protocol, KubeSet set, String directions, String target) {
        if (state.has(set)) {
            tables.nat.add(
                    "KUBE-NODE-PORT",
                    set(RuleLine.any().onlyProtocol(protocol).comment(set.comment()), set, directions)
                            .jump(target));
        }
    }

    /** Without a way to tell pods only what comes from a service address itself is marked. */
    private void clusterIps() {
        if (!state.has(KubeSet.CLUSTER_IP)) {
            return;
        }
        RuleLine rule = RuleLine.any().comment(KubeSet.CLUSTER_IP.comment());
        boolean told = config.detector().isImplemented(v6);
        if (!config.masqueradeAll() && told) {
            rule.pods(config.detector(), v6, false);
        }
        String directions = config.masqueradeAll() || told ? BOTH : "src,dst";
        tables.nat.add(SERVICES, set(rule, KubeSet.CLUSTER_IP, directions).jump(MARK));
    }

    private void externalIps() {
        for (KubeSet external : new KubeSet[] {KubeSet.EXTERNAL_IP, KubeSet.EXTERNAL_IP_LOCAL}) {
            if (!state.has(external)) {
                continue;
            }
            if (external == KubeSet.EXTERNAL_IP) {
                tables.nat.add(SERVICES, external(external).jump(MARK));
            }
            tables.nat.add(
                    SERVICES,
                    external(external)
                            .match("-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL")
                            .jump("ACCEPT"));
            tables.nat.add(SERVICES, external(external).toLocal().jump("ACCEPT"));
        }
    }

    private RuleLine external(KubeSet set) {
        return set(RuleLine.any().comment(set.comment()), set, BOTH);
    }

    private void sourceRanges() {
        filterIfFilled(KubeSet.LOAD_BALANCER_FW, "KUBE-PROXY-FIREWALL", BOTH, "KUBE-SOURCE-RANGES-FIREWALL");
        filterIfFilled(KubeSet.LOAD_BALANCER_SOURCE_CIDR, "KUBE-SOURCE-RANGES-FIREWALL", "dst,dst,src", "RETURN");
        filterIfFilled(KubeSet.LOAD_BALANCER_SOURCE_IP, "KUBE-SOURCE-RANGES-FIREWALL", "dst,dst,src", "RETURN");
        tables.filter.add("KUBE-SOURCE-RANGES-FIREWALL", RuleLine.any().jump("DROP"));
        for (IpvsState.Barred barred : state.barred()) {
            tables.filter.add(
                    "KUBE-IPVS-OUT-FILTER",
                    RuleLine.any()
                            .from(IpPrefix.host(barred.address().address()))
                            .match("-m ipvs --vproto " + barred.protocol().number() + " --vaddr "
                                    + barred.address().address() + " --vport "
                                    + barred.address().port())
                            .jump("DROP"));
        }
    }

    private void filterIfFilled(KubeSet set, String chain, String directions, String target) {
        if (state.has(set)) {
            tables.filter.add(
                    chain,
                    set(RuleLine.any().comment(set.comment()), set, directions).jump(target));
        }
    }

    private void forward() {
        tables.filter.add(
                "KUBE-FORWARD",
                RuleLine.any()
                        .comment("kubernetes forwarding rules")
                        .mark(config.mark())
                        .jump("ACCEPT"));
        tables.filter.add(
                "KUBE-FORWARD",
                RuleLine.any()
                        .comment("kubernetes forwarding conntrack rule")
                        .match("-m conntrack --ctstate RELATED,ESTABLISHED")
                        .jump("ACCEPT"));
    }

    /** What is for no virtual server must not reach the node's own ports at a service address. */
    private void ipvsFilter() {
        KubeSet health = KubeSet.HEALTH_CHECK_NODE_PORT;
        tables.filter.add(
                "KUBE-NODE-PORT",
                set(RuleLine.any().comment(health.comment()), health, "dst").jump("ACCEPT"));
        for (KubeSet served :
                new KubeSet[] {KubeSet.LOAD_BALANCER, KubeSet.CLUSTER_IP, KubeSet.EXTERNAL_IP, KubeSet.EXTERNAL_IP_LOCAL
                }) {
            tables.filter.add(
                    "KUBE-IPVS-FILTER", set(RuleLine.any(), served, BOTH).jump("RETURN"));
        }
        tables.filter.add("KUBE-IPVS-FILTER", set(RuleLine.any(), health, "dst").jump("RETURN"));
        tables.filter.add(
                "KUBE-IPVS-FILTER",
                set(RuleLine.any().newConnection(), KubeSet.IPVS_IPS, "dst").reject(v6));
    }
}
