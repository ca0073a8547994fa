/** Results as text for people and as JSON for programs. */
@NullMarked
package dev.podpath.cli.render;

import org.jspecify.annotations.NullMarked;
