@NullMarked
package dev.podpath.proxy.iptables;

import org.jspecify.annotations.NullMarked;
