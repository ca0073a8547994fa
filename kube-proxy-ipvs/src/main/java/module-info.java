/** kube-proxy in IPVS mode: reads IPVS tables and tells which real server a connection gets. */
module dev.podpath.proxy.ipvs {
    requires transitive dev.podpath.ports;
    requires dev.podpath.proxy.iptables;
    requires static org.jspecify;

    exports dev.podpath.proxy.ipvs;
    exports dev.podpath.proxy.ipvs.parse;
    exports dev.podpath.proxy.ipvs.schedule;
    exports dev.podpath.proxy.ipvs.table;

    provides dev.podpath.ports.plugin.ProxyModeProvider with
            dev.podpath.proxy.ipvs.IpvsMode;
}
