/**
 * Where a request can be on its way: the locations every resolver understands. A plugin may add its own by implementing
 * {@link dev.podpath.core.trace.Location}.
 */
@NullMarked
package dev.podpath.core.location;

import org.jspecify.annotations.NullMarked;
