/** Rule sets of nftables as values: tables, chains, sets, statements and expressions. */
@NullMarked
package dev.podpath.proxy.nftables.rule;

import org.jspecify.annotations.NullMarked;
