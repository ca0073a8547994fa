/** Follows packets through the hooks of the kernel, one at a time or all of them in classes. */
@NullMarked
package dev.podpath.proxy.nftables.eval;

import org.jspecify.annotations.NullMarked;
