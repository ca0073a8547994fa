/** The IPVS mode of kube-proxy. */
module dev.podpath.proxy.ipvs {
    requires transitive dev.podpath.ports;
    requires static transitive org.jspecify;

    exports dev.podpath.proxy.ipvs.parse;
    exports dev.podpath.proxy.ipvs.schedule;
    exports dev.podpath.proxy.ipvs.table;
}
