/** IPVS against the kernel: recorded decisions replayed, and fresh ones made by a kernel in user mode. */
@NullMarked
package dev.podpath.it.ipvslab;

import org.jspecify.annotations.NullMarked;
