/** The IPVS mode of kube-proxy: which real server of a node's virtual servers a connection gets. */
@NullMarked
package dev.podpath.proxy.ipvs;

import org.jspecify.annotations.NullMarked;
