package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import io.vavr.collection.Vector;

/** The rules of 1.24 and later: KUBE-EXT chains before KUBE-SVC and KUBE-SVL. */
final class ExtRules {
    private final RuleTables tables;
    private final NodeFacts node;
    private final WriterConfig config;
    private final boolean v6;
    private final CommonRules common;

    ExtRules(RuleTables tables, NodeFacts node, WriterConfig config, boolean v6) {
        this.tables = tables;
        this.node = node;
        this.config = config;
        this.v6 = v6;
        this.common = new CommonRules(tables, node, config, v6);
    }

    void write(Cluster cluster) {
        boolean firewallTable = config.style() == RuleStyle.SINCE_1_26;
        common.hooks(firewallTable);
        Vector<PortPlan> plans = PortPlan.all(cluster, node, config, v6);
        int endpoints = plans.map(plan -> plan.endpoints().size()).sum().intValue();
        EndpointChains chains = new EndpointChains(tables.nat, endpoints > config.largeClusterEndpoints(), config);
        for (PortPlan plan : plans) {
            write(plan, chains);
        }
        common.nodePortDispatch();
        common.masquerade();
        common.forward();
        common.localnet();
        if (!firewallTable) {
            common.markDrop();
        }
    }

    private void write(PortPlan plan, EndpointChains chains) {
        boolean any = plan.use().hasAny();
        boolean internal = any && (!plan.internalLocal() || !plan.use().local().isEmpty());
        boolean external = any && (!plan.externalLocal() || !plan.use().local().isEmpty());
        filter(plan, internal, external);
        plan.healthCheckNodePort()
                .forEach(port -> tables.filter.add(
                        "KUBE-NODEPORTS",
                        RuleLine.any()
                                .comment(plan.label() + " health check node port")
                                .port(Protocol.TCP, port)
                                .jump("ACCEPT")));
        if (!any) {
            return;
        }
        dispatch(plan, internal);
        if (plan.isExternal()) {
            ext(plan, external);
        }
        if (internal) {
            masqueradeInternal(plan);
        }
        Vector<Endpoint> cluster = plan.use().cluster();
        Vector<Endpoint> local = plan.use().local();
        if (plan.use().usesCluster() && !cluster.isEmpty()) {
            chains.choose(plan, plan.svc(), cluster);
        }
        if (plan.use().usesLocal() && !local.isEmpty()) {
            chains.choose(plan, plan.svl(), local);
        }
        cluster.appendAll(local)
                .distinctBy(Endpoint::address)
                .forEach(endpoint -> chains.translate(plan, endpoint.address()));
    }

    private boolean usesFirewall(PortPlan plan) {
        return plan.use().hasAny()
                && !plan.loadBalancerIps().isEmpty()
                && !plan.sourceRanges().isEmpty();
    }

    /** What is refused, because there is nobody to send it to, or nobody here. */
    private void filter(PortPlan plan, boolean internal, boolean external) {
        boolean none = !plan.use().hasAny();
        String why = plan.label() + (none ? " has no endpoints" : " has no local endpoints");
        if (!internal) {
            refuse("KUBE-SERVICES", to(plan.clusterIp(), plan, why), none);
        }
        if (!external) {
            for (IpAddress address : plan.externalIps().appendAll(plan.loadBalancerIps())) {
                refuse("KUBE-EXTERNAL-SERVICES", to(address, plan, why), none);
            }
            for (int nodePort : plan.port().nodePort()) {
                RuleLine rule = RuleLine.any().comment(why).toLocal().port(plan.protocol(), nodePort);
                refuse("KUBE-EXTERNAL-SERVICES", rule, none);
            }
        }
        if (config.style() == RuleStyle.SINCE_1_26 && usesFirewall(plan)) {
            String refused = plan.label() + " traffic not accepted by " + plan.fw();
            for (IpAddress address : plan.loadBalancerIps()) {
                tables.filter.add(
                        "KUBE-PROXY-FIREWALL", to(address, plan, refused).jump("DROP"));
            }
        }
    }

    private void refuse(String chain, RuleLine rule, boolean none) {
        tables.filter.add(chain, none ? rule.reject(v6) : rule.jump("DROP"));
    }

    private static RuleLine to(IpAddress address, PortPlan plan, String comment) {
        return RuleLine.any()
                .to(address)
                .comment(comment)
                .port(plan.protocol(), plan.port().port());
    }

    private void dispatch(PortPlan plan, boolean internal) {
        String label = plan.label();
        if (internal) {
            String chain = plan.internalLocal() ? plan.svl() : plan.svc();
            tables.nat.add(
                    "KUBE-SERVICES",
                    to(plan.clusterIp(), plan, label + " cluster IP").jump(chain));
        }
        for (IpAddress address : plan.externalIps()) {
            tables.nat.add(
                    "KUBE-SERVICES", to(address, plan, label + " external IP").jump(plan.ext()));
        }
        String balanced = usesFirewall(plan) ? plan.fw() : plan.ext();
        for (IpAddress address : plan.loadBalancerIps()) {
            tables.nat.add(
                    "KUBE-SERVICES",
                    to(address, plan, label + " loadbalancer IP").jump(balanced));
        }
        for (int nodePort : plan.port().nodePort()) {
            if (config.nfacct() && config.localhostNodePorts() && !v6) {
                tables.nat.add(
                        "KUBE-NODEPORTS",
                        RuleLine.any()
                                .to(CommonRules.LOOPBACK_V4)
                                .comment(label)
                                .port(plan.protocol(), nodePort)
                                .counted("localhost_nps_accepted_pkts")
                                .jump(plan.ext()));
            }
            tables.nat.add(
                    "KUBE-NODEPORTS",
                    RuleLine.any()
                            .comment(label)
                            .port(plan.protocol(), nodePort)
                            .jump(plan.ext()));
        }
        if (usesFirewall(plan)) {
            firewall(plan);
        }
    }

    private void firewall(PortPlan plan) {
        String comment = plan.label() + " loadbalancer IP";
        Vector<IpPrefix> ranges = plan.sourceRanges();
        boolean nodeIsAllowed = node.primary().exists(address -> ranges.exists(range -> range.contains(address)));
        for (IpPrefix source :
                nodeIsAllowed ? ranges.appendAll(plan.loadBalancerIps().map(IpPrefix::host)) : ranges) {
            tables.nat.add(
                    plan.fw(), RuleLine.any().from(source).comment(comment).jump(plan.ext()));
        }
        tables.nat.add(
                plan.fw(),
                config.style() == RuleStyle.SINCE_1_26
                        ? RuleLine.any()
                                .comment("other traffic to " + plan.label() + " will be dropped by KUBE-PROXY-FIREWALL")
                                .withoutTarget()
                        : RuleLine.any().comment(comment).jump("KUBE-MARK-DROP"));
    }

    private void ext(PortPlan plan, boolean external) {
        String chain = plan.ext();
        String destinations = " traffic for " + plan.label() + " external destinations";
        if (!plan.externalLocal()) {
            tables.nat.add(
                    chain, RuleLine.any().comment("masquerade" + destinations).jump("KUBE-MARK-MASQ"));
            tables.nat.add(chain, RuleLine.any().jump(plan.svc()));
            return;
        }
        if (config.detector().isImplemented(v6)) {
            tables.nat.add(
                    chain,
                    RuleLine.any()
                            .pods(config.detector(), v6, true)
                            .comment("pod" + destinations)
                            .jump(plan.svc()));
        }
        tables.nat.add(
                chain,
                RuleLine.any()
                        .comment("masquerade LOCAL" + destinations)
                        .fromLocal()
                        .jump("KUBE-MARK-MASQ"));
        tables.nat.add(
                chain,
                RuleLine.any().comment("route LOCAL" + destinations).fromLocal().jump(plan.svc()));
        if (external) {
            tables.nat.add(chain, RuleLine.any().jump(plan.svl()));
        }
    }

    private void masqueradeInternal(PortPlan plan) {
        RuleLine rule = to(plan.clusterIp(), plan, plan.label() + " cluster IP");
        if (!config.masqueradeAll()) {
            if (!config.detector().isImplemented(v6)) {
                return;
            }
            rule.pods(config.detector(), v6, false);
        }
        tables.nat.add(plan.internalLocal() ? plan.svl() : plan.svc(), rule.jump("KUBE-MARK-MASQ"));
    }
}
