/** What a walk of a packet through the rules of a node comes to, in every mode: the ways it forks into and their ends. */
@NullMarked
package dev.podpath.core.proxy.walk;

import org.jspecify.annotations.NullMarked;
