@NullMarked
package dev.podpath.cli;

import org.jspecify.annotations.NullMarked;
