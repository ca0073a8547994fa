/** From the bytes of {@code iptables-save} and {@code ipset save} to rules and sets. */
@NullMarked
package dev.podpath.proxy.iptables.parse;

import org.jspecify.annotations.NullMarked;
