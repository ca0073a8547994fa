/** Addresses, prefixes, ports and protocols: plain values without any knowledge of clouds or clusters. */
@NullMarked
package dev.podpath.core.net;

import org.jspecify.annotations.NullMarked;
