/** What a user asks. */
@NullMarked
package dev.podpath.ports.request;

import org.jspecify.annotations.NullMarked;
