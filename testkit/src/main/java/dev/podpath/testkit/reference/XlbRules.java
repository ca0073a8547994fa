package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import io.vavr.collection.Vector;

/** The rules up to 1.23 as 1.17 wrote them: masquerade before the jump, KUBE-XLB chains for the Local policy. */
final class XlbRules {
    private final RuleTables tables;
    private final NodeFacts node;
    private final WriterConfig config;
    private final boolean v6;
    private final CommonRules common;

    XlbRules(RuleTables tables, NodeFacts node, WriterConfig config, boolean v6) {
        this.tables = tables;
        this.node = node;
        this.config = config;
        this.v6 = v6;
        this.common = new CommonRules(tables, node, config, v6);
    }

    void write(Cluster cluster) {
        common.oldHooks();
        EndpointChains chains = new EndpointChains(tables.nat, false, config);
        for (PortPlan plan : PortPlan.all(cluster, node, config, v6)) {
            Vector<Endpoint> ready = plan.endpoints().filter(Endpoint::ready);
            if (ready.isEmpty()) {
                refuse(plan);
            } else {
                serve(plan, ready, chains);
            }
        }
        common.nodePortDispatch();
        common.oldMasquerade();
        common.oldForward();
        common.localnet();
        common.markDrop();
    }

    private void refuse(PortPlan plan) {
        String why = plan.label() + " has no endpoints";
        Vector<IpAddress> addresses =
                plan.externalIps().appendAll(plan.loadBalancerIps()).prepend(plan.clusterIp());
        addresses.forEach(address ->
                tables.filter.add("KUBE-SERVICES", to(address, plan, why).reject(v6)));
        plan.port()
                .nodePort()
                .forEach(nodePort -> tables.filter.add(
                        "KUBE-EXTERNAL-SERVICES",
                        RuleLine.any()
                                .comment(why)
                                .toLocal()
                                .port(plan.protocol(), nodePort)
                                .reject(v6)));
    }

    private void serve(PortPlan plan, Vector<Endpoint> ready, EndpointChains chains) {
        boolean local = plan.externalLocal();
        String target = local ? plan.xlb() : plan.svc();
        clusterIp(plan);
        externalIps(plan, target);
        loadBalancerIps(plan, target);
        nodePort(plan, target);
        chains.choose(plan, plan.svc(), ready);
        ready.forEach(endpoint -> chains.translate(plan, endpoint.address()));
        if (local) {
            xlb(plan, ready);
        }
    }

    private static RuleLine to(IpAddress address, PortPlan plan, String comment) {
        return RuleLine.any()
                .to(address)
                .comment(comment)
                .port(plan.protocol(), plan.port().port());
    }

    private void clusterIp(PortPlan plan) {
        String comment = plan.label() + " cluster IP";
        boolean detects = config.detector().isImplemented(v6);
        if (config.masqueradeAll() || detects) {
            RuleLine rule = to(plan.clusterIp(), plan, comment);
            if (!config.masqueradeAll()) {
                rule.pods(config.detector(), v6, false);
            }
            tables.nat.add("KUBE-SERVICES", rule.jump("KUBE-MARK-MASQ"));
        }
        tables.nat.add("KUBE-SERVICES", to(plan.clusterIp(), plan, comment).jump(plan.svc()));
    }

    /** A packet that comes over a bridge from a pod is left to the first node outside; see the two jumps. */
    private void externalIps(PortPlan plan, String target) {
        String comment = plan.label() + " external IP";
        for (IpAddress address : plan.externalIps()) {
            if (!plan.externalLocal()) {
                tables.nat.add("KUBE-SERVICES", to(address, plan, comment).jump("KUBE-MARK-MASQ"));
            }
            tables.nat.add(
                    "KUBE-SERVICES",
                    to(address, plan, comment)
                            .match("-m physdev ! --physdev-is-in")
                            .match("-m addrtype ! --src-type LOCAL")
                            .jump(target));
            tables.nat.add("KUBE-SERVICES", to(address, plan, comment).toLocal().jump(target));
        }
    }

    private void loadBalancerIps(PortPlan plan, String target) {
        if (plan.loadBalancerIps().isEmpty()) {
            return;
        }
        String comment = plan.label() + " loadbalancer IP";
        for (IpAddress address : plan.loadBalancerIps()) {
            tables.nat.add("KUBE-SERVICES", to(address, plan, comment).jump(plan.fw()));
            if (!plan.externalLocal()) {
                tables.nat.add(plan.fw(), RuleLine.any().comment(comment).jump("KUBE-MARK-MASQ"));
            }
            Vector<IpPrefix> ranges = plan.sourceRanges();
            if (ranges.isEmpty()) {
                tables.nat.add(plan.fw(), RuleLine.any().comment(comment).jump(target));
            }
            ranges.forEach(range -> tables.nat.add(
                    plan.fw(), RuleLine.any().from(range).comment(comment).jump(target)));
            if (node.primary().exists(own -> ranges.exists(range -> range.contains(own)))) {
                RuleLine rule = RuleLine.any().from(IpPrefix.host(address)).comment(comment);
                tables.nat.add(plan.fw(), rule.jump(target));
            }
            tables.nat.add(plan.fw(), RuleLine.any().comment(comment).jump("KUBE-MARK-DROP"));
        }
    }

    private void nodePort(PortPlan plan, String target) {
        for (int nodePort : plan.port().nodePort()) {
            RuleLine marked = RuleLine.any().comment(plan.label()).port(plan.protocol(), nodePort);
            if (plan.externalLocal()) {
                marked.from(v6 ? CommonRules.LOOPBACK_V6 : CommonRules.LOOPBACK_V4);
            }
            tables.nat.add("KUBE-NODEPORTS", marked.jump("KUBE-MARK-MASQ"));
            tables.nat.add(
                    "KUBE-NODEPORTS",
                    RuleLine.any()
                            .comment(plan.label())
                            .port(plan.protocol(), nodePort)
                            .jump(target));
        }
    }

    private void xlb(PortPlan plan, Vector<Endpoint> ready) {
        String chain = plan.xlb();
        config.detector()
                .prefix(v6)
                .forEach(pods -> tables.nat.add(
                        chain,
                        RuleLine.any()
                                .from(pods)
                                .comment("Redirect pods trying to reach external loadbalancer VIP to clusterIP")
                                .jump(plan.svc())));
        tables.nat.add(
                chain,
                RuleLine.any()
                        .comment("masquerade LOCAL traffic for " + plan.label() + " LB IP")
                        .fromLocal()
                        .jump("KUBE-MARK-MASQ"));
        tables.nat.add(
                chain,
                RuleLine.any()
                        .comment("route LOCAL traffic for " + plan.label() + " LB IP to service chain")
                        .fromLocal()
                        .jump(plan.svc()));
        Vector<Endpoint> here = ready.filter(endpoint -> endpoint.node().contains(node.name()));
        if (here.isEmpty()) {
            tables.nat.add(
                    chain,
                    RuleLine.any()
                            .comment(plan.label() + " has no local endpoints")
                            .jump("KUBE-MARK-DROP"));
        }
        for (int seconds : plan.affinity()) {
            for (Endpoint endpoint : here) {
                String sep = plan.sep(endpoint.address());
                tables.nat.add(
                        chain,
                        RuleLine.any()
                                .comment(plan.label())
                                .recentlyUsed(sep, seconds, v6)
                                .jump(sep));
            }
        }
        for (int i = 0; i < here.size(); i++) {
            RuleLine rule = RuleLine.any().comment("Balancing rule " + i + " for " + plan.label());
            if (i < here.size() - 1) {
                String share = Probability.saved(here.size() - i, config.style());
                rule.match("-m statistic --mode random --probability " + share);
            }
            tables.nat.add(chain, rule.jump(plan.sep(here.get(i).address())));
        }
    }
}
