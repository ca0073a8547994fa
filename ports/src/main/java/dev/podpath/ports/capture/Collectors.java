package dev.podpath.ports.capture;

import dev.podpath.ports.plugin.Plugins;
import io.vavr.collection.Vector;
import java.util.ServiceLoader;

/**
 * The collectors in use, sorted by id.
 *
 * @param collectors what captures
 * @param problems collectors that are broken, duplicate or made for another version, one sentence each
 */
public record Collectors(Vector<Collector> collectors, Vector<String> problems) {
    /** Those a class loader sees. */
    public static Collectors of(ClassLoader loader) {
        Plugins.Discovered<Collector> found =
                Plugins.discover(Collector.class, ServiceLoader.load(Collector.class, loader));
        return new Collectors(found.plugins(), found.problems());
    }
}
