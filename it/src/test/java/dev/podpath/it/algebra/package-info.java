/** Sets of packets as binary decision diagrams: an algebra that knows nothing of the one that is checked with it. */
@NullMarked
package dev.podpath.it.algebra;

import org.jspecify.annotations.NullMarked;
