package dev.podpath.testkit.reference;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import io.vavr.collection.Vector;

/** The rules that do not belong to a service. */
final class CommonRules {
    static final IpPrefix LOOPBACK_V4 = IpPrefix.of("127.0.0.0/8");
    static final IpPrefix LOOPBACK_V6 = IpPrefix.of("::1/128");
    private static final int DROP_MARK = 0x8000;

    private final RuleTables tables;
    private final NodeFacts node;
    private final WriterConfig config;
    private final boolean v6;

    CommonRules(RuleTables tables, NodeFacts node, WriterConfig config, boolean v6) {
        this.tables = tables;
        this.node = node;
        this.config = config;
        this.v6 = v6;
    }

    /** The jumps from the built-in chains of 1.24 and later. */
    void hooks(boolean firewallTable) {
        for (String chain : new String[] {"INPUT", "FORWARD", "OUTPUT"}) {
            if (firewallTable) {
                hook(chain, "kubernetes load balancer firewall", "KUBE-PROXY-FIREWALL");
            }
            switch (chain) {
                case "INPUT" -> {
                    tables.filter.add(
                            chain,
                            RuleLine.any()
                                    .comment("kubernetes health check service ports")
                                    .jump("KUBE-NODEPORTS"));
                    external(chain);
                }
                case "FORWARD" -> {
                    forwardHook();
                    portals(chain);
                    external(chain);
                }
                default -> portals(chain);
            }
        }
        firewallHooks();
        for (String chain : new String[] {"KUBE-NODEPORTS", "KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES"}) {
            tables.filter.chain(chain);
        }
        if (firewallTable) {
            tables.filter.chain("KUBE-PROXY-FIREWALL");
        }
        natHooks();
    }

    /** The jumps up to 1.23. */
    void oldHooks() {
        external("INPUT");
        portals("INPUT");
        forwardHook();
        portals("FORWARD");
        portals("OUTPUT");
        firewallHooks();
        tables.filter.chain("KUBE-SERVICES");
        tables.filter.chain("KUBE-EXTERNAL-SERVICES");
        natHooks();
    }

    private void hook(String chain, String comment, String target) {
        tables.filter.add(chain, RuleLine.any().newConnection().comment(comment).jump(target));
    }

    private void portals(String chain) {
        hook(chain, "kubernetes service portals", "KUBE-SERVICES");
    }

    private void external(String chain) {
        hook(chain, "kubernetes externally-visible service portals", "KUBE-EXTERNAL-SERVICES");
    }

    private void forwardHook() {
        tables.filter.add(
                "FORWARD", RuleLine.any().comment("kubernetes forwarding rules").jump("KUBE-FORWARD"));
    }

    private void firewallHooks() {
        if (hasLocalnetRule() || config.style() != RuleStyle.SINCE_1_26) {
            tables.filter.add("INPUT", RuleLine.any().jump("KUBE-FIREWALL"));
            tables.filter.add("OUTPUT", RuleLine.any().jump("KUBE-FIREWALL"));
            tables.filter.chain("KUBE-FIREWALL");
        }
    }

    private void natHooks() {
        String portals = RuleLine.any().comment("kubernetes service portals").jump("KUBE-SERVICES");
        tables.nat.add("PREROUTING", portals);
        tables.nat.add("OUTPUT", portals);
        tables.nat.add(
                "POSTROUTING",
                RuleLine.any().comment("kubernetes postrouting rules").jump("KUBE-POSTROUTING"));
        tables.nat.chain("KUBE-SERVICES");
        tables.nat.chain("KUBE-NODEPORTS");
    }

    /** The last rule of KUBE-SERVICES: what is meant for the node itself may be for a node port. */
    void nodePortDispatch() {
        String note = "kubernetes service nodeports; NOTE: this must be the last rule in this chain";
        Vector<IpPrefix> wanted =
                config.nodePortAddresses().filter(prefix -> prefix.address().isV6() == v6);
        if (wanted.isEmpty() || wanted.exists(prefix -> prefix.length() == 0)) {
            RuleLine rule = RuleLine.any().comment(note).toLocal();
            if (v6) {
                rule.notTo(LOOPBACK_V6);
            } else if (!config.localhostNodePorts()) {
                rule.notTo(LOOPBACK_V4);
            }
            tables.nat.add("KUBE-SERVICES", rule.jump("KUBE-NODEPORTS"));
            return;
        }
        for (IpAddress address : node.local()) {
            boolean refused = address.isLoopback() && (v6 || !config.localhostNodePorts());
            if (!refused && wanted.exists(prefix -> prefix.contains(address))) {
                tables.nat.add(
                        "KUBE-SERVICES",
                        RuleLine.any().to(address).comment(note).jump("KUBE-NODEPORTS"));
            }
        }
    }

    /** Sets the mark that asks for masquerade, and grants it: the mark is taken off before the packet leaves. */
    void masquerade() {
        setMark("KUBE-MARK-MASQ", config.mark());
        String mark = RuleLine.hex(config.mark());
        tables.nat.add(
                "KUBE-POSTROUTING",
                RuleLine.any().match("-m mark ! --mark " + mark + "/" + mark).jump("RETURN"));
        tables.nat.add("KUBE-POSTROUTING", RuleLine.any().jump("MARK --set-xmark " + mark + "/0x0"));
        tables.nat.add(
                "KUBE-POSTROUTING",
                RuleLine.any()
                        .comment("kubernetes service traffic requiring SNAT")
                        .jump(masqueradeTarget()));
    }

    /** The same up to 1.23: the mark stays on. */
    void oldMasquerade() {
        setMark("KUBE-MARK-MASQ", config.mark());
        tables.nat.add(
                "KUBE-POSTROUTING",
                RuleLine.any()
                        .comment("kubernetes service traffic requiring SNAT")
                        .mark(config.mark())
                        .jump(masqueradeTarget()));
    }

    private String masqueradeTarget() {
        return config.randomFully() ? "MASQUERADE --random-fully" : "MASQUERADE";
    }

    private void setMark(String chain, int mark) {
        tables.nat.add(chain, RuleLine.any().jump("MARK --set-xmark " + RuleLine.hex(mark) + "/" + RuleLine.hex(mark)));
    }

    void forward() {
        forwardStart();
        tables.filter.add(
                "KUBE-FORWARD",
                RuleLine.any()
                        .comment("kubernetes forwarding conntrack rule")
                        .match("-m conntrack --ctstate RELATED,ESTABLISHED")
                        .jump("ACCEPT"));
    }

    /** The same up to 1.23: what belongs to a connection may pass only from and to pods. */
    void oldForward() {
        forwardStart();
        for (IpPrefix pods : config.detector().prefix(v6)) {
            for (String end : new String[] {"source", "destination"}) {
                RuleLine rule = RuleLine.any()
                        .comment("kubernetes forwarding conntrack pod " + end + " rule")
                        .match("-m conntrack --ctstate RELATED,ESTABLISHED");
                tables.filter.add(
                        "KUBE-FORWARD", (end.equals("source") ? rule.from(pods) : rule.to(pods)).jump("ACCEPT"));
            }
        }
    }

    private void forwardStart() {
        if (!config.conntrackLiberal()) {
            RuleLine invalid = RuleLine.any().match("-m conntrack --ctstate INVALID");
            if (config.nfacct()) {
                invalid.counted("ct_state_invalid_dropped_pkts");
            }
            tables.filter.add("KUBE-FORWARD", invalid.jump("DROP"));
        }
        tables.filter.add(
                "KUBE-FORWARD",
                RuleLine.any()
                        .comment("kubernetes forwarding rules")
                        .mark(config.mark())
                        .jump("ACCEPT"));
    }

    private boolean hasLocalnetRule() {
        return !v6 && config.localhostNodePorts();
    }

    /** Keeps others from the loopback addresses that node ports at localhost open up. */
    void localnet() {
        if (hasLocalnetRule()) {
            tables.filter.add(
                    "KUBE-FIREWALL",
                    RuleLine.any()
                            .notFrom(LOOPBACK_V4)
                            .to(LOOPBACK_V4)
                            .comment("block incoming localnet connections")
                            .match("-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT")
                            .jump("DROP"));
        }
    }

    /** The kubelet's rules that drop what kube-proxy marks for it; they stand in INPUT and OUTPUT only. */
    void markDrop() {
        setMark("KUBE-MARK-DROP", DROP_MARK);
        tables.filter.add(
                "KUBE-FIREWALL",
                RuleLine.any()
                        .comment("kubernetes firewall for dropping marked packets")
                        .mark(DROP_MARK)
                        .jump("DROP"));
    }
}
