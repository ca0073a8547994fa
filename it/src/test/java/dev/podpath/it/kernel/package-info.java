/** The evaluator against the running kernel: the same rules, the same packets, the same fate. */
@NullMarked
package dev.podpath.it.kernel;

import org.jspecify.annotations.NullMarked;
