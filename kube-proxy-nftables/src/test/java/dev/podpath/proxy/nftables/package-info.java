@org.jspecify.annotations.NullMarked
package dev.podpath.proxy.nftables;
