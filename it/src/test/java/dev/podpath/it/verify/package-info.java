/** What verification says, over random clusters and known cases. */
@NullMarked
package dev.podpath.it.verify;

import org.jspecify.annotations.NullMarked;
