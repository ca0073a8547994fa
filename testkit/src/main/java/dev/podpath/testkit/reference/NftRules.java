package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import java.util.Locale;

/** The rules of one address family in nftables mode. */
final class NftRules {
    private static final String MARK = "jump mark-for-masquerade";
    private static final String SERVICES = "map service-ips";
    private static final String NODE_PORTS = "map service-nodeports";
    private static final String EMPTY_SERVICES = "map no-endpoint-services";
    private static final String EMPTY_NODE_PORTS = "map no-endpoint-nodeports";
    private static final String FIREWALL = "map firewall-ips";

    private final NftTable table;
    private final NodeFacts node;
    private final WriterConfig config;
    private final NftablesStyle style;
    private final boolean v6;
    private final String ip;

    NftRules(NftTable table, NodeFacts node, WriterConfig config, NftablesStyle style, boolean v6) {
        this.table = table;
        this.node = node;
        this.config = config;
        this.style = style;
        this.v6 = v6;
        this.ip = v6 ? "ip6" : "ip";
    }

    void write(Cluster cluster) {
        sets();
        hooks();
        Vector<PortPlan> plans = PortPlan.all(cluster, node, config, v6);
        Set<IpAddress> active = HashSet.empty();
        for (PortPlan plan : plans) {
            if (!active.contains(plan.clusterIp())) {
                table.element("set cluster-ips", plan.clusterIp().toString());
                active = active.add(plan.clusterIp());
            }
            write(plan);
        }
    }

    private void sets() {
        String address = v6 ? "ipv6_addr" : "ipv4_addr";
        String key = "type " + address + " . inet_proto . inet_service : verdict";
        String port = "type inet_proto . inet_service : verdict";
        table.set("set cluster-ips", "type " + address, "comment \"Active ClusterIPs\"");
        if (!everyNodePort()) {
            table.set("set nodeport-ips", "type " + address, "comment \"IPs that accept NodePort traffic\"");
            nodePortAddresses().forEach(own -> table.element("set nodeport-ips", own.toString()));
        }
        table.set(EMPTY_SERVICES, key, "comment \"vmap to drop or reject packets to services with no endpoints\"");
        table.set(
                EMPTY_NODE_PORTS,
                port,
                "comment \"vmap to drop or reject packets to service nodeports with no endpoints\"");
        table.set(FIREWALL, key, "comment \"destinations that are subject to LoadBalancerSourceRanges\"");
        table.set(SERVICES, key, "comment \"ClusterIP, ExternalIP and LoadBalancer IP traffic\"");
        table.set(NODE_PORTS, port, "comment \"NodePort traffic\"");
    }

    private Vector<IpPrefix> wanted() {
        return config.nodePortAddresses().filter(prefix -> prefix.address().isV6() == v6);
    }

    private boolean everyNodePort() {
        return wanted().exists(prefix -> prefix.length() == 0);
    }

    /** The primary address, or those asked for; never a loopback address. */
    private Vector<IpAddress> nodePortAddresses() {
        Vector<IpPrefix> wanted = wanted();
        return wanted.isEmpty()
                ? node.primary().toVector()
                : node.local().filter(own -> !own.isLoopback() && wanted.exists(prefix -> prefix.contains(own)));
    }

    private void hooks() {
        if (style == NftablesStyle.SINCE_1_34) {
            table.base("filter-prerouting-pre-dnat", "filter", "prerouting", "dstnat - 10");
            table.base("filter-output-pre-dnat", "filter", "output", "-110");
            table.base("filter-input", "filter", "input", "filter");
            table.base("filter-forward", "filter", "forward", "filter");
            table.base("filter-output", "filter", "output", "filter");
        } else {
            table.base("filter-prerouting", "filter", "prerouting", "dstnat - 10");
            table.base("filter-input", "filter", "input", "-110");
            table.base("filter-forward", "filter", "forward", "-110");
            table.base("filter-output", "filter", "output", "-110");
            table.base("filter-output-post-dnat", "filter", "output", "-90");
        }
        table.base("nat-prerouting", "nat", "prerouting", "dstnat");
        table.base("nat-output", "nat", "output", "-100");
        table.base("nat-postrouting", "nat", "postrouting", "srcnat");
        String fresh = "ct state new jump ";
        table.add("filter-input", fresh + "nodeport-endpoints-check");
        table.add("filter-input", fresh + "service-endpoints-check");
        table.add("filter-forward", fresh + "service-endpoints-check");
        table.add("filter-forward", fresh + "cluster-ips-check");
        table.add("filter-output", fresh + "service-endpoints-check");
        if (style == NftablesStyle.SINCE_1_34) {
            table.add("filter-output", fresh + "cluster-ips-check");
            table.add("filter-prerouting-pre-dnat", fresh + "firewall-check");
            table.add("filter-output-pre-dnat", fresh + "firewall-check");
        } else {
            table.add("filter-prerouting", fresh + "firewall-check");
            table.add("filter-output", fresh + "firewall-check");
            table.add("filter-output-post-dnat", fresh + "cluster-ips-check");
        }
        table.add("nat-prerouting", "jump services");
        table.add("nat-output", "jump services");
        table.add("nat-postrouting", "jump masquerading");
        chains();
    }

    private void chains() {
        String key = ip + " daddr . meta l4proto . th dport vmap @";
        String local = everyNodePort()
                ? "fib daddr type local " + ip + " daddr != " + (v6 ? "::1" : "127.0.0.0/8")
                : ip + " daddr @nodeport-ips";
        table.add(
                "cluster-ips-check",
                ip + " daddr @cluster-ips reject comment \"Reject traffic to invalid ports of ClusterIPs\"");
        for (IpPrefix range :
                config.serviceRanges().filter(prefix -> prefix.address().isV6() == v6)) {
            table.add(
                    "cluster-ips-check",
                    ip + " daddr " + range + " drop comment \"Drop traffic to unallocated ClusterIPs\"");
        }
        table.add("nodeport-endpoints-check", local + " meta l4proto . th dport vmap @no-endpoint-nodeports");
        table.add("service-endpoints-check", key + "no-endpoint-services");
        table.add("firewall-check", key + "firewall-ips");
        String mark = String.format(Locale.ROOT, "0x%08x", config.mark());
        table.add("masquerading", "meta mark & " + mark + " == 0x00000000 return");
        table.add("masquerading", "meta mark set meta mark ^ " + mark);
        table.add("masquerading", "masquerade fully-random");
        table.add("mark-for-masquerade", "meta mark set meta mark | " + mark);
        table.add("reject-chain", "reject comment \"helper for @no-endpoint-services / @no-endpoint-nodeports\"");
        table.add("services", key + "service-ips");
        table.add("services", local + " meta l4proto . th dport vmap @service-nodeports");
    }

    private static String name(String prefix, PortPlan plan) {
        return NftNames.ofService(prefix, plan.service().key(), plan.port());
    }

    private static String name(String prefix, PortPlan plan, AddressPort endpoint) {
        return NftNames.ofEndpoint(prefix, plan.service().key(), plan.port(), endpoint);
    }

    private String detector(boolean local) {
        String not = local ? " " : " != ";
        if (config.detector() instanceof LocalDetector.ByBridge bridge) {
            return "iifname" + not + "\"" + bridge.name() + "\" ";
        }
        if (config.detector() instanceof LocalDetector.ByInterfacePrefix names) {
            return "iifname" + not + "\"" + names.prefix() + "*\" ";
        }
        return config.detector()
                .prefix(v6)
                .map(prefix -> ip + " saddr" + not + prefix + " ")
                .getOrElse("");
    }

    private void write(PortPlan plan) {
        boolean any = plan.use().hasAny();
        boolean internal = any && (!plan.internalLocal() || !plan.use().local().isEmpty());
        boolean external = any && (!plan.externalLocal() || !plan.use().local().isEmpty());
        String refused = any ? "drop" : "goto reject-chain";
        String service = name("service-", plan);
        String local = name("local-", plan);
        String outside = name("external-", plan);
        String port = " . " + plan.protocol().lower() + " . " + plan.port().port();
        String comment = " comment \"" + plan.label() + "\" : ";
        String inner = plan.internalLocal() ? local : service;
        table.element(
                internal ? SERVICES : EMPTY_SERVICES,
                internal ? plan.clusterIp() + port + " : goto " + inner : plan.clusterIp() + port + comment + refused);
        for (IpAddress address : plan.externalIps().appendAll(plan.loadBalancerIps())) {
            if (any) {
                table.element(SERVICES, address + port + " : goto " + outside);
            }
            if (!external) {
                table.element(EMPTY_SERVICES, address + port + comment + refused);
            }
        }
        for (int nodePort : plan.port().nodePort()) {
            String key = plan.protocol().lower() + " . " + nodePort;
            if (any) {
                table.element(NODE_PORTS, key + " : goto " + outside);
            }
            if (!external) {
                table.element(EMPTY_NODE_PORTS, key + comment + refused);
            }
        }
        firewall(plan, port, comment);
        if (!any) {
            return;
        }
        if (plan.isExternal()) {
            external(plan, outside, service, local, external);
        }
        if (internal) {
            masquerade(plan, inner);
        }
        if (plan.use().usesCluster() && !plan.use().cluster().isEmpty()) {
            choose(plan, service, plan.use().cluster());
        }
        if (plan.use().usesLocal() && !plan.use().local().isEmpty()) {
            choose(plan, local, plan.use().local());
        }
        plan.use()
                .cluster()
                .appendAll(plan.use().local())
                .distinctBy(Endpoint::address)
                .forEach(endpoint -> translate(plan, endpoint.address()));
    }

    private void firewall(PortPlan plan, String port, String comment) {
        Vector<IpPrefix> ranges = plan.sourceRanges();
        if (ranges.isEmpty() || plan.loadBalancerIps().isEmpty()) {
            return;
        }
        String chain = name("firewall-", plan);
        boolean nodeIsAllowed = node.primary().exists(address -> ranges.exists(range -> range.contains(address)));
        Vector<String> sources = ranges.map(IpPrefix::toString)
                .appendAll(nodeIsAllowed ? plan.loadBalancerIps().map(IpAddress::toString) : Vector.empty())
                .distinct();
        String set = sources.size() == 1 ? sources.head() : "{ " + sources.mkString(", ") + " }";
        table.add(chain, ip + " saddr != " + set + " drop");
        for (IpAddress address : plan.loadBalancerIps()) {
            table.element(FIREWALL, address + port + comment + "goto " + chain);
        }
    }

    private void external(PortPlan plan, String outside, String service, String local, boolean here) {
        if (!plan.externalLocal()) {
            table.add(outside, MARK);
            table.add(outside, "goto " + service);
            return;
        }
        if (config.detector().isImplemented(v6)) {
            table.add(outside, detector(true) + "goto " + service + " comment \"short-circuit pod traffic\"");
        }
        table.add(outside, "fib saddr type local " + MARK + " comment \"masquerade local traffic\"");
        table.add(outside, "fib saddr type local goto " + service + " comment \"short-circuit local traffic\"");
        if (here) {
            table.add(outside, "goto " + local);
        }
    }

    private void masquerade(PortPlan plan, String chain) {
        if (!config.masqueradeAll() && !config.detector().isImplemented(v6)) {
            return;
        }
        String from = config.masqueradeAll() ? "" : detector(false);
        table.add(
                chain,
                ip + " daddr " + plan.clusterIp() + " " + plan.protocol().lower() + " dport "
                        + plan.port().port() + " " + from + MARK);
    }

    private void choose(PortPlan plan, String chain, Vector<Endpoint> endpoints) {
        if (plan.affinity().isDefined()) {
            for (Endpoint endpoint : endpoints) {
                AddressPort to = endpoint.address();
                table.add(
                        chain, ip + " saddr @" + name("affinity-", plan, to) + " goto " + name("endpoint-", plan, to));
            }
        }
        Vector<String> ways =
                endpoints.zipWithIndex((endpoint, i) -> i + " : goto " + name("endpoint-", plan, endpoint.address()));
        table.add(chain, "numgen random mod " + endpoints.size() + " vmap { " + ways.mkString(", ") + " }");
    }

    private void translate(PortPlan plan, AddressPort endpoint) {
        String chain = name("endpoint-", plan, endpoint);
        table.add(chain, ip + " saddr " + endpoint.address() + " " + MARK);
        for (int seconds : plan.affinity()) {
            String set = name("affinity-", plan, endpoint);
            table.set(
                    "set " + set,
                    "type " + (v6 ? "ipv6_addr" : "ipv4_addr"),
                    "size 65535",
                    "flags dynamic,timeout",
                    "timeout " + seconds + "s");
            table.add(chain, "update @" + set + " { " + ip + " saddr }");
        }
        table.add(chain, "meta l4proto " + plan.protocol().lower() + " dnat to " + endpoint);
    }
}
