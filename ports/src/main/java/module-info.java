/** The plug-in boundary of Podpath and its driving API. Knows no vendor. */
module dev.podpath.ports {
    requires transitive dev.podpath.core;
    requires com.fasterxml.jackson.core;
    requires org.apache.commons.compress;
    requires org.snakeyaml.engine;
    requires dagger;
    requires jakarta.inject;
    requires static org.immutables.value.annotations;

    exports dev.podpath.ports;
    exports dev.podpath.ports.capture;
    exports dev.podpath.ports.node;
    exports dev.podpath.ports.plugin;
    exports dev.podpath.ports.redact;
    exports dev.podpath.ports.request;
    exports dev.podpath.ports.snapshot;

    uses dev.podpath.ports.capture.Collector;
    uses dev.podpath.ports.plugin.InventoryProvider;
    uses dev.podpath.ports.plugin.ProxyModeProvider;
    uses dev.podpath.ports.plugin.ResolverProvider;
}
