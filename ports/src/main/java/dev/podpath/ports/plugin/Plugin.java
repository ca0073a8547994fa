package dev.podpath.ports.plugin;

import dev.podpath.core.finding.FindingCode;
import io.vavr.collection.Vector;

/**
 * What every plugin tells about itself. A plugin implements one of {@link InventoryProvider}, {@link ResolverProvider},
 * {@link ProxyModeProvider} and {@link dev.podpath.ports.capture.Collector}, is listed under that name in {@code META-INF/services}, has a public constructor
 * without parameters that does nothing costly, and keeps no state.
 */
public interface Plugin {
    /** The version of these interfaces; a plugin made for another one is reported and left out. */
    int API_VERSION = 1;

    /** Unique lower-case name among plugins of its kind, such as {@code aliyun}. */
    String id();

    /** One line for people. */
    String description();

    /** The version of the interfaces this plugin was made for. */
    default int apiVersion() {
        return API_VERSION;
    }

    /** The kinds of findings this plugin can make; what {@code podpath explain} knows of them. */
    default Vector<FindingCode> findings() {
        return Vector.empty();
    }
}
