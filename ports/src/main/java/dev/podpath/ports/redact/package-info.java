/** Replaces names and addresses of a snapshot so that it can be shared and still gives the same answers. */
@NullMarked
package dev.podpath.ports.redact;

import org.jspecify.annotations.NullMarked;
