/** kube-proxy in nftables mode: reads, evaluates and partitions a node's nftables rules. */
module dev.podpath.proxy.nftables {
    requires transitive dev.podpath.ports;
    requires static org.jspecify;

    exports dev.podpath.proxy.nftables;
    exports dev.podpath.proxy.nftables.eval;
    exports dev.podpath.proxy.nftables.rule;

    provides dev.podpath.ports.plugin.ProxyModeProvider with
            dev.podpath.proxy.nftables.NftablesMode;
}
