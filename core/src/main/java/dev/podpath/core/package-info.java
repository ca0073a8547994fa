/** Root of the domain; only the style of its generated values lives here. */
@NullMarked
package dev.podpath.core;

import org.jspecify.annotations.NullMarked;
