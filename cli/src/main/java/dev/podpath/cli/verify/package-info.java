/** What a verification came to, as it is written, read again and put together. Knows the result, never how it is found. */
@NullMarked
package dev.podpath.cli.verify;

import org.jspecify.annotations.NullMarked;
