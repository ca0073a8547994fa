/** The program: commands, and the composition root. Resolution logic lives in the plugins, never here. */
@NullMarked
package dev.podpath.cli;

import org.jspecify.annotations.NullMarked;
