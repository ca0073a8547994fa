/** Captured documents: where they are kept, and how to read them with every value knowing its place. */
@NullMarked
package dev.podpath.ports.snapshot;

import org.jspecify.annotations.NullMarked;
