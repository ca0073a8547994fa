/** Compares what the program says of {@code nginx.conf} with what nginx does. */
@NullMarked
package dev.podpath.it.nginx;

import org.jspecify.annotations.NullMarked;
