package dev.podpath.proxy.nftables.eval;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a list that grows at its head and is shared by the paths that forked after it.
 *
 * @param value the entry
 * @param before the entry before it; null at the beginning
 */
record Link<T>(T value, @Nullable Link<T> before) {}
