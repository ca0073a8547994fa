/** Helps the resolvers of this module to put a hop together. */
@NullMarked
package dev.podpath.aws.hop;

import org.jspecify.annotations.NullMarked;
