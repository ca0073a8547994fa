package dev.podpath.ports.plugin;

import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds plugins and says plainly what is wrong with those it leaves out. */
final class PluginLoader {
    private final List<String> problems = new ArrayList<>();

    private PluginLoader() {}

    static Plugins load(ClassLoader loader) {
        PluginLoader run = new PluginLoader();
        Vector<InventoryProvider> inventories =
                run.load(InventoryProvider.class, ServiceLoader.load(InventoryProvider.class, loader));
        Vector<ResolverProvider> resolvers =
                run.load(ResolverProvider.class, ServiceLoader.load(ResolverProvider.class, loader));
        Vector<ProxyModeProvider> modes =
                run.load(ProxyModeProvider.class, ServiceLoader.load(ProxyModeProvider.class, loader));
        if (inventories.isEmpty()) {
            run.problems.add("no plugin reads the cluster's objects: none is listed under "
                    + InventoryProvider.class.getName() + "; add podpath-adapters-k8s to the class path");
        }
        if (modes.isEmpty()) {
            run.problems.add("no plugin reads a node's rules: none is listed under " + ProxyModeProvider.class.getName()
                    + "; add podpath-kube-proxy-iptables or podpath-kube-proxy-ipvs to the class path");
        }
        return new Plugins(inventories, resolvers, modes, Vector.ofAll(run.problems));
    }

    static <P extends Plugin> Plugins.Discovered<P> discover(Class<P> kind, ServiceLoader<P> services) {
        PluginLoader run = new PluginLoader();
        Vector<P> found = run.load(kind, services);
        return new Plugins.Discovered<>(found, Vector.ofAll(run.problems));
    }

    private <P extends Plugin> Vector<P> load(Class<P> kind, ServiceLoader<P> services) {
        List<P> found = new ArrayList<>();
        Iterator<P> iterator = services.iterator();
        int broken = 0;
        while (broken < 100) {
            try {
                if (!iterator.hasNext()) {
                    break;
                }
                P plugin = iterator.next();
                if (plugin.apiVersion() == Plugin.API_VERSION) {
                    found.add(plugin);
                } else {
                    problems.add("plugin " + plugin.id() + " ("
                            + plugin.getClass().getName()
                            + ") was made for version " + plugin.apiVersion() + " of the plugin interfaces, this is "
                            + Plugin.API_VERSION + "; it is left out");
                }
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                broken++;
                problems.add("a plugin listed under " + kind.getName() + " is broken and left out: " + e.getMessage());
            }
        }
        return withoutDuplicates(kind, Vector.ofAll(found));
    }

    /** Of two plugins with one id neither is used: which one were meant cannot be told. */
    private <P extends Plugin> Vector<P> withoutDuplicates(Class<P> kind, Vector<P> found) {
        Vector<String> duplicates = found.map(Plugin::id)
                .groupBy(id -> id)
                .filter((id, all) -> all.size() > 1)
                .keySet()
                .toVector()
                .sorted();
        duplicates.forEach(id -> problems.add("several plugins of kind " + kind.getSimpleName() + " are called " + id
                + ": "
                + found.filter(plugin -> plugin.id().equals(id))
                        .map(plugin -> plugin.getClass().getName())
                        .mkString(", ")
                + "; none of them is used, remove all but one"));
        return found.reject(plugin -> duplicates.contains(plugin.id())).sortBy(Plugin::id);
    }
}
