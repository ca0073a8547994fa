/** kube-proxy in iptables mode: reads, evaluates and partitions a node's packet filter rules. */
module dev.podpath.proxy.iptables {
    requires transitive dev.podpath.ports;
    requires static org.jspecify;

    exports dev.podpath.proxy.iptables;
    exports dev.podpath.proxy.iptables.eval;
    exports dev.podpath.proxy.iptables.rule;

    provides dev.podpath.ports.plugin.ProxyModeProvider with
            dev.podpath.proxy.iptables.IptablesMode;
}
