/** Benchmarks, and the command that writes the snapshot of a large cluster. */
@NullMarked
package dev.podpath.bench;

import org.jspecify.annotations.NullMarked;
