/** Live capture: what a collector implements, and how its documents reach a snapshot directory. */
@NullMarked
package dev.podpath.ports.capture;

import org.jspecify.annotations.NullMarked;
