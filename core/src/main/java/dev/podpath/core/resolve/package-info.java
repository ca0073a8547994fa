/** The resolution ports: what a plugin implements so that the tracer can take one more step. */
@NullMarked
package dev.podpath.core.resolve;

import org.jspecify.annotations.NullMarked;
