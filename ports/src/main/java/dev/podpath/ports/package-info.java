/** The driving API: open a snapshot, trace a request. Start at {@link dev.podpath.ports.Podpath}. */
@NullMarked
package dev.podpath.ports;

import org.jspecify.annotations.NullMarked;
