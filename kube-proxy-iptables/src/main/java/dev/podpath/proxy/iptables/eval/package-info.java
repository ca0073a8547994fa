/** What the node's network stack does with a packet: hooks, tables, chains, rules. */
@NullMarked
package dev.podpath.proxy.iptables.eval;

import org.jspecify.annotations.NullMarked;
