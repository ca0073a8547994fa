package dev.podpath.k8s.dns.server;

import dev.podpath.k8s.dns.corefile.Corefile;
import dev.podpath.k8s.dns.corefile.Corefile.Directive;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The options of CoreDNS's {@code kubernetes} plugin ({@code plugin/kubernetes/setup.go}).
 *
 * @param zones the zones it serves, forward and reverse
 * @param pods {@code disabled}, {@code insecure} or {@code verified}; empty where no Corefile was captured
 * @param endpointPodNames whether endpoints without a host name are called as their pods
 * @param withoutEndpoints whether endpoints are not looked at
 * @param ignoresEmpty whether a service without endpoints has no name
 * @param namespaces the only namespaces that are served; empty for all
 * @param fallThrough zones for which names that do not exist are left to the next plugin
 * @param limits options that are not followed
 */
record KubernetesOptions(
        Vector<String> zones,
        Option<String> pods,
        boolean endpointPodNames,
        boolean withoutEndpoints,
        boolean ignoresEmpty,
        Vector<String> namespaces,
        Vector<String> fallThrough,
        Vector<String> limits) {
    private static final Vector<String> NOT_FOLLOWED =
            Vector.of("labels", "namespace_labels", "multicluster", "zonal", "endpoint");

    static KubernetesOptions of(Directive plugin, Vector<String> serverZones) {
        Vector<String> zones = plugin.args().map(Corefile::name);
        Vector<String> own = zones.isEmpty() ? serverZones : zones;
        Option<Directive> fall = plugin.option("fallthrough");
        return new KubernetesOptions(
                own.flatMap(KubernetesOptions::reverse),
                Option.some(plugin.option("pods")
                        .flatMap(option -> option.args().headOption())
                        .getOrElse("disabled")),
                plugin.option("endpoint_pod_names").isDefined(),
                plugin.option("noendpoints").isDefined(),
                plugin.option("ignore").exists(option -> option.args().contains("empty_service")),
                plugin.block()
                        .filter(option -> option.name().equals("namespaces"))
                        .flatMap(Directive::args),
                fall.isEmpty()
                        ? Vector.empty()
                        : fall.get().args().isEmpty() ? own : fall.get().args().map(Corefile::name),
                plugin.block().map(Directive::name).filter(NOT_FOLLOWED::contains));
    }

    /** What a cluster without a captured Corefile is taken to have. */
    static KubernetesOptions usual(String domain) {
        return new KubernetesOptions(
                Vector.of(domain, "in-addr.arpa", "ip6.arpa"),
                Option.none(),
                false,
                false,
                false,
                Vector.empty(),
                Vector.of("in-addr.arpa", "ip6.arpa"),
                Vector.empty());
    }

    /** A zone, or the zone of a prefix such as {@code 10.0.0.0/8}. */
    private static Vector<String> reverse(String zone) {
        int slash = zone.indexOf('/');
        if (slash < 0) {
            return Vector.of(zone);
        }
        String[] parts = zone.substring(0, slash).split("\\.");
        int octets = zone.endsWith("/24") ? 3 : zone.endsWith("/16") ? 2 : zone.endsWith("/8") ? 1 : 0;
        if (parts.length != 4 || octets == 0) {
            return Vector.of("in-addr.arpa");
        }
        return Vector.of(Vector.of(parts).take(octets).reverse().mkString(".") + ".in-addr.arpa");
    }

    /** The zone of the plugin that holds a name. */
    Option<String> zoneOf(String name) {
        return zones.filter(zone -> Corefile.isIn(name, zone)).maxBy(String::length);
    }

    boolean fallsThrough(String name) {
        return fallThrough.exists(zone -> Corefile.isIn(name, zone));
    }
}
