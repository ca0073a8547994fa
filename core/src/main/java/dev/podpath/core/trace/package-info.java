/** The result model (hops, decisions, evidence, branches) and the engine that walks a path. */
@NullMarked
package dev.podpath.core.trace;

import org.jspecify.annotations.NullMarked;
