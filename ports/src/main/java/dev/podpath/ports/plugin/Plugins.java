package dev.podpath.ports.plugin;

import dev.podpath.core.finding.FindingCode;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ServiceLoader;

/**
 * The plugins in use, sorted by id, and what was wrong with others.
 *
 * @param inventories readers of what the orchestrator says; exactly one is wanted
 * @param resolvers makers of resolvers
 * @param modes modes of kube-proxy
 * @param problems plugins that are missing, broken, duplicate or made for another version, one sentence each
 */
public record Plugins(
        Vector<InventoryProvider> inventories,
        Vector<ResolverProvider> resolvers,
        Vector<ProxyModeProvider> modes,
        Vector<String> problems) {

    /** The plugins installed on the class path or module path, by {@link java.util.ServiceLoader}. */
    public static Plugins installed() {
        return PluginLoader.load(
                Option.of(Thread.currentThread().getContextClassLoader()).getOrElse(ClassLoader::getSystemClassLoader));
    }

    /** The mode of this name. */
    public Option<ProxyModeProvider> mode(String id) {
        return modes.find(mode -> mode.id().equals(id));
    }

    /** All plugins, by kind and id. */
    public Vector<Plugin> all() {
        return Vector.<Plugin>ofAll(inventories).appendAll(resolvers).appendAll(modes);
    }

    /** Every kind of finding some plugin can make, sorted by code, each once. */
    public Vector<FindingCode> findings() {
        return all().flatMap(Plugin::findings).distinctBy(FindingCode::code).sortBy(FindingCode::code);
    }

    /**
     * Plugins of one kind.
     *
     * @param plugins those that can be used, sorted by id
     * @param problems what is wrong with others, one sentence each
     */
    public record Discovered<P extends Plugin>(Vector<P> plugins, Vector<String> problems) {}

    /** Finds plugins of a kind that is loaded apart from the others. */
    public static <P extends Plugin> Discovered<P> discover(Class<P> kind, ServiceLoader<P> services) {
        return PluginLoader.discover(kind, services);
    }
}
