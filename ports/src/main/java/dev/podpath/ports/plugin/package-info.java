/** What a plugin implements, and how plugins are found. Start at {@link dev.podpath.ports.plugin.Plugin}. */
@NullMarked
package dev.podpath.ports.plugin;

import org.jspecify.annotations.NullMarked;
