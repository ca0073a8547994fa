/** The mode nftables of kube-proxy as a plugin. */
@NullMarked
package dev.podpath.proxy.nftables;

import org.jspecify.annotations.NullMarked;
