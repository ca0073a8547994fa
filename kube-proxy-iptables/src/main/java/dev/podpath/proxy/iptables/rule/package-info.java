/** Rules as compact tables: what a node's rule dump says, independent of how it was written. */
@NullMarked
package dev.podpath.proxy.iptables.rule;

import org.jspecify.annotations.NullMarked;
