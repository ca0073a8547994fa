/** Reads rule sets as nft prints them, as text and as JSON. */
@NullMarked
package dev.podpath.proxy.nftables.parse;

import org.jspecify.annotations.NullMarked;
