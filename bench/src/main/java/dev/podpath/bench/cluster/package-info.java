/** Large clusters, and the snapshots that would be captured of them. */
@NullMarked
package dev.podpath.bench.cluster;

import org.jspecify.annotations.NullMarked;
