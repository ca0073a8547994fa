/** The immutable domain of Podpath, its resolution ports and its engines. Knows no vendor, file or socket. */
module dev.podpath.core {
    requires transitive io.vavr;
    requires static org.immutables.value.annotations;
    requires static transitive org.jspecify;

    exports dev.podpath.core;
    exports dev.podpath.core.cluster;
    exports dev.podpath.core.finding;
    exports dev.podpath.core.intent;
    exports dev.podpath.core.location;
    exports dev.podpath.core.net;
    exports dev.podpath.core.packet;
    exports dev.podpath.core.proxy;
    exports dev.podpath.core.proxy.walk;
    exports dev.podpath.core.resolve;
    exports dev.podpath.core.trace;
    exports dev.podpath.core.verify;
}
