/** One packet, and the way it reaches a node. */
@NullMarked
package dev.podpath.core.packet;

import org.jspecify.annotations.NullMarked;
