/** kube-proxy in iptables mode, as a plugin. */
@NullMarked
package dev.podpath.proxy.iptables;

import org.jspecify.annotations.NullMarked;
