package dev.podpath.testkit.reference;

/** The tables kube-proxy and the kubelet have chains in, with the chains they use to notice that somebody flushed them. */
final class RuleTables {
    final TableText filter = new TableText("filter", "INPUT", "FORWARD", "OUTPUT");
    final TableText nat = new TableText("nat", "PREROUTING", "INPUT", "OUTPUT", "POSTROUTING");
    private final TableText mangle = new TableText("mangle", "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");

    RuleTables() {
        this(true);
    }

    private RuleTables(boolean proxyCanary) {
        for (TableText table : new TableText[] {filter, nat, mangle}) {
            if (proxyCanary) {
                table.chain("KUBE-PROXY-CANARY");
            }
            table.chain("KUBE-KUBELET-CANARY");
        }
        mangle.chain("KUBE-IPTABLES-HINT");
    }

    /** In IPVS mode kube-proxy has no such chain. */
    static RuleTables withoutProxyCanary() {
        return new RuleTables(false);
    }

    String render() {
        StringBuilder out = new StringBuilder(1 << 14);
        mangle.render(out);
        filter.render(out);
        nat.render(out);
        return out.toString();
    }
}
